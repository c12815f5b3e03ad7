"""What is drawn on a page is told from what is written on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from parsers.ocr.ruling import INK, Ruling, ruling, without
from tests.unit.ocr_pages import BOLD, points, seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image
    from reportlab.pdfgen.canvas import Canvas

    from parsers.model import BBox

DPI = pytest.mark.parametrize("dpi", [150, 200, 300])
NEAR = 1.2
"""Points by which a box may be off."""


def found(draw: Callable[[Canvas], None], dpi: int) -> tuple[Image, Ruling]:
    page = seen(draw, dpi)
    return page, ruling(page, dpi / 72)


def near(box: tuple[int, int, int, int], dpi: int, wanted: BBox) -> bool:
    return points(box, dpi) == pytest.approx(wanted, abs=NEAR)


def darkest(page: Image, box: BBox, dpi: int) -> int:
    x0, top, x1, bottom = (round(edge * dpi / 72) for edge in box)
    return int(np.asarray(page)[top:bottom, x0:x1].min())


def inked(page: Image, box: BBox, dpi: int) -> float:
    """The share of a box that is ink."""
    x0, top, x1, bottom = (round(edge * dpi / 72) for edge in box)
    return float((np.asarray(page)[top:bottom, x0:x1] < INK).mean())


@DPI
@pytest.mark.parametrize("thick", [0.5, 1.0, 2.0])
def test_a_line_that_lies_and_one_that_stands_are_found(dpi: int, thick: float) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(thick)
        canvas.line(30, 100, 270, 100)
        canvas.line(50, 120, 50, 180)

    _, drawn = found(draw, dpi)
    (lying,), (standing,) = drawn.lying, drawn.standing
    half = thick / 2
    assert near(lying, dpi, (30, 100 - half, 270, 100 + half))
    assert near(standing, dpi, (50 - half, 120, 50 + half, 180))
    assert (drawn.bands, drawn.ticks) == ([], [])


@DPI
def test_a_grid_has_all_its_lines(dpi: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(0.5)
        canvas.grid([20, 120, 280], [20, 50, 80, 110])

    _, drawn = found(draw, dpi)
    assert sorted(round(points(box, dpi)[1]) for box in drawn.lying) == pytest.approx(
        [20, 50, 80, 110], abs=NEAR
    )
    assert sorted(round(points(box, dpi)[0]) for box in drawn.standing) == pytest.approx(
        [20, 120, 280], abs=NEAR
    )


@DPI
def test_a_line_stays_one_where_letters_stand_on_it(dpi: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(0.75)
        canvas.line(30, 100, 270, 100)
        canvas.setFont("Helvetica", 11)
        canvas.drawString(34, 98, "Okafor-Lind, page by page")

    page, drawn = found(draw, dpi)
    (lying,) = drawn.lying
    assert near(lying, dpi, (30, 99.6, 270, 100.4))
    clean = without(page, drawn, dpi / 72)
    assert inked(clean, (34, 88, 160, 98), dpi) > 0.05
    assert darkest(clean, (200, 95, 268, 105), dpi) > INK


@DPI
def test_white_letters_in_a_dark_band_come_out_dark_on_white(dpi: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.25)
        canvas.rect(20, 20, 260, 20, stroke=0, fill=1)
        canvas.setFillGray(1)
        canvas.setFont(BOLD, 11)
        canvas.drawString(26, 34, "About the person")

    page, drawn = found(draw, dpi)
    (band,) = drawn.bands
    assert near(band, dpi, (20, 20, 280, 40))
    assert (drawn.lying, drawn.standing, drawn.ticks) == ([], [], [])
    clean = without(page, drawn, dpi / 72)
    assert inked(page, (24, 24, 120, 37), dpi) > 0.5
    assert 0.1 < inked(clean, (24, 24, 120, 37), dpi) < 0.5
    assert darkest(clean, (150, 16, 276, 44), dpi) > INK


@DPI
@pytest.mark.parametrize("side", [8, 12, 18])
def test_a_box_to_tick_is_found_empty_and_ticked(dpi: int, side: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(0.75)
        for x in (40, 140):
            canvas.rect(x, 60, side, side)
        canvas.setLineWidth(1.2)
        canvas.line(142, 62, 138 + side, 58 + side)
        canvas.line(138 + side, 62, 142, 58 + side)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(44 + side, 58 + side, "Yes")
        canvas.drawString(144 + side, 58 + side, "No")

    page, drawn = found(draw, dpi)
    ticks = sorted(drawn.ticks)
    assert len(ticks) == 2
    for box, x in zip(ticks, (40, 140), strict=True):
        assert near(box, dpi, (x, 60, x + side, 60 + side))
    clean = without(page, drawn, dpi / 72)
    assert darkest(clean, (37, 57, 42 + side, 63 + side), dpi) > INK


@DPI
@pytest.mark.parametrize("font", ["Helvetica", BOLD, "Times-Bold"])
@pytest.mark.parametrize("size", [9, 12, 26])
def test_a_round_letter_is_no_box_to_tick(dpi: int, font: str, size: int) -> None:
    round_ones = "DOQGCU" if font == BOLD and size > 9 else "DOBQGU"

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for number, letters in enumerate((round_ones, "abdeog", "0689")):
            for place, letter in enumerate(letters):
                canvas.drawString(20 + 45 * place, 50 + 50 * number, letter)

    _, drawn = found(draw, dpi)
    assert drawn.ticks == []


@DPI
@pytest.mark.parametrize("size", [9, 12, 16])
def test_a_row_of_bold_letters_is_neither_line_nor_band(dpi: int, size: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(BOLD, size)
        canvas.drawString(20, 60, "Prevent National Referral")
        canvas.drawString(20, 110, "About the person, mmmmm")
        canvas.drawString(20, 160, "Hill in Illinois; lllllll iiiiiii")

    _, drawn = found(draw, dpi)
    assert (drawn.lying, drawn.bands) == ([], [])


@DPI
@pytest.mark.parametrize("size", [11, 16, 22])
def test_a_row_of_bold_capitals_is_no_band(dpi: int, size: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(BOLD, size)
        canvas.drawString(20, 60, "REFERRAL FORM")
        canvas.drawString(20, 110, "HHHHHHHHHH")
        canvas.drawString(20, 160, "MMMMM EEEEE")

    _, drawn = found(draw, dpi)
    assert drawn.bands == []


def test_a_page_of_grain_alone_has_nothing_drawn_on_it() -> None:
    page = seen(lambda _canvas: None, 200, grain=60)
    assert ruling(page, 200 / 72) == Ruling(lying=[], standing=[], bands=[], ticks=[])


def test_a_dot_has_nothing_drawn_on_it() -> None:
    page = seen(lambda _canvas: None, 72, grain=0, size=(3, 3))
    assert ruling(page, 1.0) == Ruling(lying=[], standing=[], bands=[], ticks=[])


def test_of_a_page_without_lines_every_letter_is_left() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(BOLD, 20)
        canvas.drawString(20, 60, "Ill in Hillsham")

    page, drawn = found(draw, 200)
    clean = without(page, drawn, 200 / 72)
    whole = (20, 40, 280, 64)
    assert inked(clean, whole, 200) > 0.9 * inked(page, whole, 200)
