"""When the reader asks for a second reading, and what it makes of one that fails."""

from __future__ import annotations

import io
import shutil
from contextlib import closing
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from PIL import Image

from intake.settings_file import config_dir
from parsers.isolation import Ending, Isolation, Limits, Outcome
from parsers.model import A_PICTURE, Method, Readability, Reason
from parsers.ocr import engine
from parsers.reader import Ocr, Reader, preparation
from tests.samples import form, people
from tests.samples.reading import doubts, read
from tests.samples.scanned_pdf import as_pdf
from tests.samples.scans import as_png, pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from parsers.model import Extraction

PLAIN, PICTURES = "parsers.extract:extract_json", "parsers.extract:extract_pictures_json"
OCR = Ocr(seconds_per_page=20, megabytes=1536)
WHITE = Image.new("L", (420, 420), 255)
DPI = 120  # it is as small as a page can be


class Watched(Isolation):
    """Real children, of which it is known what they were asked. One function may end otherwise."""

    def __init__(self) -> None:
        super().__init__(preparation(config_dir()))
        self.asked: list[tuple[str, Limits]] = []
        self.ends: dict[str, Ending] = {}

    def run(
        self, function: str, content: bytes, arguments: dict[str, Any], limits: Limits
    ) -> Outcome:
        self.asked.append((function, limits))
        if function in self.ends:
            return Outcome(ending=self.ends[function])
        return super().run(function, content, arguments, limits)

    @property
    def functions(self) -> list[str]:
        return [function for function, _ in self.asked]


@pytest.fixture(scope="module")
def children() -> Iterator[Watched]:
    with closing(Watched()) as made:
        yield made


@pytest.fixture
def isolation(children: Watched) -> Watched:
    children.asked.clear()
    children.ends.clear()
    return children


def said(isolation: Isolation, content: bytes, ocr: Ocr | None = OCR) -> Extraction:
    reader = Reader(
        config_dir(), isolation, seconds_per_document=20, megabytes_per_document=1024, ocr=ocr
    )
    return reader.read(content, date(2026, 11, 25))


@cache
def with_a_picture() -> bytes:
    """A form whose last page is a picture of a page."""
    with (
        pikepdf.open(io.BytesIO(form.fillable(people.ADULT))) as pdf,
        pikepdf.open(io.BytesIO(as_pdf([WHITE], DPI))) as scanned,
    ):
        pdf.pages.insert(2, scanned.pages[0])
        buffer = io.BytesIO()
        pdf.save(buffer)
        return buffer.getvalue()


def with_unseen_letters(*, nested: bool) -> bytes:
    """Pictures of a form's pages, and unseen the letters that another program read from them.
    `nested`: each picture is part of a drawing, as programs that lay pages over each other write.
    """
    printed = form.printed(people.ADULT)
    with (
        pikepdf.open(io.BytesIO(printed)) as pdf,
        pikepdf.open(io.BytesIO(as_pdf(pages(printed, 100), 100))) as scanned,
    ):
        for page, picture in zip(pdf.pages, scanned.pages, strict=True):
            page.contents_add(pdf.make_stream(b"3 Tr\n"), prepend=True)
            if nested:
                page.add_overlay(picture, None)
                continue
            page.obj.Resources.XObject = pikepdf.Dictionary(
                Im0=pdf.copy_foreign(picture.obj.Resources.XObject.Im0)
            )
            page.contents_add(pdf.make_stream(picture.obj.Contents.read_bytes()))
        buffer = io.BytesIO()
        pdf.save(buffer)
        return buffer.getvalue()


def test_a_picture_is_not_read_where_that_is_not_wanted(isolation: Watched) -> None:
    for content in (as_png(WHITE, dpi=DPI), b"\xff\xd8\xff\xe0 no picture at all"):
        extraction = said(isolation, content, None)
        assert (extraction.readability, extraction.reason) == (Readability.NONE, Reason.SCANNED)
    assert isolation.asked == []


