"""Lines and rings drawn on a page by hand or pen: what they strike out, and what they ring."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from parsers.pdf.geometry import height, width
from parsers.pdf.widgets import name_of, resolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from parsers.model import BBox
    from parsers.pdf.view import View

Point = tuple[float, float]
_STEPS = 6
_MOST = 2000
_CORE = (0.2, 0.3, 0.8, 0.72)
"""What a line must pass through that strikes a word out: shares of the word's box, which ends well
below its letters. An underlining passes below.
"""
_ACROSS = 0.5
"""The share of a word's width that is struck out at least."""
_LOOSE = 0.3
"""How far a ring may cut into a word's box, in heights; and its ends lie apart, in sizes."""
_RING = 4.0
"""A ring is at most so many times as high as what it rings."""
_OBSERVED = frozenset({"StrikeOut", "Underline", "Squiggly", "Highlight"})


@dataclass(frozen=True, slots=True)
class Mark:
    """What the strokes over a word make of it. `odd`: marked in a way that can mean either."""

    struck: bool = False
    ringed: bool = False
    odd: bool = False


class Stroke:
    """A line through points, from the top left of the page. `odd` marks can mean either."""

    __slots__ = ("__dict__", "odd", "points")

    def __init__(self, points: Sequence[Point], *, odd: bool = False) -> None:
        """At least one point."""
        self.points = points
        self.odd = odd

    @cached_property
    def bbox(self) -> BBox:
        """Around all of it."""
        xs, ys = zip(*self.points, strict=True)
        return (min(xs), min(ys), max(xs), max(ys))

    def strikes(self, word: BBox) -> bool:
        """Whether it passes through the middle of a word, over half of its width."""
        x0, _, x1, _ = self.bbox
        across = min(x1, word[2]) - max(x0, word[0])
        wide, high = width(word), height(word)
        core = (
            word[0] + _CORE[0] * wide,
            word[1] + _CORE[1] * high,
            word[0] + _CORE[2] * wide,
            word[1] + _CORE[3] * high,
        )
        through = any(_meets(one, other, core) for one, other in pairwise(self.points))
        return across >= _ACROSS * wide and through

    def rings(self, word: BBox) -> bool:
        """Whether it goes around a word, and comes back."""
        x0, top, x1, bottom = self.bbox
        loose = _LOOSE * height(word)
        around = (
            x0 <= word[0] + loose
            and x1 >= word[2] - loose
            and top <= word[1] + loose
            and bottom >= word[3] - loose
        )
        (ax, ay), (bx, by) = self.points[0], self.points[-1]
        ends = math.hypot(ax - bx, ay - by)
        closed = ends <= _LOOSE * max(x1 - x0, bottom - top)
        small = bottom - top <= _RING * height(word)
        return around and closed and small and not self.strikes(word)

    def touches(self, word: BBox) -> bool:
        """Whether any of it lies over a word or just below."""
        x0, top, x1, bottom = self.bbox
        across = min(x1, word[2]) - max(x0, word[0])
        return across >= _ACROSS * width(word) and top <= word[3] + 1 and bottom >= word[1]


def mark_on(word: BBox, others: Sequence[BBox], strokes: Sequence[Stroke]) -> Mark:
    """What is drawn over a word; a ring around one of the `others` too rings neither."""
    struck = any(stroke.strikes(word) for stroke in strokes if not stroke.odd)
    rings = [stroke for stroke in strokes if not stroke.odd and stroke.rings(word)]
    ringed = any(not any(ring.rings(other) for other in others) for ring in rings)
    odd = any(stroke.odd and stroke.touches(word) for stroke in strokes)
    return Mark(struck=struck, ringed=ringed, odd=odd)


def drawn(path: Sequence[Any], see: Callable[[float, float], Point]) -> Stroke | None:
    """A path of pdfminer's (`original_path`), its curves as short lines."""
    points: list[Point] = []
    for kind, *ends in path:
        if kind == "h":
            points.append(points[0])
        elif kind in ("m", "l") or not points:
            points.append(ends[-1])
        else:
            points.extend(_curve(points[-1], kind, ends))
    return Stroke([see(*point) for point in points]) if points else None


