"""A sheet knows where each of its points stood on the page as it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from parsers.ocr import sheet, straight
from tests.unit.ocr_pages import seen

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from parsers.ocr.sheet import Sheet

A4 = (595.3, 841.9)
PART = (595.3, 360.0)
"""The size of the upper part of a page, which is quicker to look at."""
SPOT = (216, 200, 29, 14)
"""A black place on the page: where it begins, how wide and high it is, in points."""


def drawn(size: tuple[float, float]) -> Image.Image:
    """A page of text with a black place in it, at 100 dpi."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        for y in range(60, round(size[1]) - 40, 16):
            canvas.drawString(60, y, "What was said and done, line by line, and by whom" * 2)
        x, top, wide, high = SPOT
        canvas.setFillGray(1)
        canvas.rect(x - 10, top - 10, wide + 20, high + 20, stroke=0, fill=1)
        canvas.setFillGray(0)
        canvas.rect(x, top, wide, high, stroke=0, fill=1)

    return seen(draw, 100, grain=0, size=size)


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return drawn(A4)


@pytest.fixture(scope="module")
def part() -> Image.Image:
    return drawn(PART)


def spot(picture: Image.Image) -> tuple[float, float, float, float]:
    """Where the largest black place is, in pixels; no letter is so thick."""
    reach = max(3, picture.width // 120) | 1
    dark = np.asarray(picture) < 110
    sums = np.zeros((dark.shape[0] + 1, dark.shape[1] + 1))
    sums[1:, 1:] = dark.cumsum(axis=0).cumsum(axis=1)
    whole = sums[reach:, reach:] - sums[:-reach, reach:] - sums[reach:, :-reach]
    rows, columns = np.nonzero(whole + sums[:-reach, :-reach] >= reach * reach)
    return (
        float(columns.min()),
        float(rows.min()),
        float(columns.max() + reach),
        float(rows.max() + reach),
    )


def comes_back(made: Sheet, came: Image.Image, size: tuple[float, float], near: float) -> bool:
    """Whether the black place of the sheet is shown where it is in the picture."""
    x0, top, x1, bottom = (edge / made.scale for edge in spot(made.picture))
    shown = made.shown((x0, top, x1, bottom))
    across, down = size[0] / came.width, size[1] / came.height
    wanted = spot(came)
    return shown == pytest.approx(
        (wanted[0] * across, wanted[1] * down, wanted[2] * across, wanted[3] * down), abs=near
    )


def test_a_box_of_a_straight_page_is_shown_where_it_is(part: Image.Image) -> None:
    made = sheet.of(part, 3, PART)
    assert made.page == 3
    assert made.size == pytest.approx(PART, abs=0.5)
    assert comes_back(made, part, PART, near=1.5)


def test_a_coarse_page_is_made_finer_and_a_fine_one_is_left(part: Image.Image) -> None:
    assert sheet.of(part, 1, PART).scale == pytest.approx(300 / 72)
    usual = part.resize((part.width * 2, part.height * 2))
    made = sheet.of(usual, 1, PART)
    assert made.scale == pytest.approx(200 / 72, rel=0.01)
    assert made.picture.width == pytest.approx(usual.width, abs=2)


@pytest.mark.parametrize("angle", [-2.5, 1.3])
def test_a_box_of_a_page_that_lay_askew_is_shown_where_it_was(
    part: Image.Image, angle: float
) -> None:
    laid = part.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    made = sheet.of(laid, 1, PART)
    assert abs(straight.skew(made.picture)) < 0.1
    assert comes_back(made, laid, PART, near=3)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_box_of_a_sheet_that_was_turned_is_shown_where_it_was(
    part: Image.Image, quarters: int
) -> None:
    lain = part.rotate(90 * quarters, expand=True)
    size = PART if quarters == 2 else (PART[1], PART[0])
    made = sheet.of(lain, 1, size).turned(quarters)
    assert made.size == pytest.approx(PART, abs=0.5)
    x, top, wide, high = (edge * 300 / 72 for edge in SPOT)
    assert spot(made.picture) == pytest.approx((x, top, x + wide, top + high), abs=8)
    assert comes_back(made, lain, size, near=2)


def test_a_box_of_a_sheet_that_was_cut_out_is_shown_on_the_photograph(page: Image.Image) -> None:
    wide, high = page.size
    corners = [(110.0, 90.0), (930.0, 130.0), (900.0, 1290.0), (70.0, 1240.0)]
    matrix = straight.projection([(0, 0), (wide, 0), (wide, high), (0, high)], corners)
    cells = [float(cell) for cell in matrix.flatten()[:8]]
    photo = page.transform(
        (1000, 1400),
        Image.Transform.PERSPECTIVE,
        cells,
        Image.Resampling.BICUBIC,
        fillcolor=120,
    )
    size = (500.0, 700.0)
    made = sheet.of(photo, 1, size)
    assert made.size == pytest.approx(A4, abs=0.5)
    assert comes_back(made, photo, size, near=4)
    turned = made.turned(2)
    box = (50.0, 60.0, 90.0, 80.0)
    upside_down = (A4[0] - 90, A4[1] - 80, A4[0] - 50, A4[1] - 60)
    assert turned.shown(box) == pytest.approx(made.shown(upside_down), abs=0.5)


@pytest.mark.parametrize(
    ("pixels", "dpi", "size"),
    [
        ((1654, 2339), (200, 200), (595.4, 842.0)),
        ((1654, 2339), None, (595.3, 841.9)),
        ((1654, 2339), (0, 0), (595.3, 841.9)),
        ((1654, 2339), (72, 72), (595.3, 841.9)),
        ((2339, 1654), (1, 1), (841.9, 595.3)),
        ((3024, 4032), (72, 72), (595.3, 793.7)),
    ],
)
def test_a_picture_is_as_large_as_it_says_if_that_makes_a_page(
    pixels: tuple[int, int], dpi: tuple[int, int] | None, size: tuple[float, float]
) -> None:
    picture = Image.new("1", pixels)
    if dpi is not None:
        picture.info["dpi"] = dpi
    assert sheet.page_size(picture) == pytest.approx(size, abs=0.5)