def test_a_picture_is_not_read_where_the_program_is_missing(
    isolation: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    engine.languages.cache_clear()
    try:
        assert said(isolation, as_png(WHITE, dpi=DPI)).reason is Reason.SCANNED
        assert said(isolation, with_a_picture()).reason is Reason.SCANNED
    finally:
        engine.languages.cache_clear()
    assert isolation.functions == [PLAIN]


@pytest.mark.parametrize("make", [form.fillable, form.printed])
def test_a_document_without_pictures_is_read_once(isolation: Watched, make: Any) -> None:
    extraction = said(isolation, make(people.ADULT))
    assert extraction.readability is Readability.FULL
    assert isolation.functions == [PLAIN]


@pytest.mark.parametrize("content", [b"%PDF-1.7", form.password_protected(people.ADULT)])
def test_a_document_that_can_not_be_read_is_not_read_twice(
    isolation: Watched, content: bytes
) -> None:
    assert said(isolation, content).readability is Readability.NONE
    assert isolation.functions == [PLAIN]


def test_a_picture_file_is_read_once_with_the_time_of_its_pages(isolation: Watched) -> None:
    extraction = said(isolation, as_png(WHITE, dpi=DPI))
    assert (extraction.media_type, extraction.readability) == ("image/png", Readability.NONE)
    assert isolation.asked == [(PICTURES, Limits(wall_seconds=20 + 40 * 20, megabytes=1536))]


def test_a_form_with_a_page_that_is_a_picture_is_read_again(isolation: Watched) -> None:
    first = said(isolation, with_a_picture(), None)
    assert doubts(first.forms[0]) == {A_PICTURE}
    assert isolation.functions == [PLAIN]
    second = said(isolation, with_a_picture())
    assert isolation.functions == [PLAIN, PLAIN, PICTURES]
    assert A_PICTURE not in doubts(second.forms[0])
    assert second.forms[0].fields == first.forms[0].fields


@pytest.mark.parametrize("ending", [Ending.TIMEOUT, Ending.MEMORY, Ending.CRASHED, Ending.RAISED])
def test_a_second_reading_that_fails_takes_nothing_from_the_first(
    isolation: Watched, ending: Ending
) -> None:
    first = said(isolation, with_a_picture(), None)
    isolation.ends[PICTURES] = ending
    assert said(isolation, with_a_picture()) == first
    assert isolation.functions == [PLAIN, PLAIN, PICTURES]


def test_a_second_reading_without_the_memory_for_it_takes_nothing_from_the_first(
    isolation: Watched,
) -> None:
    first = said(isolation, with_a_picture(), None)
    assert said(isolation, with_a_picture(), Ocr(seconds_per_page=20, megabytes=64)) == first
    assert isolation.functions == [PLAIN, PLAIN, PICTURES]


def test_a_page_that_takes_too_long_stays_a_picture(isolation: Watched) -> None:
    scanned = as_pdf(pages(form.printed(people.ADULT), 100)[:1], 100)
    extraction = said(isolation, scanned, Ocr(seconds_per_page=0, megabytes=1536))
    assert (extraction.readability, extraction.reason) == (Readability.NONE, Reason.SCANNED)
    assert isolation.functions == [PLAIN, PICTURES]


@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        (Ending.TIMEOUT, Reason.TIMEOUT),
        (Ending.MEMORY, Reason.TOO_LARGE),
        (Ending.CRASHED, Reason.DAMAGED),
    ],
)
def test_of_a_picture_file_that_fails_the_reason_is_told(
    isolation: Watched, ending: Ending, reason: Reason
) -> None:
    isolation.ends[PICTURES] = ending
    assert said(isolation, as_png(WHITE, dpi=DPI)).reason is reason


@pytest.mark.parametrize("nested", [False, True])
def test_unseen_letters_of_a_picture_are_doubted_where_no_program_can_read_it(
    *, nested: bool
) -> None:
    extraction = read(with_unseen_letters(nested=nested))
    assert (extraction.readability, extraction.reason) == (Readability.PARTIAL, Reason.SCANNED)
    (found,) = extraction.forms
    assert found.fields["individual.surname"].raw == "Okafor-Lind"
    typed = [answer for answer in found.fields.values() if answer.method is Method.OCR]
    assert len(typed) > 10
    assert {answer.confidence for answer in typed} == {0.5}
    assert {A_PICTURE, "letters-uncertain"} <= doubts(found)


def test_letters_over_a_picture_that_everybody_sees_are_the_documents_own() -> None:
    printed = form.printed(people.ADULT)
    with (
        pikepdf.open(io.BytesIO(printed)) as pdf,
        pikepdf.open(io.BytesIO(as_pdf([WHITE.resize((600, 800))], 72))) as scanned,
    ):
        for page in pdf.pages:
            page.add_underlay(scanned.pages[0], None)
        buffer = io.BytesIO()
        pdf.save(buffer)
    extraction = read(buffer.getvalue())
    assert extraction.readability is Readability.FULL
    assert extraction.forms[0].fields == read(printed).forms[0].fields


def test_the_program_for_letters_is_installed_here() -> None:
    """Else this file would say nothing."""
    assert shutil.which(engine.PROGRAM)
    assert engine.ENGLISH in engine.languages()
