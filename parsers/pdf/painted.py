"""What a flat page shows: words, drawn boxes, and form fields that were made part of the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pdfminer.layout import LTChar, LTCurve, LTFigure, LTImage, LTLine, LTRect

from parsers.model import Method
from parsers.pdf import rounded
from parsers.pdf.combs import in_combs, spread, without_combs
from parsers.pdf.content import Interpreter
from parsers.pdf.edges import cells, edge
from parsers.pdf.geometry import area, height, width, within
from parsers.pdf.glyphs import Device, Glyph, said_by
from parsers.pdf.grid import Grid
from parsers.pdf.strokes import Stroke, drawn, noted
from parsers.pdf.view import View
from parsers.pdf.words import Twins, Word, words_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from parsers.model import BBox
    from parsers.pdf.fonts import Fonts
    from parsers.pdf.objects import File
    from parsers.pdf.strokes import Point
    from parsers.pdf.words import Letter

_LEAST = 5.0
_THIN = 2.0
_MOST_EDGES = 3000
_MOST_LETTERS = 20_000
_SNAP = 2.0
_DARK = 0.45
"""So little light, of 1."""


@dataclass(kw_only=True)
class Painted:
    """One page. A ghost is a field that was flattened: its box and its own words, even those that
    its box cuts off. Strokes are what is drawn without being a rectangle, by the form or by hand.
    `incomplete`: the file lacks something that is shown on it.
    """

    page: int
    method: Method = Method.LAYOUT
    words: list[Word] = field(default_factory=list)
    boxes: list[BBox] = field(default_factory=list)
    ghosts: list[tuple[BBox, list[Word]]] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    incomplete: bool = False

    def within(self, holds: Callable[[int, BBox], bool]) -> Painted:
        """Only what stands where `holds` says so of its page and box."""
        return Painted(
            page=self.page,
            method=self.method,
            words=[word for word in self.words if holds(self.page, word.bbox)],
            boxes=[box for box in self.boxes if holds(self.page, box)],
            ghosts=[ghost for ghost in self.ghosts if holds(self.page, ghost[0])],
            strokes=self.strokes,
            incomplete=self.incomplete,
        )


class TooMuchError(Exception):
    """A page holds more than any form does."""


def _layout(page: Any, fonts: Fonts) -> tuple[Any, bool]:
    """Everything on a page, and whether something is missing."""
    device = Device(fonts, page.page_number)
    Interpreter(fonts, device).process_page(page.page_obj)
    return device.get_result(), device.incomplete


def painted(pdf: File, number: int, view: View) -> Painted:
    """Read one page (from 1); TooMuchError beyond 20,000 characters."""
    page = pdf.pages[number - 1]
    page.page_obj.rotate = view.rotation
    layout, incomplete = _layout(page, pdf.fonts)
    left, bottom, right, top = map(float, page.page_obj.mediabox)
    media = View((left, bottom, right, top), view.rotation)
    collector = _Collector(number, float(layout.bbox[3]), media.see(*view.box))
    collector.walk(layout)
    collector.finish()
    collector.painted.strokes += noted(page.page_obj, view)
    collector.painted.incomplete = incomplete
    return collector.painted


class _Collector:
    def __init__(self, number: int, tall: float, shown: BBox) -> None:
        self._tall = tall
        self._left, self._top = shown[0], shown[1]
        self._whole = area(shown)
        self._letters: list[Letter] = []
        self._figures: list[tuple[BBox, list[Letter]]] = []
        self._rects: list[BBox] = []
        self._bars: list[BBox] = []
        self._edges: list[dict[str, Any]] = []
        self._twins = Twins()
        self.painted = Painted(page=number)

    def walk(self, container: Iterable[Any], into: list[Letter] | None = None) -> None:
        """Sort out everything in a page or figure; a figure without figures is a ghost, unless it
        is a picture, or nearly the whole page.
        """
        letters = self._letters if into is None else into
        left, up, again = self._left, self._tall, self._twins.again
        above = self._top
        for thing in container:
            if type(thing) is Glyph:
                x0, y0, x1, y1 = thing.bbox
                box = (x0 - left, up - y1 - above, x1 - left, up - y0 - above)
                if not again(thing.said, box):
                    letters.append((thing.said, box))
            elif isinstance(thing, LTChar):
                said = said_by(thing.get_text(), thing.fontname)
                self._letter(said, self._see(thing), letters)
            elif isinstance(thing, LTFigure):
                self._figure(thing)
            elif isinstance(thing, (LTRect, LTLine, LTCurve)):
                self._stroke(thing)
                if into is None:
                    self._drawn(thing)
        if len(letters) > _MOST_LETTERS:
            raise TooMuchError

    def _figure(self, thing: LTFigure) -> None:
        kinds = {type(each) for each in thing}
        if LTFigure in kinds or area(self._see(thing)) > self._whole / 2:
            self.walk(thing)
        elif not kinds or kinds != {LTImage}:
            own: list[Letter] = []
            self.walk(thing, own)
            self._figures.append((self._see(thing), own))

    def finish(self) -> None:
        """Words out of letters, boxes out of edges. What stands in a box to tick is no part of the
        words around it.
        """
        for box, letters in self._figures:
            if min(width(box), height(box)) >= _LEAST:
                words = words_from(letters, self.painted.page, in_order=True, breaking=True)
                self.painted.ghosts.append((box, spread(words, letters)))
        bars = Grid(self._bars)
        written = {bar for letter in self._letters for bar in bars.around(letter[1])}
        empty = {bar for bar in self._bars if bar not in written}
        found = [
            box
            for box in (*self._rects, *cells(self._edges, _SNAP))
            if box not in empty
            and min(width(box), height(box)) >= _LEAST
            and area(box) < self._whole / 2
        ]
        boxes, combs = without_combs(_without_strokes(_once(found)))
        boxes.sort(key=area)
        ticks = Grid([box for box in boxes if is_tick(box)])
        free: list[Letter] = []
        marks: dict[BBox, list[Letter]] = {}
        for letter in self._letters:
            home = ticks.holding(letter[1])
            (free if home is None else marks.setdefault(home, [])).append(letter)
        self.painted.words = words_from(free, self.painted.page)
        for letters in marks.values():
            self.painted.words += words_from(letters, self.painted.page)
        self.painted.words = in_combs(self.painted.words, combs)
        self.painted.boxes = boxes

    def _see(self, thing: Any) -> BBox:
        x0, y0, x1, y1 = thing.bbox
        return (
            x0 - self._left,
            self._tall - y1 - self._top,
            x1 - self._left,
            self._tall - y0 - self._top,
        )

    def _letter(self, said: str, box: BBox, letters: list[Letter]) -> None:
        if self._twins.again(said, box):
            return
        letters.append((said, box))

    def _stroke(self, thing: Any) -> None:
        x0, top, x1, bottom = self._see(thing)
        thin = min(x1 - x0, bottom - top) < _THIN
        if len(self.painted.strokes) >= _MOST_EDGES or (isinstance(thing, LTRect) and not thin):
            return
        if thin and x1 - x0 >= bottom - top:
            made: Stroke | None = Stroke([(x0, (top + bottom) / 2), (x1, (top + bottom) / 2)])
        elif thin:
            made = Stroke([((x0 + x1) / 2, top), ((x0 + x1) / 2, bottom)])
        else:
            made = drawn(thing.original_path or (), self._point)
        if made is not None:
            self.painted.strokes.append(made)

    def _point(self, x: float, y: float) -> Point:
        return (x - self._left, self._tall - y - self._top)

    def _drawn(self, thing: Any) -> None:
        box = self._see(thing)
        if min(width(box), height(box)) < _THIN:
            self._edge(box)
        elif isinstance(thing, LTRect) or self._is_box(thing, box):
            self._rects.append(box)
            if not is_tick(box) and _is_dark(thing):
                self._bars.append(box)

    def _is_box(self, thing: Any, box: BBox) -> bool:
        return rounded.is_box(thing) or (is_tick(box) and not isinstance(thing, LTLine))

    def _edge(self, box: BBox) -> None:
        if max(width(box), height(box)) >= _LEAST and len(self._edges) < _MOST_EDGES:
            self._edges.append(edge(box, lying=width(box) >= height(box)))


def _is_dark(shape: Any) -> bool:
    """Whether it is a bar: nobody can write in an empty one."""
    colour = shape.non_stroking_color if shape.fill else None
    if isinstance(colour, (int, float)):
        colour = (colour,)
    if not isinstance(colour, (tuple, list)) or not all(
        isinstance(part, (int, float)) for part in colour
    ):
        return False
    if len(colour) == 4:  # noqa: PLR2004 - cyan, magenta, yellow, black
        *inks, black = colour
        colour = [(1 - ink) * (1 - black) for ink in inks]
    return len(colour) in (1, 3) and sum(colour) / len(colour) < _DARK


def _once(boxes: Iterable[BBox]) -> list[BBox]:
    """Each box once: its tint and its lines may be drawn a hair apart."""
    found: dict[tuple[int, int], list[BBox]] = {}
    kept = []
    for box in boxes:
        x, y = round(box[0] / _SNAP), round(box[1] / _SNAP)
        near = (
            other
            for left in (x - 1, x, x + 1)
            for top in (y - 1, y, y + 1)
            for other in found.get((left, top), ())
        )
        if not any(all(abs(a - b) < _SNAP for a, b in zip(box, o, strict=True)) for o in near):
            found.setdefault((x, y), []).append(box)
            kept.append(box)
    return kept


def _without_strokes(boxes: Sequence[BBox]) -> list[BBox]:
    """Without the crosses and dots drawn in boxes to tick, which are as square as those."""
    ticks = [box for box in boxes if is_tick(box)]
    return [
        box
        for box in boxes
        if not any(
            area(box) < area(tick) and within(box, tick) for tick in ticks if tick is not box
        )
    ]


def is_tick(box: BBox) -> bool:
    """Whether a box is too small to write in, and nearly square."""
    return max(width(box), height(box)) <= 24 and 0.6 < width(box) / height(box) < 1.6  # noqa: PLR2004 - points
