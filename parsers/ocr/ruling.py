"""The lines, bands and boxes to tick that are drawn on a page, found among its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from parsers.ocr.pixels import opened, over
from parsers.ocr.tick_boxes import tick_boxes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from parsers.ocr.pixels import Ink, PixelBox

INK = 150
"""A point of an evenly lit page that is darker is ink."""
_DPI = 200
"""What is finer is made so coarse."""
_FAINT = 75
"""The darkness (of 255) of a faint line."""
_LYING, _STANDING, _THICK = 26.0, 13.0, 3.2
"""Points: no stroke of a letter is so long, across or down; a line is no thicker."""
_INKED = 0.34
_FREE = 90.0
"""Points; no row of capitals joins over so many."""
_ASIDE, _CROWDED = 1.5, 0.4
"""Where to look beside a line, in points, and the share of ink there when it goes through letters.
"""
_FULL, _BROAD, _SOLID = 0.72, 8.0, 0.98
"""The share of a band that is dark, since letters in it are light, and how high it is in points;
the share of a thick line.
"""
_PAPER, _BLACK = 215, 30
_LEVELS = np.clip((np.arange(256) - _BLACK) * 255.0 / (_PAPER - _BLACK), 0, 255).astype(np.uint8)
"""Grain of the paper becomes white, and print black."""
_MOST = 4000


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling:
    """In pixels, as (x0, top, x1, bottom): lines that lie and lines that stand, bands (filled and
    dark), and boxes to tick with their frames.
    """

    lying: list[PixelBox]
    standing: list[PixelBox]
    bands: list[PixelBox]
    ticks: list[PixelBox]


def ruling(page: Image.Image, scale: float) -> Ruling:
    """Of a straight page in an even light; `scale` is pixels per point."""
    # Grain evens out in a coarser picture, and it is quicker to look at.
    times = max(1.0, scale * 72 / _DPI)
    small = page.resize((round(page.width / times), round(page.height / times)))
    found = _ruling(small, scale / times)
    across, down = page.width / small.width, page.height / small.height

    def back(boxes: list[PixelBox]) -> list[PixelBox]:
        return [
            (round(x0 * across), round(top * down), round(x1 * across), round(bottom * down))
            for x0, top, x1, bottom in boxes
        ]

    return Ruling(
        lying=back(found.lying),
        standing=back(found.standing),
        bands=back(found.bands),
        ticks=back(found.ticks),
    )


def _ruling(page: Image.Image, scale: float) -> Ruling:
    dark = 255 - np.asarray(page)
    across = _smooth(dark) > _FAINT
    lying, bands = _lines(across, scale, _LYING)
    bands = _merged(bands)
    lying = [line for line in lying if not any(_inside(line, band) for band in bands)]
    down = _smooth(np.ascontiguousarray(dark.T)) > _FAINT
    for x0, top, x1, bottom in bands:
        down[x0:x1, top:bottom] = False
        across[top:bottom, x0:x1] = False
    standing, _ = _lines(down, scale, _STANDING)
    standing = [(top, x0, bottom, x1) for x0, top, x1, bottom in standing]
    lying = [line for line in lying if _is_held(line, standing, scale)]
    ink = np.asarray(page.filter(ImageFilter.BoxBlur(1))) < 255 - _FAINT
    return Ruling(
        lying=lying,
        standing=standing,
        bands=bands,
        ticks=tick_boxes(across, down.T, ink, scale),
    )


def _is_held(line: PixelBox, standing: Sequence[PixelBox], scale: float) -> bool:
    """Whether a line is long, or ends at one that stands: else it may be the bars of capitals."""
    x0, top, x1, bottom = line
    slack = 2 * scale
    return x1 - x0 >= _FREE * scale or any(
        min(abs(each[0] - x0), abs(each[2] - x1), abs(each[0] - x1), abs(each[2] - x0)) <= slack
        and each[1] - slack <= bottom
        and each[3] + slack >= top
        for each in standing
    )


def _smooth(dark: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """How dark each point and its neighbours on its row are on average: grain evens out. A thin
    line that two rows share is as dark as one that lies on one.
    """
    thick = dark.astype(np.uint16)
    thick[1:] += dark[:-1]
    np.minimum(thick, 255, out=thick)
    smooth = np.zeros_like(thick)
    smooth[:, 1:-1] = (thick[:, :-2] + thick[:, 1:-1] + thick[:, 2:]) // 3
    return smooth


def _inside(inner: PixelBox, outer: PixelBox) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _lines(ink: Ink, scale: float, least: float) -> tuple[list[PixelBox], list[PixelBox]]:
    """(lines, bands) that run along the rows, at least so many points long."""
    long = round(least * scale)
    solid = opened(ink, long)
    lines: list[PixelBox] = []
    bands: list[PixelBox] = []
    for box in _stacks(solid, max(2, round(scale))):
        trimmed = _trimmed(ink, box)
        if box[3] - box[1] <= _THICK * scale:
            if _alone(ink, trimmed, scale):
                lines.append(trimmed)
        elif _full(ink, trimmed) >= _FULL and box[3] - box[1] >= _BROAD * scale:
            bands.append(trimmed)
        elif _full(ink, trimmed) >= _SOLID:
            lines.append(trimmed)
        else:
            lines += _slanted(ink, solid, box, long, scale)
        if len(lines) + len(bands) >= _MOST:
            break
    return lines, bands


def _slanted(ink: Ink, solid: Ink, box: PixelBox, long: int, scale: float) -> Iterator[PixelBox]:
    """The pieces of a line that crosses some rows, since the page is not quite straight."""
    x0, top, x1, bottom = box
    step = max(1, round(scale))
    for start in range(top, bottom, step):
        end = min(start + step, bottom)
        for begin, stop in _runs(np.logical_or.reduce(solid[start:end, x0:x1])):
            piece = (x0 + begin, start, x0 + stop, end)
            if stop - begin >= long and _alone(ink, piece, scale):
                yield piece


def _alone(ink: Ink, box: PixelBox, scale: float) -> bool:
    """Whether there is little ink along both sides of a line: else it goes through letters."""
    x0, top, x1, bottom = box
    far = round(_ASIDE * scale)
    above, below = ink[max(0, top - far), x0:x1], ink[min(len(ink) - 1, bottom + far), x0:x1]
    return float(above.mean()) < _CROWDED and float(below.mean()) < _CROWDED


def _full(ink: Ink, box: PixelBox) -> float:
    """The share of a box that is dark."""
    x0, top, x1, bottom = box
    return float(ink[top:bottom, x0:x1].mean())


def _merged(bands: Sequence[PixelBox]) -> list[PixelBox]:
    """Bands that lie over each other are one, torn by the letters in it."""
    merged: list[PixelBox] = []
    for band in bands:
        for other in [each for each in merged if over(each, band)]:
            merged.remove(other)
            sides = tuple(zip(band, other, strict=True))
            band = (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))  # noqa: PLW2901 - it grows
        merged.append(band)
    return merged


def _trimmed(ink: Ink, box: PixelBox) -> PixelBox:
    """Without the ends in which there is no ink."""
    x0, top, x1, bottom = box
    inked = np.flatnonzero(ink[top:bottom, x0:x1].mean(axis=0) >= _INKED)
    if not len(inked):
        return box
    return (x0 + int(inked[0]), top, x0 + int(inked[-1]) + 1, bottom)


def _runs(row: Ink) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], row, [False]))))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _stacks(solid: Ink, slack: int) -> Iterator[PixelBox]:
    """Runs of rows that follow each other, as boxes."""
    open_: list[list[int]] = []
    for y in np.flatnonzero(solid.any(axis=1)):
        still = []
        for box in open_:
            if y - box[3] >= slack:
                yield (box[0], box[1], box[2], box[3])
            else:
                still.append(box)
        open_ = still
        for x0, x1 in _runs(solid[y]):
            home = next((b for b in open_ if b[3] <= y and _along(b, x0, x1)), None)
            if home is None:
                open_.append([x0, int(y), x1, int(y) + 1])
            else:
                home[0], home[2] = min(home[0], x0), max(home[2], x1)
                home[3] = int(y) + 1
    for box in open_:
        yield (box[0], box[1], box[2], box[3])


def _along(box: list[int], x0: int, x1: int) -> bool:
    shared = min(box[2], x1) - max(box[0], x0)
    return shared > 0.6 * min(box[2] - box[0], x1 - x0)


def without(page: Image.Image, drawn: Ruling, scale: float) -> Image.Image:
    """The page with nothing but its writing: lines and boxes to tick wiped out, and what stands
    white in a dark band dark on white.
    """
    pixels = np.array(page)
    edge = max(1, round(0.4 * scale))
    for x0, top, x1, bottom in drawn.bands:
        part = 255.0 - pixels[top:bottom, x0:x1]
        ground = max(float(np.median(part)), 1.0)
        pixels[top:bottom, x0:x1] = np.minimum(part * (255.0 / ground), 255.0)
        _wipe(pixels, (x0, top, x1, top), edge)
        _wipe(pixels, (x0, bottom, x1, bottom), edge)
        _wipe(pixels, (x0, top, x0, bottom), edge)
        _wipe(pixels, (x1, top, x1, bottom), edge)
    standing = [line for line in drawn.standing if _is_long(line, scale) or _joins(line, drawn)]
    for line in (*drawn.lying, *standing):
        _wipe(pixels, line, edge)
    for box in drawn.ticks:
        _wipe(pixels, box, 2 * edge)
    return Image.fromarray(_LEVELS[pixels])


def _is_long(line: PixelBox, scale: float) -> bool:
    return line[3] - line[1] >= _LYING * scale


def _joins(line: PixelBox, drawn: Ruling) -> bool:
    """Whether a short line ends at one that lies, and so is no stroke of a large letter."""
    x0, top, x1, bottom = line
    slack = 2 * (x1 - x0) + 2
    return any(
        other[0] - slack <= x1
        and other[2] + slack >= x0
        and min(abs(other[1] - top), abs(other[3] - bottom)) <= slack
        for other in (*drawn.lying, *drawn.bands)
    )


def _wipe(pixels: NDArray[np.uint8], box: PixelBox, edge: int) -> None:
    x0, top, x1, bottom = box
    pixels[max(0, top - edge) : bottom + edge, max(0, x0 - edge) : x1 + edge] = 255
