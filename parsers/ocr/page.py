"""What stands on one sheet: its words with how sure they are, and the boxes drawn on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parsers.model import Method
from parsers.ocr import engine as ocr
from parsers.ocr.agreement import agreed
from parsers.ocr.rings import rings
from parsers.ocr.ruling import INK, ruling, without
from parsers.pdf import ink
from parsers.pdf.combs import without_combs
from parsers.pdf.edges import cells, edge
from parsers.pdf.geometry import area, height, overlaps, width, within
from parsers.pdf.lines import bounds
from parsers.pdf.painted import Painted, is_tick
from parsers.pdf.words import Word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from PIL.Image import Image

    from parsers.model import BBox
    from parsers.ocr.engine import Engine, Seen
    from parsers.ocr.pixels import PixelBox
    from parsers.ocr.ruling import Ruling
    from parsers.ocr.sheet import Sheet

_SNAP = 3.0
_LEAST = 5.0
_MARGIN = 10
"""Pixels of white around what is read by itself."""
_GOOD, _SHORT, _FEW = 0.6, 2, 12
"""A word counts as read from such a confidence on, when it has more letters than a speck may look
like; a page with fewer such words may lie another way.
"""
_NOISE = 0.55
"""A word without letters or digits of less confidence is a speck."""
_NEAR = 4.0
"""Points from the edge of a box within which a mark alone is what was left of the edge."""
_CAPTION = 36.0
"""Points right of a box to tick in which its word stands."""
_UPRIGHT, _LIKELY = {"|": "I"}, 0.85
"""An upright stroke that stands alone is the letter, if nothing says otherwise."""
_BESIDE, _TALLER = 0.5, 2.0
_WRITTEN = 0.0015
"""The share of a box that is ink when something is written in it."""


class Page:
    """A sheet as it was read."""

    def __init__(self, sheet: Sheet, engine: Engine) -> None:
        """EngineError when it can't be read."""
        self.sheet = sheet
        self._read(engine)
        if self._poor():
            self._other_ways(engine)

    def _read(self, engine: Engine) -> None:
        sheet = self.sheet
        self._ruling = ruling(sheet.picture, sheet.scale)
        self._clean = without(sheet.picture, self._ruling, sheet.scale)
        (seen,) = engine.read(
            [self._clean], language=ocr.ENGLISH, layout=ocr.PAGE, dpi=round(sheet.scale * 72)
        )
        self.painted = Painted(page=sheet.page, method=Method.OCR)
        self.painted.boxes = self._boxes(self._ruling)
        self.painted.words = self._words(seen)
        self._read_missed(engine)
        self._find_rings()

    def _find_rings(self) -> None:
        """Round boxes to tick; what the engine took them for is no word."""
        written = np.asarray(self._clean) < INK
        found = rings(written, self.painted.words, self.painted.boxes, self.sheet.scale)
        self.painted.boxes = sorted([*self.painted.boxes, *found], key=area)
        self.painted.words = [
            word for word in self.painted.words if not any(within(word.bbox, box) for box in found)
        ]

    def _read_missed(self, engine: Engine) -> None:
        """What stands alone in a dark band looks like a picture to the engine, which skips it, and
        so may a short word beside a box to tick.
        """
        beside = [
            (x1 + 1, top - 2, x1 + _CAPTION, bottom + 2)
            for x0, top, x1, bottom in self._points(self._ruling.ticks)
        ]
        missed = [
            box
            for box in (*self._points(self._ruling.bands), *beside)
            if not any(overlaps(word.bbox, box) for word in self.painted.words)
        ]
        for _, words in self._singly(engine, missed, ocr.ENGLISH):
            self.painted.words += words

    def _singly(
        self, engine: Engine, boxes: Sequence[BBox], language: str
    ) -> Iterator[tuple[BBox, list[Word]]]:
        """Each box with what is read in it by itself."""
        crops = [self._crop(box) for box in boxes]
        read = engine.read(
            [picture for picture, _ in crops],
            language=language,
            layout=ocr.BLOCK,
            dpi=round(self.sheet.scale * 72),
        )
        for box, (_, (left, top)), seen in zip(boxes, crops, read, strict=True):
            yield box, self._words(seen, left, top)

    def _poor(self) -> bool:
        return len(self._good()) < max(_FEW, len(self.painted.words) // 3)

    def _good(self) -> list[Word]:
        """The words that were surely read, and lie as words do."""
        return [
            word
            for word in self.painted.words
            if word.confidence > _GOOD
            and len(word.text) > _SHORT
            and word.x1 - word.x0 > word.height
        ]

    def _other_ways(self, engine: Engine) -> None:
        """A page that lies on its side or stands on its head: the way in which most is read."""
        first = (self._score(), self.sheet, self._ruling, self._clean, self.painted)
        best = first
        for quarters in (2, 1, 3):
            self.sheet = first[1].turned(quarters)
            self._read(engine)
            if self._score() > best[0]:
                best = (self._score(), self.sheet, self._ruling, self._clean, self.painted)
                if not self._poor():
                    break
        _, self.sheet, self._ruling, self._clean, self.painted = best

    def _score(self) -> float:
        return sum(word.confidence * len(word.text) for word in self._good())

    def marks(self) -> Image:
        """The picture in which marks are looked for."""
        wide, high = self.sheet.size
        return self.sheet.picture.resize((round(wide * ink.SCALE), round(high * ink.SCALE)))

    def again(self, engine: Engine, printed: Collection[int]) -> None:
        """Read what stands in each box once more, by itself and with every Latin letter. `printed`
        are the words (by identity) that are the form's own.
        """
        if ocr.LATIN not in ocr.languages():
            return
        held: dict[BBox, list[Word]] = {}
        boxes = [box for box in self.painted.boxes if not is_tick(box)]
        for word in self.painted.words:
            home = next((box for box in boxes if within(word.bbox, box)), None)
            if home is not None:
                held.setdefault(home, []).append(word)
        wanted = [
            box for box, words in held.items() if not all(id(word) in printed for word in words)
        ]
        kept = {id(w): w for words in held.values() for w in words if id(w) in printed}
        for box in wanted:
            held[box] = [word for word in held[box] if id(word) not in kept]
        places = [bounds(word.bbox for word in held[box]) for box in wanted]
        read = self._singly(engine, places, ocr.LATIN)
        for box, (_, seen) in zip(wanted, read, strict=True):
            fresh = [w for w in seen if not any(within(w.bbox, k.bbox) for k in kept.values())]
            if fresh:
                ours = {id(word) for word in held[box]}
                self.painted.words = [w for w in self.painted.words if id(w) not in ours]
                self.painted.words += agreed(held[box], fresh)

    def _crop(self, box: BBox) -> tuple[Image, tuple[int, int]]:
        scale = self.sheet.scale
        x0, top, x1, bottom = (round(edge * scale) for edge in box)
        area_ = (x0 - _MARGIN, top - _MARGIN, x1 + _MARGIN, bottom + _MARGIN)
        inner = (
            max(0, area_[0]),
            max(0, area_[1]),
            min(self._clean.width, area_[2]),
            min(self._clean.height, area_[3]),
        )
        return self._clean.crop(inner), inner[:2]

    def _words(self, seen: Sequence[Seen], left: int = 0, top: int = 0) -> list[Word]:
        """Words in points. Those of one line are as high as their line: letters without a stroke
        below stand on the line like those with one.
        """
        lines: dict[tuple[int, int, int], list[Seen]] = {}
        for each in seen:
            if _says_something(each):
                lines.setdefault(each.line, []).append(each)
        scale = self.sheet.scale
        words = []
        for line in lines.values():
            for each in line:
                high, low = _level(each, line)
                word = Word(
                    text=_UPRIGHT.get(each.text, each.text),
                    page=self.sheet.page,
                    x0=(each.box[0] + left) / scale,
                    top=(high + top) / scale,
                    x1=(each.box[2] + left) / scale,
                    bottom=(low + top) / scale,
                    confidence=min(each.confidence, _LIKELY if each.text in _UPRIGHT else 1.0),
                )
                if not self._is_trace(word, each.text):
                    words.append(word)
        return words

    def _is_trace(self, word: Word, said: str) -> bool:
        """Whether it is what was left of a box to tick, or of a line."""
        box = word.bbox
        if any(is_tick(each) and within(box, each) for each in self.painted.boxes):
            return True
        if any(map(str.isalnum, said)):
            return False
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return any(
            each[0] - _NEAR <= x <= each[2] + _NEAR
            and each[1] - _NEAR <= y <= each[3] + _NEAR
            and min(abs(x - each[0]), abs(x - each[2]), abs(y - each[1]), abs(y - each[3])) < _NEAR
            for each in self.painted.boxes
        )

    def _boxes(self, drawn: Ruling) -> list[BBox]:
        """Cells, bands and boxes to tick, the smallest first, in points."""
        wide, high = self.sheet.size
        boxes = [*self._points(drawn.bands), *self._cells(drawn)]
        boxes = [
            box
            for box in boxes
            if min(width(box), height(box)) >= _LEAST and area(box) < wide * high / 2
        ]
        boxes, _ = without_combs(boxes)
        boxes += self._points(drawn.ticks)
        return sorted(boxes, key=area)

    def _points(self, boxes: Iterable[PixelBox]) -> list[BBox]:
        scale = self.sheet.scale
        return [(a / scale, b / scale, c / scale, d / scale) for a, b, c, d in boxes]

    def _cells(self, drawn: Ruling) -> list[BBox]:
        lying, standing = self._points(drawn.lying), self._points(drawn.standing)
        for x0, top, x1, bottom in self._points(drawn.bands):
            lying += [(x0, top, x1, top), (x0, bottom, x1, bottom)]
        edges = [edge(box, lying=True) for box in lying]
        return cells(edges + [edge(box, lying=False) for box in standing], _SNAP)

    def unread(self) -> list[BBox]:
        """The boxes in which something is written that gave no word."""
        written = np.asarray(self._clean) < INK
        scale = self.sheet.scale
        found = []
        for box in self.painted.boxes:
            if is_tick(box) or any(overlaps(word.bbox, box) for word in self.painted.words):
                continue
            x0, top, x1, bottom = (round(edge * scale) for edge in box)
            inset = round(2 * scale)
            part = written[top + inset : bottom - inset, x0 + inset : x1 - inset]
            if part.size and float(part.mean()) > _WRITTEN:
                found.append(box)
        return found


def _says_something(seen: Seen) -> bool:
    return seen.confidence >= _NOISE or any(map(str.isalnum, seen.text))


def _level(word: Seen, line: Sequence[Seen]) -> tuple[int, int]:
    """The upper and the lower edge of the words of a line that stand beside a word."""
    high, low = word.box[1], word.box[3]
    beside = [
        each.box
        for each in line
        if min(low, each.box[3]) - max(high, each.box[1]) > _BESIDE * (low - high)
        and each.box[3] - each.box[1] < _TALLER * (low - high)
    ]
    tops, bottoms = sorted(box[1] for box in beside), sorted(box[3] for box in beside)
    return min(high, tops[len(tops) // 2]), max(low, bottoms[len(bottoms) // 2])
