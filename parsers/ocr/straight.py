"""How a picture of a page is turned, skewed and seen aslant, and the picture without that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]
    Point = tuple[float, float]

_SMALL = 700
"""Pixels of the shorter side of the picture on which angles are measured."""
_COARSE = 400
"""The same, where the corners of a sheet are looked for."""
_DARK = 70
"""Of 255: what is darker counts as ink where an angle is measured."""
_STEEPEST = 5.0
"""Degrees; who lays a page on a glass lays it straighter."""
_FOUND_FROM, _WHOLE_FROM = 0.25, 0.985
"""Shares of the picture that a sheet on a desk covers; what covers more is no sheet on a desk."""
_EDGE, _TRIED, _NEAR_SIDE, _SLOPE = 50, 24, 2.0, 0.5
"""Pixels of an edge at least; points of it that are tried; pixels from the line on which it lies;
the steepest side.
"""
_DESK = 0.72
"""A desk is at least so much darker than the sheet."""


def flat(grey: Image.Image) -> Image.Image:
    """The same in an even light: paper white, print as dark as it stands out from the paper."""
    small = grey.reduce(8) if min(grey.size) >= 64 else grey  # noqa: PLR2004 - pixels
    paper = small.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.BoxBlur(4))
    paper = paper.resize(grey.size, Image.Resampling.BILINEAR)
    light = np.asarray(paper, dtype=np.float32)
    even = np.asarray(grey, dtype=np.float32) * (255.0 / np.maximum(light, 40.0))
    return Image.fromarray(np.minimum(even, 255.0).astype(np.uint8))


def skew(grey: Image.Image) -> float:
    """By how many degrees, counted against the clock, the lines of a picture rise."""
    small = grey.reduce(max(1, round(min(grey.size) / _SMALL)))
    ink = ImageChops.invert(small).point(lambda value: 255 if value > _DARK else 0)
    best, step = 0.0, 1.0
    around = np.arange(-_STEEPEST, _STEEPEST + 0.01, step)
    while step > 0.03:  # noqa: PLR2004 - degrees
        # Where no angle is better than another, as on an empty page, nothing is turned.
        best = max(map(float, around), key=lambda angle: (_rows(ink, angle), -abs(angle)))
        step /= 2.5
        around = best + np.arange(-2, 2.01) * step
    return best


def _rows(ink: Image.Image, angle: float) -> float:
    """How clearly the lines part when the picture is turned back by an angle."""
    turned = np.asarray(ink.rotate(-angle, Image.Resampling.NEAREST), dtype=np.float32)
    margin = turned.shape[1] // 20
    sums = turned[margin:-margin, margin:-margin].sum(axis=1)
    return float(np.square(np.diff(sums)).sum())


def sheet(grey: Image.Image) -> list[Point] | None:
    """The corners of a sheet that lies on something darker (clockwise from the top left, pixels);
    None when the picture shows nothing but the sheet.
    """
    factor = max(1, round(min(grey.size) / _COARSE))
    small = grey.reduce(factor).filter(ImageFilter.MedianFilter(5))
    light = np.asarray(small, dtype=np.float32)
    bright = float(np.percentile(light, 90))
    # Print on the sheet is dark too: only what is dark far around is desk.
    closed = small.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.MinFilter(9))
    paper = np.asarray(closed, dtype=np.float32) > _DESK * _local(closed, bright)
    high, wide = paper.shape
    edge = np.concatenate([paper[0], paper[-1], paper[:, 0], paper[:, -1]])
    share = float(paper.mean())
    if not _FOUND_FROM < share < _WHOLE_FROM or float(edge.mean()) > 0.9:  # noqa: PLR2004 - all paper
        return None
    found = _corners(_largest(paper))
    if found is None:
        return None
    corners = [((x + 0.5) * factor, (y + 0.5) * factor) for x, y in found]
    covered = _area(corners) / (wide * high * factor * factor)
    return corners if _FOUND_FROM < covered < _WHOLE_FROM else None


def _corners(paper: NDArray[np.bool_]) -> list[Point] | None:
    """Where the four sides meet. Each side is the line on which most of the edge lies: a shadow or
    a thumb hides some of it.
    """
    rows, columns = np.flatnonzero(paper.any(axis=1)), np.flatnonzero(paper.any(axis=0))
    if len(rows) < _EDGE or len(columns) < _EDGE:
        return None
    across, down = paper[rows], paper[:, columns].T
    left = _side(rows, across.argmax(axis=1))
    right = _side(rows, across.shape[1] - 1 - across[:, ::-1].argmax(axis=1))
    top = _side(columns, down.argmax(axis=1))
    bottom = _side(columns, down.shape[1] - 1 - down[:, ::-1].argmax(axis=1))
    return [_meet(top, left), _meet(top, right), _meet(bottom, right), _meet(bottom, left)]


def _side(along: NDArray[np.intp], at: NDArray[np.intp]) -> tuple[float, float]:
    """(slope, offset) of the line near which most of the points lie."""
    picked = np.linspace(0, len(along) - 1, _TRIED).astype(int)
    best: tuple[int, NDArray[np.bool_]] = (0, np.ones(len(along), dtype=bool))
    for one in picked:
        for other in picked[picked > one]:
            slope = (at[other] - at[one]) / (along[other] - along[one])
            near = np.abs(at - at[one] - slope * (along - along[one])) < _NEAR_SIDE
            if abs(slope) < _SLOPE and near.sum() > best[0]:
                best = (int(near.sum()), near)
    slope, offset = np.polyfit(along[best[1]], at[best[1]], 1)
    return float(slope), float(offset)


def _meet(lying: tuple[float, float], standing: tuple[float, float]) -> Point:
    """Y = a x + b, and x = c y + d."""
    (a, b), (c, d) = lying, standing
    x = (c * b + d) / (1 - a * c)
    return x, a * x + b


def _local(picture: Image.Image, bright: float) -> Matrix:
    """The brightness of paper at each place, which a shadow lowers slowly."""
    blurred = picture.filter(ImageFilter.BoxBlur(min(picture.size) // 4))
    return np.maximum(np.asarray(blurred, dtype=np.float64), 0.75 * bright)


def _largest(paper: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The rows and columns of the sheet alone: specks on the desk are left out."""
    image = Image.fromarray((paper * 255).astype(np.uint8))
    opened = image.filter(ImageFilter.MinFilter(7)).filter(ImageFilter.MaxFilter(7))
    return np.asarray(opened) > 0


