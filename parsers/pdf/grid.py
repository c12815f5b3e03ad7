"""Boxes of a page that are found by a point in them, without a look at all the others."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parsers.model import BBox

_BANDS = 64


class Grid:
    """Boxes by the bands of the page that they touch."""

    def __init__(self, boxes: Sequence[BBox]) -> None:
        self._top = min((box[1] for box in boxes), default=0.0)
        low = max((box[3] for box in boxes), default=0.0)
        self._step = max((low - self._top) / _BANDS, 1.0)
        self._bands: defaultdict[int, list[BBox]] = defaultdict(list)
        for box in boxes:
            for band in range(self._band(box[1]), self._band(box[3]) + 1):
                self._bands[band].append(box)

    def _band(self, y: float) -> int:
        return math.floor((y - self._top) / self._step)

    def around(self, inner: BBox) -> Iterator[BBox]:
        """The boxes in which the middle of `inner` lies, in the order in which they were given."""
        x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
        for box in self._bands.get(self._band(y), ()):
            if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
                yield box

    def holding(self, inner: BBox) -> BBox | None:
        """The first of them."""
        x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
        for box in self._bands.get(self._band(y), ()):
            if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
                return box
        return None
