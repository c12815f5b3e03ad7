"""Forms that only exist as print, as word processors, phones and viewers leave them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from parsers.model import Readability
from tests.samples import form, hands, people
from tests.samples.hands import Hand
from tests.samples.page import Sheet, sheet
from tests.samples.reading import differences, doubts, read
from tests.samples.table import spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.formspec import Field

DEJAVU = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def glyphs(answers: Mapping[str, str], *, marks: str, before: bool = False) -> bytes:
    """Every question in a row of a bordered table, its boxes to tick typed as letters."""
    page = sheet("Word", answers)
    if "DejaVu" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("DejaVu", DEJAVU))
    page.y -= page.write("PREVENT REFERRAL FORM", 50, 400, size=15, font="DejaVu") + 8
    for section in spec().sections:
        page.room(90)
        page.rect(50, page.y - 20, 495, 20)
        page.write(section.heading, 54, 480, size=10, font="DejaVu", top=page.y - 3)
        page.y -= 20
        for field in section.fields:
            _row(page, field, marks, before=before)
        page.y -= 10
    return page.done()


def _row(page: Sheet, field: Field, marks: str, *, before: bool) -> None:
    high = 60.0 if field.kind == "lines" else 30.0
    page.room(high)
    answer = page.answers.get(field.key, "")
    page.rect(50, page.y - high, 220, high)
    page.rect(270, page.y - high, 275, high)
    page.write(field.label, 54, 212, size=9, font="DejaVu", top=page.y - 2)
    if field.kind == "yes_no":
        yes, no = (marks[answer in (state, "conflict")] for state in ("yes", "no"))
        said = f"Yes {yes}   No {no}" if before else f"{yes} Yes   {no} No"
        page.write(said, 276, 260, size=10, font="DejaVu", top=page.y - 4)
    else:
        y = page.y - 4
        for line in answer.split("\n"):
            y -= page.write(line, 276, 262, size=9, font="DejaVu", top=y) or 11
    page.y -= high


SHORT = people.CHILD | {"individual.addresses": "1 Example Close, Sampletown"}


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("marks", ["☐☒", "☐☑", "□✓", "❏✔", "☐✘"])
def test_boxes_that_are_letters_are_read(marks: str, *, before: bool) -> None:
    (only,) = read(glyphs(SHORT, marks=marks, before=before)).forms
    assert differences(only, SHORT, lines=False) == []
    assert doubts(only) == set()


def test_a_blank_form_with_letters_for_boxes_is_blank() -> None:
    assert read(glyphs({}, marks="☐☒")).reason == "blank-form"


def test_both_boxes_ticked_is_a_conflict() -> None:
    answers = SHORT | {"safeguarding.conditions": "conflict"}
    (only,) = read(glyphs(answers, marks="☐☒")).forms
    assert only.fields["safeguarding.conditions"].value == "conflict"


def in_one_drawing(content: bytes) -> bytes:
    """Each page as one form XObject, as programs that stamp or impose pages leave them."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            page.contents_coalesce()
            drawing = pdf.make_stream(
                page.obj.Contents.read_bytes(),
                {
                    "/Type": pikepdf.Name.XObject,
                    "/Subtype": pikepdf.Name.Form,
                    "/BBox": page.obj.MediaBox,
                    "/Resources": page.obj.Resources,
                },
            )
            page.obj.Contents = pdf.make_stream(b"q /Whole Do Q")
            page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Whole=drawing))
        buffer = io.BytesIO()
        pdf.save(buffer, static_id=True)
        return buffer.getvalue()


@pytest.mark.parametrize("make", [form.printed, form.flattened])
def test_pages_that_are_one_drawing_are_read(make: form.Make) -> None:
    (only,) = read(in_one_drawing(make(people.CHILD))).forms
    assert differences(only, people.CHILD, lines=False) == []
    assert doubts(only) == set()


