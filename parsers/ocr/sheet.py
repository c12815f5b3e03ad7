"""One page as a picture, straight and evenly lit, and the way back to the page as it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from parsers.ocr import straight
from parsers.pdf.lines import bounds

if TYPE_CHECKING:
    from parsers.model import BBox
    from parsers.ocr.straight import Matrix

DPI = 300
"""What is read is brought to so many pixels an inch when it is coarser than the engine likes."""
_COARSE, _FINE = 170.0, 300.0
_A4 = (595.3, 841.9)
_LEAST, _LONGEST = 250.0, 2000.0
"""Points: sizes of a page that can be true."""
_LEVEL = 0.04
"""Degrees that need no turning back."""
_SMALL = 700


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """`scale` is pixels per point; `back` takes a pixel of the picture to a point of the page as a
    viewer shows it, from the top left.
    """

    page: int
    picture: Image.Image
    scale: float
    back: Matrix

    @property
    def size(self) -> tuple[float, float]:
        """Wide and high, in points."""
        return self.picture.width / self.scale, self.picture.height / self.scale

    def shown(self, box: BBox) -> BBox:
        """A box in points of this sheet, on the page as a viewer shows it."""
        x0, top, x1, bottom = (edge * self.scale for edge in box)
        at = [straight.moved(self.back, x, y) for x in (x0, x1) for y in (top, bottom)]
        return bounds((x, y, x, y) for x, y in at)

    def turned(self, quarters: int) -> Sheet:
        """The same turned clockwise by so many quarters of a circle."""
        ways = {
            1: (Image.Transpose.ROTATE_270, [[0, 1, 0], [-1, 0, self.picture.height], [0, 0, 1]]),
            2: (
                Image.Transpose.ROTATE_180,
                [[-1, 0, self.picture.width], [0, -1, self.picture.height], [0, 0, 1]],
            ),
            3: (Image.Transpose.ROTATE_90, [[0, -1, self.picture.width], [1, 0, 0], [0, 0, 1]]),
        }
        way, matrix = ways[quarters]
        return Sheet(
            page=self.page,
            picture=self.picture.transpose(way),
            scale=self.scale,
            back=self.back @ np.array(matrix, dtype=np.float64),
        )


def of(picture: Image.Image, page: int, size: tuple[float, float]) -> Sheet:
    """A picture in grey of a page as a sheet; `size` is that of the page in points, as a viewer
    shows it. A sheet that lies on something darker is cut out, and is as large as A4.
    """
    wide, high = size
    factor = np.diag([wide / picture.width, high / picture.height, 1.0])
    if (corners := straight.sheet(picture)) is not None:
        matrix, across, down = _upright(corners)
        scale = _scale(across / _paper(across, down)[0])
        paper = _paper(across, down)
        target = (round(paper[0] * scale), round(paper[1] * scale))
        stretch = np.diag([across / target[0], down / target[1], 1.0])
        matrix = matrix @ stretch
    else:
        scale = _scale(picture.width / wide)
        target = (round(wide * scale), round(high * scale))
        matrix = np.diag([picture.width / target[0], picture.height / target[1], 1.0])
    angle = straight.skew(straight.flat(_small(picture, matrix, target)))
    if abs(angle) > _LEVEL:
        matrix = matrix @ straight.turned(angle, *target)
    drawn = straight.drawn(picture, matrix, target)
    return Sheet(page=page, picture=straight.flat(drawn), scale=scale, back=factor @ matrix)


def _small(picture: Image.Image, matrix: Matrix, target: tuple[int, int]) -> Image.Image:
    """What will be drawn, but smaller: enough to measure an angle."""
    less = max(1, min(target) // _SMALL)
    reduced = picture.reduce(less)
    down, up = np.diag([1 / less, 1 / less, 1.0]), np.diag([less, less, 1.0])
    size = (max(1, target[0] // less), max(1, target[1] // less))
    return straight.drawn(reduced, down @ matrix @ up, size)


def _scale(pixels_per_point: float) -> float:
    dpi = pixels_per_point * 72
    return (DPI if dpi < _COARSE else min(dpi, _FINE)) / 72


def _paper(across: float, down: float) -> tuple[float, float]:
    return _A4 if across <= down else (_A4[1], _A4[0])


def _upright(corners: list[straight.Point]) -> tuple[Matrix, float, float]:
    """(the matrix from a rectangle to the corners, the rectangle's width and height)."""
    sides = [
        float(np.hypot(b[0] - a[0], b[1] - a[1]))
        for a, b in zip(corners, (*corners[1:], corners[0]), strict=True)
    ]
    across, down = max(sides[0], sides[2]), max(sides[1], sides[3])
    return (
        straight.projection(corners, [(0, 0), (across, 0), (across, down), (0, down)]),
        across,
        down,
    )


def page_size(picture: Image.Image) -> tuple[float, float]:
    """The size in points in which a picture file is a page: by its own resolution when that makes
    a page, else as wide as A4.
    """
    dpi = picture.info.get("dpi") or (0, 0)
    across, down = (float(each) for each in dpi[:2])
    if across > 1 and down > 1:
        size = (picture.width * 72 / across, picture.height * 72 / down)
        if min(size) >= _LEAST and max(size) <= _LONGEST:
            return size
    wide = _A4[0] if picture.width <= picture.height else _A4[1]
    return (wide, wide * picture.height / picture.width)
