"""The lines, bands and boxes to tick that are drawn on a page, found among its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Ink = NDArray[np.bool_]
    PixelBox = tuple[int, int, int, int]

INK = 150
"""A point of an evenly lit page that is darker is ink."""
_DPI = 200
"""What is finer is made so coarse."""
_FAINT = 75
"""The darkness (of 255) of a faint line."""
_LYING, _STANDING, _THICK = 26.0, 13.0, 3.2
"""Points: no stroke of a letter is so long, across or down; a line is no thicker."""
_HOLES = 0.08
"""The share of a line that may be missing."""
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
_TICK, _TICK_MOST = 6.5, 22.0
_FRAME = 0.9
"""The share of each side of a box to tick that must be drawn."""
_AROUND, _CORNER = 3, 0.09
_CLEAR = 0.2
"""The share of the strip around a box to tick in which something may be."""
_PAPER, _BLACK = 215, 30
_LEVELS = np.clip((np.arange(256) - _BLACK) * 255.0 / (_PAPER - _BLACK), 0, 255).astype(np.uint8)
"""Grain of the paper becomes white, and print black."""
_MOST = 4000
_MOST_TICKS = 400


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
        ticks=[box for box in _ticks(across, down.T, scale) if _cornered(ink, box)],
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
    solid = _opened(ink, long)
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
        for other in [each for each in merged if _over(each, band)]:
            merged.remove(other)
            sides = tuple(zip(band, other, strict=True))
            band = (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))  # noqa: PLW2901
        merged.append(band)
    return merged


def _trimmed(ink: Ink, box: PixelBox) -> PixelBox:
    """Without the ends in which there is no ink."""
    x0, top, x1, bottom = box
    inked = np.flatnonzero(ink[top:bottom, x0:x1].mean(axis=0) >= _INKED)
    if not len(inked):
        return box
    return (x0 + int(inked[0]), top, x0 + int(inked[-1]) + 1, bottom)


def _opened(ink: Ink, long: int) -> Ink:
    """Only what is part of a run along its row that is nearly whole over `long` points."""
    high, wide = ink.shape
    if wide <= long:
        return np.zeros_like(ink)
    sums = np.zeros((high, wide + 1), dtype=np.int32)
    np.cumsum(ink, axis=1, out=sums[:, 1:])
    whole = (sums[:, long:] - sums[:, :-long]) >= (1 - _HOLES) * long
    marks = np.zeros((high, wide + 1), dtype=np.int32)
    marks[:, : whole.shape[1]] += whole
    marks[:, long : long + whole.shape[1]] -= whole
    return np.cumsum(marks[:, :wide], axis=1) > 0


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


def _ticks(across: Ink, down: Ink, scale: float) -> Iterator[PixelBox]:
    """Small squares: an upper and a lower edge of one length, and both sides between."""
    least, most = round(_TICK * scale), round(_TICK_MOST * scale)
    opened = _opened(across, least) & across
    starts = np.diff(np.pad(opened, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, begins = np.nonzero(starts == 1)
    _, ends = np.nonzero(starts == -1)
    long = (ends - begins <= most) & (ends - begins >= least)
    found: list[PixelBox] = []
    slack = max(2, round(0.8 * scale))
    by_begin: dict[int, list[tuple[int, int]]] = {}
    edges = [
        (int(a), int(b), int(c))
        for a, b, c in zip(begins[long], rows[long], ends[long], strict=True)
    ]
    for begin, row, end in edges:
        by_begin.setdefault(begin, []).append((row, end))
    for x0, top, x1 in sorted(edges, key=lambda edge: (edge[1], edge[0])):
        side = x1 - x0
        for other in range(x0 - slack, x0 + slack + 1):
            for low, right in by_begin.get(other, ()):
                if abs(right - x1) > slack or not 0.7 * side <= low - top <= 1.4 * side:
                    continue
                box = (min(x0, other), top, max(x1, right), low + 1)
                if any(_over(box, each) for each in found):
                    continue
                if _framed(across, down, box, scale):
                    found.append(box)
        if len(found) >= _MOST_TICKS:
            break
    yield from found


def _framed(across: Ink, down: Ink, box: PixelBox, scale: float) -> bool:
    """Whether all four sides are drawn, and nothing touches them from outside (as letters do)."""
    x0, top, x1, bottom = box
    thin = max(2, round(0.8 * scale))
    high, wide = bottom - top, x1 - x0
    sides = (
        down[top:bottom, max(0, x0 - 1) : x0 + thin].any(axis=1).sum() / high,
        down[top:bottom, x1 - thin : x1 + 1].any(axis=1).sum() / high,
        across[max(0, top - 1) : top + thin, x0:x1].any(axis=0).sum() / wide,
        across[bottom - thin : bottom + 1, x0:x1].any(axis=0).sum() / wide,
    )
    if min(sides) < _FRAME:
        return False
    near, far = thin + 1, round(1.6 * scale) + 1
    around = (
        down[top:bottom, max(0, x0 - far) : max(0, x0 - near)].any(axis=1),
        down[top:bottom, x1 + near : x1 + far].any(axis=1),
        across[max(0, top - far) : max(0, top - near), x0:x1].any(axis=0),
        across[bottom + near : bottom + far, x0:x1].any(axis=0),
    )
    strip = np.concatenate(around)
    return bool(strip.sum() <= _CLEAR * len(strip))


def _cornered(ink: Ink, box: PixelBox) -> bool:
    """Whether there is ink in each corner of what is drawn: in a round letter there is none."""
    x0, top, x1, bottom = box
    drawn = ink[max(0, top - _AROUND) : bottom + _AROUND, max(0, x0 - _AROUND) : x1 + _AROUND]
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    if not len(rows):
        return False
    drawn = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    size = max(2, round(_CORNER * (x1 - x0)))
    return all(
        drawn[down, across].any()
        for down in (slice(size), slice(-size, None))
        for across in (slice(size), slice(-size, None))
    )


def _over(one: PixelBox, other: PixelBox) -> bool:
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(
        one[1], other[1]
    )


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