def _area(corners: Sequence[Point]) -> float:
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def projection(there: Sequence[Point], here: Sequence[Point]) -> Matrix:
    """The matrix that takes four points `here` to four points `there`."""
    rows, right = [], []
    for (u, v), (x, y) in zip(there, here, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        right += [u, v]
    solved = np.linalg.solve(np.array(rows, dtype=np.float64), np.array(right, dtype=np.float64))
    return np.append(solved, 1.0).reshape(3, 3)


def turned(angle: float, wide: float, high: float) -> Matrix:
    """The matrix that takes a picture without skew to the one whose lines rise by an angle; both
    have their middle at the same place.
    """
    radians = np.radians(angle)
    cos, sin = float(np.cos(radians)), float(np.sin(radians))
    x, y = wide / 2, high / 2
    return np.array(
        [[cos, sin, x - cos * x - sin * y], [-sin, cos, y + sin * x - cos * y], [0, 0, 1]]
    )


def moved(matrix: Matrix, x: float, y: float) -> Point:
    """Where a matrix takes a point."""
    u, v, w = matrix @ np.array([x, y, 1.0])
    return float(u / w), float(v / w)


def drawn(picture: Image.Image, matrix: Matrix, size: tuple[int, int]) -> Image.Image:
    """The picture of a size whose every point stands in `picture` where the matrix takes it."""
    cells = [float(cell) for cell in (matrix / matrix[2, 2]).flatten()[:8]]
    aslant = any(cells[6:])
    return picture.transform(
        size,
        Image.Transform.PERSPECTIVE if aslant else Image.Transform.AFFINE,
        cells if aslant else cells[:6],
        Image.Resampling.BICUBIC,
        fillcolor=255,
    )
