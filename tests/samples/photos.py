"""Sheets of paper photographed by a phone: askew, unevenly lit, on a dark desk."""

from __future__ import annotations

import random
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.samples.scans import as_jpeg, blurred, noisy, pages

Point = tuple[float, float]
_DESK = (52, 44, 38)


def photo(
    pdf: bytes, page: int = 0, *, seed: int = 0, width: int = 2100, tilt: float = 0.045
) -> Image.Image:
    """One page (from 0), upright, in a picture `width` dots wide and four thirds as high. `tilt`:
    how far, in shares of the sheet's width, the camera's view puts a corner out of place.
    """
    dice = random.Random(seed)
    height = width * 4 // 3
    sheet = pages(pdf, width * 72 // 595)[page]
    seen = sheet.transform(
        (width, height),
        Image.Transform.PERSPECTIVE,
        _view(sheet.size, (width, height), tilt, dice),
        Image.Resampling.BICUBIC,
        fillcolor=_DESK,
    )
    lit = ImageChops.multiply(seen, _light((width, height), dice))
    return noisy(blurred(lit, dice.uniform(0.5, 0.9)), 14, dice)


def photographed(pdf: bytes, page: int = 0, *, seed: int = 0, orientation: int = 1) -> bytes:
    """The JPEG file that a phone makes; see `as_jpeg` for what `orientation` does."""
    return as_jpeg(photo(pdf, page, seed=seed), quality=70, orientation=orientation)


def as_heic(image: Image.Image, *, quality: int = 30) -> bytes:
    """As an iPhone stores it, by libheif's `heif-enc`. Another version may write other bytes, so
    `photo.heic` here was made only once: `as_heic(photo(form.printed(people.CHILD), seed=7,
    width=1500), quality=35)`.
    """
    with tempfile.TemporaryDirectory() as folder:
        picture, made = Path(folder) / "picture.png", Path(folder) / "picture.heic"
        image.save(picture, "PNG")
        subprocess.run(
            ["heif-enc", "-q", str(quality), "-o", str(made), str(picture)],
            check=True,
            capture_output=True,
        )
        return made.read_bytes()


def _view(
    sheet: tuple[int, int], size: tuple[int, int], tilt: float, dice: random.Random
) -> tuple[float, ...]:
    """Which dot of the sheet each dot of the picture shows (the way PIL asks for it). The picture's
    corners look beside the sheet, each at another distance.
    """
    wide, high = sheet
    margin = 0.05 * wide
    out = [(margin + dice.uniform(0, tilt) * wide, margin + dice.uniform(0, tilt) * high)
           for _ in range(4)]  # fmt: skip
    corners: list[Point] = [
        (-out[0][0], -out[0][1]),
        (wide + out[1][0], -out[1][1]),
        (wide + out[2][0], high + out[2][1]),
        (-out[3][0], high + out[3][1]),
    ]
    return _square_to(corners, size)


def _square_to(corners: list[Point], size: tuple[int, int]) -> tuple[float, ...]:
    """The eight numbers of the projection of a picture of this size onto four corners, from the top
    left clockwise (Heckbert, Fundamentals of Texture Mapping, 1989, §2.2.3).
    """
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    dx1, dx2, sx = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
    dy1, dy2, sy = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
    whole = dx1 * dy2 - dx2 * dy1
    g, h = (sx * dy2 - dx2 * sy) / whole, (dx1 * sy - sx * dy1) / whole
    width, height = size
    return (
        (x1 - x0 + g * x1) / width,
        (x3 - x0 + h * x3) / height,
        x0,
        (y1 - y0 + g * y1) / width,
        (y3 - y0 + h * y3) / height,
        y0,
        g / width,
        h / height,
    )


def _light(size: tuple[int, int], dice: random.Random) -> Image.Image:
    """How bright each dot is lit: less and less from a lamp on one side, and less in the soft
    shadow of a hand that comes in from an edge.
    """
    fall = Image.linear_gradient("L").rotate(dice.choice([0, 90, 180, 270]))
    fall = fall.point(lambda level: 255 - level * 90 // 255).resize(size)
    shadow = Image.new("L", (64, 64), 255)
    at, wide = dice.uniform(8, 56), dice.uniform(8, 16)
    ImageDraw.Draw(shadow).ellipse(
        (at - wide, 64 - 2 * wide, at + wide, 64 + 2 * wide), fill=dice.randrange(130, 180)
    )
    soft = shadow.filter(ImageFilter.GaussianBlur(2.5)).resize(size, Image.Resampling.BICUBIC)
    both = ImageChops.multiply(fall, soft)
    return Image.merge("RGB", (both, both, both.point(lambda level: level * 245 // 255)))
