"""How a page lies is measured on its pixels alone."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from parsers.ocr import straight
from tests.samples import form, people
from tests.samples.scans import noisy, pages

DESK = 60
CORNERS = [(77.0, 63.0), (651.0, 91.0), (630.0, 903.0), (49.0, 868.0)]
"""Where the sheet lies in a picture of 700 by 980."""


@pytest.fixture(scope="module")
def page() -> Image.Image:
    """The first page of a form, at 100 dpi."""
    return pages(form.printed(people.CHILD), 100)[0].convert("L")


def on_a_desk(page: Image.Image) -> Image.Image:
    """A sheet whose corners are CORNERS."""
    wide, high = page.size
    matrix = straight.projection([(0, 0), (wide, 0), (wide, high), (0, high)], CORNERS)
    cells = [float(cell) for cell in matrix.flatten()[:8]]
    return page.transform(
        (700, 980),
        Image.Transform.PERSPECTIVE,
        cells,
        Image.Resampling.BICUBIC,
        fillcolor=DESK,
    )


@pytest.mark.parametrize("angle", [-3.0, -1.4, 0.0, 0.3, 3.0])
def test_skew_is_measured_to_a_tenth_of_a_degree(page: Image.Image, angle: float) -> None:
    laid = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    grainy = noisy(laid, 24, random.Random(1))
    assert straight.skew(grainy) == pytest.approx(angle, abs=0.1)


def test_an_empty_page_has_no_skew() -> None:
    assert straight.skew(Image.new("L", (800, 1100), 255)) == pytest.approx(0.0)


def test_what_was_turned_is_turned_back(page: Image.Image) -> None:
    laid = page.rotate(2.0, Image.Resampling.BICUBIC, fillcolor=255)
    level = straight.drawn(laid, straight.turned(2.0, *laid.size), laid.size)
    inner = (60, 60, page.width - 60, page.height - 60)
    before = np.asarray(ImageChops.difference(page, laid).crop(inner)).mean()
    after = np.asarray(ImageChops.difference(page, level).crop(inner)).mean()
    assert after < before / 3


def test_in_an_even_light_paper_is_white_and_print_still_dark() -> None:
    light = Image.linear_gradient("L").resize((800, 1000)).point(lambda level: 90 + level // 2)
    shadowed = light.copy()
    ImageDraw.Draw(shadowed).rectangle((100, 100, 104, 900), fill=20)
    ImageDraw.Draw(shadowed).rectangle((600, 100, 604, 900), fill=20)
    even = np.asarray(straight.flat(shadowed))
    assert even[:, 300:500].min() > 235
    assert even[120:880, 101:104].max() < 90
    assert even[120:880, 601:604].max() < 90


def test_an_even_light_is_had_for_a_dot_and_for_the_night() -> None:
    assert straight.flat(Image.new("L", (1, 1), 7)).size == (1, 1)
    assert straight.flat(Image.new("L", (200, 100), 0)).getextrema() == (0, 0)


def test_the_corners_of_a_sheet_on_a_desk_are_found(page: Image.Image) -> None:
    photo = noisy(on_a_desk(page), 14, random.Random(1))
    found = straight.sheet(photo)
    assert found is not None
    for corner, wanted in zip(found, CORNERS, strict=True):
        assert corner == pytest.approx(wanted, abs=8)


def test_a_shadow_over_one_corner_does_not_move_it(page: Image.Image) -> None:
    shadow = Image.new("L", (700, 980), 255)
    ImageDraw.Draw(shadow).ellipse((490, 735, 910, 1190), fill=150)
    dark = shadow.filter(ImageFilter.GaussianBlur(20))
    photo = noisy(ImageChops.multiply(on_a_desk(page), dark), 14, random.Random(1))
    found = straight.sheet(photo)
    assert found is not None
    for corner, wanted in zip(found, CORNERS, strict=True):
        assert corner == pytest.approx(wanted, abs=12)


def test_a_thumb_over_an_edge_does_not_bend_it(page: Image.Image) -> None:
    photo = on_a_desk(page)
    ImageDraw.Draw(photo).ellipse((14, 420, 126, 560), fill=90)
    found = straight.sheet(photo)
    assert found is not None
    for corner, wanted in zip(found, CORNERS, strict=True):
        assert corner == pytest.approx(wanted, abs=8)


def test_a_scan_is_no_sheet_on_a_desk(page: Image.Image) -> None:
    assert straight.sheet(page) is None
    assert straight.sheet(noisy(page, 24, random.Random(1))) is None


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_picture_of_nothing_has_no_sheet_on_it(level: int) -> None:
    assert straight.sheet(Image.new("L", (600, 800), level)) is None


def test_a_note_in_the_middle_of_a_desk_is_no_sheet() -> None:
    photo = Image.new("L", (700, 980), DESK)
    ImageDraw.Draw(photo).rectangle((280, 420, 420, 560), fill=250)
    assert straight.sheet(photo) is None


def test_a_projection_takes_each_corner_to_its_place() -> None:
    here = [(0.0, 0.0), (595.0, 0.0), (595.0, 842.0), (0.0, 842.0)]
    matrix = straight.projection(CORNERS, here)
    for at, wanted in zip(here, CORNERS, strict=True):
        assert straight.moved(matrix, *at) == pytest.approx(wanted)
