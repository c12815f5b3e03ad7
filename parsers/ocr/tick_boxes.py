"""Boxes to tick among the pixels of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parsers.ocr.pixels import opened, over

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.ocr.pixels import Ink, PixelBox

_TICK, _TICK_MOST = 6.5, 22.0
_FRAME = 0.9
"""The share of each side of a box to tick that must be drawn."""
_AROUND, _CORNER = 3, 0.09
_CLEAR = 0.2
"""The share of the strip around a box to tick in which something may be."""
_MOST_TICKS = 400


def tick_boxes(across: Ink, down: Ink, ink: Ink, scale: float) -> list[PixelBox]:
    """Small squares with four corners. `across` and `down` hold the ink evened out along the rows
    and along the columns, `ink` as it is; `scale` is pixels per point.
    """
    return [box for box in _squares(across, down, scale) if _cornered(ink, box)]


def _squares(across: Ink, down: Ink, scale: float) -> Iterator[PixelBox]:
    """Small squares: an upper and a lower edge of one length, and both sides between."""
    least, most = round(_TICK * scale), round(_TICK_MOST * scale)
    edged = opened(across, least) & across
    starts = np.diff(np.pad(edged, ((0, 0), (1, 1))).astype(np.int8), axis=1)
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
                if any(over(box, each) for each in found):
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
