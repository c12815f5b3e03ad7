"""Why a form was not read in full: what lost most of it."""

from __future__ import annotations

import io

import pikepdf
import pytest

from parsers.model import (
    ExtractedForm,
    FieldValue,
    Method,
    Readability,
    Reason,
    Warning_,
)
from parsers.reasons import why
from tests.golden.samples import joined, letter
from tests.samples import form, people
from tests.samples.reading import doubts, read


def told(*codes: str, method: Method = Method.LAYOUT, full: bool = False) -> ExtractedForm:
    value = FieldValue(value="a", raw="a", method=method, page=1, bbox=None, confidence=0.9)
    return ExtractedForm(
        version="2018",
        pages=(1, 1),
        fields={"individual.surname": value},
        readability=Readability.FULL if full else Readability.PARTIAL,
        warnings=[Warning_(code=code, field=None, detail="") for code in codes],
    )


@pytest.mark.parametrize(
    ("forms", "reason"),
    [
        ([], None),
        ([told(full=True)], None),
        ([told("date-ambiguous", full=True)], None),
        ([told("tick-uncertain")], Reason.LOW_CONFIDENCE),
        ([told("file-cut-off", "pages-not-read")], Reason.DAMAGED),
        ([told("pages-not-read", "page-is-a-picture")], Reason.TOO_LARGE),
        ([told("page-is-a-picture", "tick-uncertain")], Reason.SCANNED),
        ([told("tick-uncertain", method=Method.OCR)], Reason.SCANNED),
        ([told("tick-uncertain"), told("fields-unreadable")], Reason.DAMAGED),
        ([told(method=Method.OCR, full=True), told("tick-uncertain")], Reason.LOW_CONFIDENCE),
    ],
)
def test_the_reason_is_what_lost_most(forms: list[ExtractedForm], reason: Reason | None) -> None:
    assert why(forms) is reason


def test_a_file_that_was_cut_off_is_damaged() -> None:
    whole = form.fillable(people.CHILD)
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        buffer = io.BytesIO()
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    cut = buffer.getvalue().removesuffix(b"%%EOF\n")
    extraction = read(cut)
    assert extraction.readability is Readability.PARTIAL
    assert extraction.reason is Reason.DAMAGED


def test_pages_beyond_those_that_are_read_are_too_many() -> None:
    extraction = read(joined(form.fillable(people.CHILD), *[letter("More")] * 40))
    assert "pages-not-read" in doubts(extraction.forms[0])
    assert extraction.reason is Reason.TOO_LARGE


def test_a_picture_of_a_page_among_others_is_scanned() -> None:
    extraction = read(joined(form.fillable(people.CHILD), form.scanned(scale=0.3)))
    assert extraction.readability is Readability.PARTIAL
    assert extraction.reason is Reason.SCANNED
