from __future__ import annotations

import io
from typing import Any

import pypdfium2 as pdfium
import pytest
from reportlab.lib.colors import Color, black, blue, lightgrey, white
from reportlab.pdfgen.canvas import Canvas

from parsers.pdf.ink import Inks, Mark
from tests.samples.form import made_flat

BOX = (50.0, 30.0, 64.0, 44.0)
STYLES = ("check", "cross", "circle", "star", "diamond")


def marked(content: bytes) -> Mark:
    document = pdfium.PdfDocument(content)
    try:
        (only,) = Inks(document).marks(1, [BOX])
        return only
    finally:
        document.close()


def canvas(buffer: io.BytesIO) -> Canvas:
    return Canvas(buffer, pagesize=(200, 100), invariant=1)


def button(style: str, *, radio: bool, on: bool, fill: Color | None) -> bytes:
    buffer = io.BytesIO()
    page = canvas(buffer)
    form: Any = page.acroForm  # the stubs know only whole points
    given = {"x": BOX[0], "y": 100 - BOX[3], "size": 14, "buttonStyle": style, "fillColor": fill}
    if radio:
        form.radio(name="a", value="yes", selected=on, **given)
        form.radio(name="a", value="no", selected=False, x=120, y=20, size=14)
    else:
        form.checkbox(name="a", checked=on, **given)
    page.showPage()
    page.save()
    return made_flat(buffer.getvalue())


@pytest.mark.parametrize("fill", [None, white, lightgrey], ids=["default", "white", "grey"])
@pytest.mark.parametrize("radio", [False, True], ids=["box", "radio"])
@pytest.mark.parametrize("style", STYLES)
def test_a_mark_is_seen_and_its_frame_is_none(
    style: str, *, radio: bool, fill: Color | None
) -> None:
    assert marked(button(style, radio=radio, on=True, fill=fill)) == Mark(on=True, sure=True)
    assert marked(button(style, radio=radio, on=False, fill=fill)) == Mark(on=False, sure=True)


def drawn(
    *strokes: tuple[float, float, float, float], frame: bool = True, width: float = 1
) -> Mark:
    buffer = io.BytesIO()
    page = canvas(buffer)
    page.setStrokeColor(black)
    if frame:
        page.rect(BOX[0], 100 - BOX[3], 14, 14)
    page.setStrokeColor(blue)
    page.setLineWidth(width)
    for x0, y0, x1, y1 in strokes:
        page.line(BOX[0] + x0, 100 - BOX[3] + y0, BOX[0] + x1, 100 - BOX[3] + y1)
    page.save()
    return marked(buffer.getvalue())


def test_strokes_of_a_pen_are_marks() -> None:
    tick = ((2.0, 7.0, 5.0, 3.0), (5.0, 3.0, 12.0, 12.0))
    cross = ((3.0, 3.0, 11.0, 11.0), (3.0, 11.0, 11.0, 3.0))
    for strokes in (tick, cross):
        for frame in (True, False):
            assert drawn(*strokes, frame=frame) == Mark(on=True, sure=True)


def test_an_empty_box_has_no_mark() -> None:
    assert drawn() == Mark(on=False, sure=True)
    assert drawn(frame=False) == Mark(on=False, sure=True)


def test_a_stroke_at_one_side_is_doubtful() -> None:
    assert not drawn((3.5, 2.0, 3.5, 12.0), width=1.5).sure


def test_a_box_beyond_the_page_is_doubtful() -> None:
    buffer = io.BytesIO()
    page = Canvas(buffer, pagesize=(10, 10))
    page.showPage()
    page.save()
    assert not marked(buffer.getvalue()).on