def _curve(start: Point, kind: str, ends: Sequence[Point]) -> Iterator[Point]:
    """Points on a Bézier curve (ISO 32000 §8.5.2): c names both controls, v and y only one."""
    last = ends[-1]
    one, two = {"v": (start, ends[0]), "y": (ends[0], last)}.get(kind, (ends[0], ends[-2]))
    for step in range(1, _STEPS + 1):
        t = step / _STEPS
        shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        controls = (start, one, two, last)
        yield (
            sum(s * x for s, (x, _) in zip(shares, controls, strict=True)),
            sum(s * y for s, (_, y) in zip(shares, controls, strict=True)),
        )


def noted(page: Any, view: View) -> list[Stroke]:
    """The marks that were laid over a page of pdfminer's (ISO 32000 §12.5.6): lines, rings, pen
    strokes, text struck out; what is underlined or highlighted is odd.
    """
    listed = resolved(page.attrs.get("Annots"))
    found: list[Stroke] = []
    for reference in listed[:_MOST] if isinstance(listed, list) else ():
        annotation = resolved(reference)
        if isinstance(annotation, dict):
            kind = name_of(annotation.get("Subtype"))
            for points in _points(kind, annotation):
                seen = [view.see(x, y, x, y)[:2] for x, y in points]
                odd = kind in _OBSERVED and kind != "StrikeOut"
                found.append(Stroke(seen, odd=odd))
    return found


def _points(kind: str, annotation: dict[str, Any]) -> Iterator[list[Point]]:
    if kind in _OBSERVED:
        numbers = _numbers(annotation.get("QuadPoints"))
        for at in range(0, len(numbers) - 7, 8):
            xs, ys = numbers[at : at + 8 : 2], numbers[at + 1 : at + 8 : 2]
            middle = (min(ys) + max(ys)) / 2
            yield [(min(xs), middle), (max(xs), middle)]
    elif kind == "Line":
        yield from _pairs(_numbers(annotation.get("L")))
    elif kind in ("PolyLine", "Polygon"):
        for points in _pairs(_numbers(annotation.get("Vertices"))):
            yield [*points, points[0]] if kind == "Polygon" else points
    elif kind == "Ink":
        lists = resolved(annotation.get("InkList"))
        for each in lists[:_MOST] if isinstance(lists, list) else ():
            yield from _pairs(_numbers(each))
    elif kind in ("Circle", "Square"):
        numbers = _numbers(annotation.get("Rect"))
        if len(numbers) == 4:  # noqa: PLR2004 - four edges
            yield _ellipse(numbers)


def _ellipse(edges: Sequence[float]) -> list[Point]:
    x, y = (edges[0] + edges[2]) / 2, (edges[1] + edges[3]) / 2
    a, b = abs(edges[2] - edges[0]) / 2, abs(edges[3] - edges[1]) / 2
    turns = [2 * math.pi * step / (4 * _STEPS) for step in range(4 * _STEPS + 1)]
    return [(x + a * math.cos(turn), y + b * math.sin(turn)) for turn in turns]


def _pairs(numbers: Sequence[float]) -> Iterator[list[Point]]:
    points = list(zip(numbers[::2], numbers[1::2], strict=False))
    if points:
        yield points


def _numbers(value: Any) -> list[float]:
    listed = resolved(value)
    found = [resolved(each) for each in listed[:_MOST]] if isinstance(listed, list) else []
    sound = all(isinstance(each, (int, float)) and math.isfinite(each) for each in found)
    return [float(each) for each in found] if sound else []


def _meets(one: Point, other: Point, box: BBox) -> bool:
    """Whether a straight line passes through a box (Liang and Barsky)."""
    (x, y), (dx, dy) = one, (other[0] - one[0], other[1] - one[1])
    enters, leaves = 0.0, 1.0
    for step, low, high in ((dx, box[0] - x, box[2] - x), (dy, box[1] - y, box[3] - y)):
        if step == 0:
            if low > 0 or high < 0:
                return False
            continue
        first, last = sorted((low / step, high / step))
        enters, leaves = max(enters, first), min(leaves, last)
    return enters <= leaves