def twice(content: bytes) -> bytes:
    """Everything drawn twice, a hair apart, as some printers make bold print."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            page.contents_coalesce()
            drawn = page.obj.Contents.read_bytes()
            page.obj.Contents = pdf.make_stream(
                b"q " + drawn + b" Q q 1 0 0 1 0.25 0 cm " + drawn + b" Q"
            )
        buffer = io.BytesIO()
        pdf.save(buffer, static_id=True)
        return buffer.getvalue()


def test_print_that_is_drawn_twice_is_read_once() -> None:
    (only,) = read(twice(form.printed(people.CHILD))).forms
    assert differences(only, people.CHILD, lines=False) == []


def noted(answers: Mapping[str, str]) -> bytes:
    """Notes typed over a blank printed form (FreeText), and drawn crosses."""
    drawing = hands.draw(Hand())
    places = drawing.places
    with pikepdf.open(io.BytesIO(drawing.done())) as pdf:
        for place in places:
            page = pdf.pages[place.page - 1]
            answer = answers.get(place.key, "")
            x0, y0, x1, y1 = place.box
            if place.state and answer == place.state:
                cross = f"q 1.3 w {x0 + 2} {y0 + 2} m {x1 - 2} {y1 - 2} l {x0 + 2} {y1 - 2} m "
                cross += f"{x1 - 2} {y0 + 2} l S Q"
                page.contents_add(cross.encode())
            elif answer and not place.state:
                note = pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot,
                    Subtype=pikepdf.Name.FreeText,
                    Rect=[x0 + 2, y0 + 1, x1 - 10, y1 - 1],
                    Contents=pikepdf.String(answer),
                    DA=b"/Helv 9 Tf 0 g",
                )
                if "/Annots" not in page.obj:
                    page.obj.Annots = pikepdf.Array()
                page.obj.Annots.append(pdf.make_indirect(note))
        buffer = io.BytesIO()
        pdf.save(buffer, static_id=True)
        return buffer.getvalue()


def test_notes_typed_over_a_form_are_answers() -> None:
    (only,) = read(noted(people.ADULT)).forms
    assert differences(only, people.ADULT) == []


def test_a_date_in_a_comb_is_read() -> None:
    page = sheet("Comb", {})
    page.write("PREVENT REFERRAL FORM", 50, 400, size=15)
    page.y -= 30
    for section in spec().sections:
        page.room(60)
        page.write(section.heading, 50, 480, size=11, font="Helvetica-Bold")
        page.y -= 22
        for field in section.fields:
            page.room(40)
            page.write(field.label, 50, 210, size=9)
            if field.kind == "date":
                for number, letter in enumerate("14 02 1991"):
                    if letter != " ":
                        page.canvas.rect(270 + number * 14, page.y - 16, 14, 16)
                        page.canvas.setFont("Courier", 10)
                        page.canvas.drawCentredString(277 + number * 14, page.y - 12, letter)
            else:
                page.rect(270, page.y - 16, 270, 16)
            page.y -= 30
    (only,) = read(page.done()).forms
    assert only.fields["individual.date_of_birth"].value == "1991-02-14"
    assert only.unrecognised == []


def test_more_pages_than_are_read_are_a_doubt() -> None:
    with pikepdf.open(io.BytesIO(form.fillable(people.CHILD))) as pdf:
        for _ in range(45):
            pdf.add_blank_page()
        buffer = io.BytesIO()
        pdf.save(buffer)
    extraction = read(buffer.getvalue())
    assert extraction.readability is Readability.PARTIAL
    assert "pages-not-read" in doubts(extraction.forms[0])


def test_a_page_that_is_a_picture_is_a_doubt() -> None:
    with (
        pikepdf.open(io.BytesIO(form.fillable(people.CHILD))) as pdf,
        pikepdf.open(io.BytesIO(form.scanned())) as picture,
    ):
        del pdf.pages[-1]
        pdf.pages.append(picture.pages[1])
        buffer = io.BytesIO()
        pdf.save(buffer)
    extraction = read(buffer.getvalue())
    assert extraction.readability is Readability.PARTIAL
    assert "page-is-a-picture" in doubts(extraction.forms[0])
