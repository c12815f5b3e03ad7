"""Boxes with rounded corners: browsers and word processors draw them as curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEAR = 0.6
_STRAIGHT = 0.2
"""At least this share of each side is straight."""

Point = tuple[float, float]


def is_box(curve: Any) -> bool:
    """Whether one of pdfminer's curves runs along all four sides of what it encloses."""
    x0, y0, x1, y1 = map(float, curve.bbox)
    sides = {"left": 0.0, "right": 0.0, "low": 0.0, "high": 0.0}
    for (ax, ay), (bx, by) in _lines(curve.original_path or ()):
        for side, at, ends in (("left", x0, (ax, bx)), ("right", x1, (ax, bx))):
            if all(abs(end - at) < _NEAR for end in ends):
                sides[side] += abs(by - ay)
        for side, at, ends in (("low", y0, (ay, by)), ("high", y1, (ay, by))):
            if all(abs(end - at) < _NEAR for end in ends):
                sides[side] += abs(bx - ax)
    high, wide = (y1 - y0) * _STRAIGHT, (x1 - x0) * _STRAIGHT
    least = {"left": high, "right": high, "low": wide, "high": wide}
    return all(sides[side] > least[side] for side in sides)


def _lines(path: Any) -> Iterator[tuple[Point, Point]]:
    """The straight parts of a path."""
    start = at = None
    for step, *points in path:
        if step == "m":
            start = points[-1]
        elif step == "l" and at is not None:
            yield at, points[-1]
        elif step == "h" and at is not None and start is not None:
            yield at, start
        at = points[-1] if points else start
