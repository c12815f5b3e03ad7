"""Pictures of golden documents, held against what the documents themselves say.

No picture has a JSON of its own: which letters an engine mistakes differs between its versions, and
between processors. What must not differ is asserted here.
"""

from __future__ import annotations

import io
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from rapidfuzz.distance import Levenshtein

from intake.settings_file import config_dir
from parsers.isolation import Isolation
from parsers.model import ExtractedForm, Extraction, Method, Readability, Reason
from parsers.reader import Ocr, Reader, preparation
from tests.golden.test_documents import held, told
from tests.samples import scans
from tests.samples.photos import photographed
from tests.samples.scanned_pdf import as_pdf
from tests.samples.scans import COARSE, COLOUR, FINE, USUAL, Scanner, scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SURE, SLIP = 0.9, 0.02
HEIC = Path(__file__).parent.parent / "samples" / "photo.heic"


def paper(name: str, scanner: Scanner, seed: int, **how: int) -> bytes:
    return as_pdf(scan(held(name), scanner, seed=seed), scanner.dpi, **how)


@dataclass(frozen=True, slots=True)
class Picture:
    """`of` names the golden document, `page` the only page of it that is seen (from 1)."""

    of: str
    make: Callable[[], bytes]
    right: float
    page: int | None = None


PICTURES = {
    "300 dpi": Picture("flattened", lambda: paper("flattened", FINE, 1), 0.98),
    "200 dpi": Picture("printed", lambda: paper("printed", USUAL, 2), 0.95),
    "150 dpi": Picture("revised-printed", lambda: paper("revised-printed", COARSE, 3), 0.85),
    "colour in strips": Picture(
        "welsh-printed", lambda: paper("welsh-printed", COLOUR, 4, strips=3), 0.95
    ),
    "upside down": Picture(
        "regional-gm-printed",
        lambda: paper("regional-gm-printed", replace(USUAL, turned=180), 5),
        0.95,
    ),
    "on its side": Picture(
        "regional-gm-printed",
        lambda: paper("regional-gm-printed", replace(USUAL, turned=90), 6),
        0.95,
    ),
    "labels above their boxes": Picture(
        "fpdf2-boxes", lambda: paper("fpdf2-boxes", USUAL, 3), 0.95
    ),
    "round boxes to tick": Picture(
        "browser-inputs", lambda: paper("browser-inputs", USUAL, 3), 0.9
    ),
    "radio buttons": Picture("fillable-radios", lambda: paper("fillable-radios", USUAL, 3), 0.95),
    "TIFF": Picture(
        "browser-doubtful",
        lambda: scans.as_tiff(scan(held("browser-doubtful"), USUAL, seed=7), 200),
        0.95,
    ),
    "PNG": Picture(
        "printed", lambda: scans.as_png(scan(held("printed"), USUAL, seed=8)[1]), 0.95, page=2
    ),
    "photograph": Picture(
        "printed", lambda: photographed(held("printed"), 0, seed=0, orientation=6), 0.85, page=1
    ),
    "HEIC": Picture("printed-hints", HEIC.read_bytes, 0.85, page=1),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with closing(Isolation(preparation(config_dir()))) as isolation:
        yield Reader(
            config_dir(),
            isolation,
            seconds_per_document=60,
            megabytes_per_document=1024,
            ocr=Ocr(seconds_per_page=60, megabytes=1536),
        )


def read(reader: Reader, content: bytes) -> Extraction:
    return reader.read(content, date(2026, 11, 25))


def plain(text: object) -> str:
    """What a scan can tell apart: neither the kind of quotation marks nor of blanks."""
    said = " ".join(str(text).split())
    return said.translate(str.maketrans("“”‘’", "\"\"''"))


def is_right(answer: Any, truth: dict[str, Any]) -> bool:
    if answer is None:
        return False
    ours, theirs = plain(answer.raw), plain(truth["raw"])
    slips = Levenshtein.distance(ours, theirs) / max(len(theirs), 1)
    return slips <= SLIP or (truth["value"] is not None and answer.value == truth["value"])


def doubted(form: ExtractedForm) -> set[str | None]:
    return {warning.field for warning in form.warnings} | {
        key for key, answer in form.fields.items() if answer.confidence < SURE
    }


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_what_its_document_says_or_doubts_it(name: str, reader: Reader) -> None:
    picture = PICTURES[name]
    extraction = read(reader, picture.make())
    assert (extraction.readability, extraction.reason) == (Readability.PARTIAL, Reason.SCANNED)
    (form,) = extraction.forms
    (truth,) = told(picture.of)["forms"]
    wanted = {
        key: answer
        for key, answer in truth["fields"].items()
        if picture.page in (None, answer["page"])
    }
    wrong = {key for key in wanted if not is_right(form.fields.get(key), wanted[key])}
    assert len(wanted) - len(wrong) >= picture.right * len(wanted), wrong
    assert wrong <= doubted(form)
    assert form.fields.keys() - wanted.keys() <= doubted(form)
    assert {answer.method for answer in form.fields.values()} == {Method.OCR}
    assert all(answer.confidence < 1 for answer in form.fields.values())


def test_a_value_that_was_read_stands_in_its_box(reader: Reader) -> None:
    straight = replace(USUAL, skew=0.0, slip=0.0)
    (form,) = read(reader, paper("printed", straight, 9)).forms
    (truth,) = told("printed")["forms"]
    for key in ("individual.surname", "concerns.description", "referrer.email_address"):
        ours, theirs = form.fields[key], truth["fields"][key]
        assert ours.page == theirs["page"]
        assert ours.bbox == pytest.approx(theirs["bbox"], abs=4)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("blank-printed", Reason.BLANK_FORM),
        ("mention", Reason.NOT_A_FORM),
    ],
)
def test_nothing_is_invented_on_a_picture_without_answers(
    name: str, reason: Reason, reader: Reader
) -> None:
    extraction = read(reader, paper(name, USUAL, 10))
    assert (extraction.readability, extraction.reason) == (Readability.NONE, reason)
    assert extraction.forms == []


def test_what_another_program_laid_unseen_over_a_scan_is_not_believed(reader: Reader) -> None:
    with pikepdf.open(io.BytesIO(paper("printed", USUAL, 11))) as pdf:
        for page in pdf.pages:
            page.obj.Resources.Font = pikepdf.Dictionary(
                F0=pikepdf.Dictionary(
                    Type=pikepdf.Name.Font,
                    Subtype=pikepdf.Name.Type1,
                    BaseFont=pikepdf.Name.Helvetica,
                )
            )
            lie = b"(Surname Falsehood, and letters enough for a page) Tj"
            page.contents_add(pdf.make_stream(b"BT 3 Tr /F0 9 Tf 72 700 Td " + lie + b" ET"))
        buffer = io.BytesIO()
        pdf.save(buffer)
    (form,) = read(reader, buffer.getvalue()).forms
    assert form.fields["individual.surname"].value == "Okafor-Lind"
    assert all("Falsehood" not in answer.raw for answer in form.fields.values())
