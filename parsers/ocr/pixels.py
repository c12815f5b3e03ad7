"""Boxes and runs of ink among pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ink = NDArray[np.bool_]
    PixelBox = tuple[int, int, int, int]

_HOLES = 0.08
"""The share of a line that may be missing."""


def opened(ink: Ink, long: int) -> Ink:
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


def over(one: PixelBox, other: PixelBox) -> bool:
    """Whether two boxes share a point."""
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(
        one[1], other[1]
    )
