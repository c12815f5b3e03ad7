"""What a flat page lacks because the file is damaged is a doubt."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from parsers.model import Readability
from tests.samples import form, hostile, people
from tests.samples.reading import differences, doubts, read

if TYPE_CHECKING:
    from collections.abc import Callable

FLAT = form.flattened(people.CHILD)


def changed(content: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(buffer, static_id=True)
    return buffer.getvalue()


def drawings(pdf: pikepdf.Pdf) -> list[pikepdf.Stream]:
    return [each for each in pdf.objects if isinstance(each, pikepdf.Stream)
            and each.get("/Subtype") == Name.Form and "/Resources" in each]  # fmt: skip


def without_fonts(pdf: pikepdf.Pdf) -> None:
    for drawing in drawings(pdf):
        if "/Font" in drawing.Resources:
            drawing.Resources.Font = Dictionary()


def without_widths(pdf: pikepdf.Pdf) -> None:
    for drawing in drawings(pdf):
        for font in drawing.Resources.get("/Font", {}).values():
            font.BaseFont = Name.Unheard
            font.FirstChar, font.LastChar = 32, 255
            font.Widths = Array([0] * 224)


@pytest.mark.parametrize("change", [without_fonts, without_widths])
def test_letters_whose_width_nobody_knows_are_all_there(
    change: Callable[[pikepdf.Pdf], None],
) -> None:
    extraction = read(changed(FLAT, change))
    (only,) = extraction.forms
    assert differences(only, people.CHILD, lines=False) == []
    assert extraction.readability is Readability.PARTIAL
    assert "letters-unplaced" in doubts(only)


def a_drawing_gone(pdf: pikepdf.Pdf) -> None:
    held = pdf.pages[0].obj.Resources.XObject
    outer = held if len(held) > 1 else next(iter(held.values())).Resources.XObject
    del outer[min(outer.keys())]


def a_font_gone(pdf: pikepdf.Pdf) -> None:
    next(each for each in drawings(pdf) if "/Font" in each.Resources).Resources.Font = Dictionary()


def a_content_cut_off(pdf: pikepdf.Pdf) -> None:
    contents = pdf.pages[0].obj.Contents
    stream = contents[0] if isinstance(contents, Array) else contents
    packed = zlib.compress(stream.read_bytes())
    stream.write(packed[: len(packed) - 30], filter=Name.FlateDecode)


def a_content_overwritten(pdf: pikepdf.Pdf) -> None:
    drawing = next(each for each in drawings(pdf) if "/Font" in each.Resources)
    drawing.write(drawing.read_bytes().replace(b"Tj", b"Zj"))


def a_content_torn(pdf: pikepdf.Pdf) -> None:
    contents = pdf.pages[0].obj.Contents
    contents[-1].write(contents[-1].read_bytes().rpartition(b"Do")[0])


@pytest.mark.parametrize(
    "change",
    [a_content_torn, a_drawing_gone, a_font_gone, a_content_cut_off, a_content_overwritten],
)
def test_a_page_that_lacks_something_is_a_doubt(change: Callable[[pikepdf.Pdf], None]) -> None:
    extraction = read(changed(FLAT, change))
    assert extraction.readability is not Readability.FULL
    if extraction.forms:
        assert "page-incomplete" in doubts(extraction.forms[0])


@pytest.mark.parametrize("make", [form.fillable, form.printed])
def test_a_form_that_lacks_its_last_page_is_a_doubt(make: form.Make) -> None:
    def cut(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[-1]

    extraction = read(changed(make(people.CHILD), cut))
    assert extraction.readability is Readability.PARTIAL
    assert "label-not-found" in doubts(extraction.forms[0])


def test_a_label_without_a_place_for_its_answer_is_a_doubt() -> None:
    def shrunk(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.MediaBox = pdf.pages[0].obj.CropBox = Array([9000, 9000, 9009, 9009])

    extraction = read(changed(FLAT, shrunk))
    assert extraction.readability is Readability.PARTIAL
    assert "place-not-found" in doubts(extraction.forms[0])


def test_a_page_may_be_told_by_any_two_corners() -> None:
    def swapped(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            x0, y0, x1, y1 = page.obj.MediaBox
            page.obj.MediaBox = page.obj.CropBox = Array([x1, y0, x0, y1])

    extraction = read(changed(FLAT, swapped))
    assert extraction.readability is Readability.FULL
    assert differences(extraction.forms[0], people.CHILD, lines=False) == []


@pytest.mark.parametrize(
    ("label", "key", "taken_by"),
    [
        (
            b"Professional Role & Organisation",
            "first_identified_by.role_and_organisation",
            "surname",
        ),
        (b"Current School / College / University", "education.current", "employment.previous"),
    ],
)
def test_a_box_whose_label_is_lost_is_no_certain_part_of_its_neighbour(
    label: bytes, key: str, taken_by: str
) -> None:
    content = hostile.unpacked(form.fillable(people.CHILD, names="generic"))
    assert label in content
    extraction = read(content.replace(label, b" " * len(label)))
    (only,) = extraction.forms
    assert people.CHILD[key] in "".join(
        answer.raw for other, answer in only.fields.items() if other.endswith(taken_by)
    )
    assert extraction.readability is Readability.PARTIAL
    assert "box-without-label" in doubts(only)


def test_a_sound_page_lacks_nothing() -> None:
    extraction = read(FLAT)
    assert (extraction.readability, doubts(extraction.forms[0])) == (Readability.FULL, set())
