"""Boxes on a page: beside, above, within. A box is (x0, top, x1, bottom) from the top left."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parsers.model import BBox

SLACK = 3.0
"""Points by which neighbours may overlap."""


def width(box: BBox) -> float:
    """In points."""
    return box[2] - box[0]


def height(box: BBox) -> float:
    """In points."""
    return box[3] - box[1]


def area(box: BBox) -> float:
    """In square points."""
    return width(box) * height(box)


def level(one: BBox, other: BBox) -> bool:
    """Whether they stand side by side: a third of the lower one lies at the other's height."""
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    return overlap >= 0.33 * min(height(one), height(other)) and overlap > 0


def stacked(one: BBox, other: BBox) -> bool:
    """Whether they share some of the width of the page."""
    return min(one[2], other[2]) - max(one[0], other[0]) > 1


def left_gap(one: BBox, other: BBox) -> float | None:
    """How far `one` ends to the left of `other` on the same level; None when it doesn't."""
    gap = other[0] - one[2]
    return max(gap, 0.0) if level(one, other) and gap >= -SLACK else None


def above_gap(one: BBox, other: BBox) -> float | None:
    """How far `one` ends above `other`; None when it doesn't."""
    gap = other[1] - one[3]
    return max(gap, 0.0) if stacked(one, other) and gap >= -SLACK else None


def within(inner: BBox, outer: BBox) -> bool:
    """Whether the middle of `inner` lies in `outer`."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def between(one: BBox, other: BBox, *, across: bool) -> BBox | None:
    """The gap from `one` to `other`: to the right (`across`) or down; None when there is none."""
    if across:
        top, bottom = max(one[1], other[1]), min(one[3], other[3])
        gap = (one[2], top, other[0], bottom)
    else:
        gap = (max(one[0], other[0]), one[3], min(one[2], other[2]), other[1])
    return gap if gap[2] > gap[0] and gap[3] > gap[1] else None


def overlaps(one: BBox, other: BBox) -> bool:
    """Whether more than a hair of them is shared."""
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > 1
        and min(one[3], other[3]) - max(one[1], other[1]) > 1
    )


def rounded(box: BBox) -> BBox:
    """To a tenth of a point."""
    return (round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1))
