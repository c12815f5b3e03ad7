"""The printed words of a page with their boxes, read with PDFium because it is cheap."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from pypdfium2 import raw

from parsers.pdf.marks import CHECKED, UNCHECKED
from parsers.pdf.view import view_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.model import BBox
    from parsers.pdf.opened import Opened, Shown
    from parsers.pdf.view import View

Letter = tuple[str, "BBox"]
"""A character (or a ligature's characters) and its box as seen."""

_GAP = 0.2
"""Two characters further apart than this share of their height stand in two words."""
SAME_SIZE = 0.9
"""Letters are of one size when their heights differ by no more."""
_SMALLEST = 4.0
"""Letters count as at least so many points high."""
_OVER = 0.4
_HAIR = 0.3
"""Points; less than the narrowest letter of the smallest print is wide."""
_ASLANT = 0.34
"""The sine of twice the angle (10°) from which print lies aslant."""
_ROWS = 1 << 32
"""Hairs that lie one below the other are numbered on; no page is so high."""
MARKS = CHECKED + UNCHECKED
_FIRST_MARK = min(MARKS)
_SHAPED = re.compile("[\ufb00-\ufb06\ufb50-\ufdfb\ufe70-\ufefc]+")
_SWAPPED = re.compile("(?:(?<=[A-Za-z])|(?=.{2,3}[A-Za-z]))[\u6600\u6900\u6c00\u7400\u7300]{2,3}")
"""The letters f, i, l, t and s with their two bytes swapped. Ghostscript 10 says so of the letters
of ligatures (ff, fi, ffl); among Latin letters nobody writes these characters.
"""
_RTL = ("R", "AL")
_BLANK = "\x00 \t\r\n\xa0\u2028"
_BLANKS = frozenset(_BLANK)
_NOWHERE = (0.0, 0.0, 0.0, 0.0)


class Word:
    """One word; the box in points from the top left of the page as shown. `breaks` line ends that
    the document itself stores follow it; `confidence` is below 1 when it was recognised in a
    picture. Equal only to itself.

    No dataclass, because there are thousands, and each is asked for its box again and again.
    """

    __slots__ = (
        *("bbox", "bottom", "breaks", "confidence", "height", "page", "text", "top", "x0", "x1"),
    )

    def __init__(
        self,
        *,
        text: str,
        page: int,
        x0: float,
        top: float,
        x1: float,
        bottom: float,
        breaks: int = 0,
        confidence: float = 1.0,
    ) -> None:
        self.text = text
        self.page = page
        self.x0 = x0
        self.top = top
        self.x1 = x1
        self.bottom = bottom
        self.breaks = breaks
        self.confidence = confidence
        self.bbox = (x0, top, x1, bottom)
        self.height = bottom - top

    def part(self, text: str, x0: float, x1: float) -> Word:
        """Some of its letters, between two edges."""
        return Word(
            text=text,
            page=self.page,
            x0=x0,
            top=self.top,
            x1=x1,
            bottom=self.bottom,
            breaks=self.breaks,
            confidence=self.confidence,
        )

    def of_confidence(self, confidence: float) -> Word:
        """The same, recognised with another confidence."""
        return Word(
            text=self.text,
            page=self.page,
            x0=self.x0,
            top=self.top,
            x1=self.x1,
            bottom=self.bottom,
            breaks=self.breaks,
            confidence=confidence,
        )

    @property
    def placed(self) -> bool:
        """Whether the file tells where each letter of it stands."""
        return self.x1 - self.x0 >= _HAIR or len(self.text) == 1


def seen(opened: Opened, number: int) -> tuple[View, list[Word]]:
    """Page `number` (from 1) of a PDFium document: how it is read, and its printed words, without
    those in fields.
    """
    with opened.read(number) as shown:
        view = view_of(shown.page, shown.text, shown.characters)
        if not view.turned:
            return view, words_from(_letters(shown, view), number, in_order=True)
    # In which order PDFium tells the letters of a page depends on how the page is turned.
    with opened.read(number) as shown:
        return view, words_from(_letters(shown, view), number, in_order=True)


def view(opened: Opened, number: int) -> View:
    """How page `number` (from 1) is read."""
    with opened.read(number) as shown:
        return view_of(shown.page, shown.text, shown.characters)


class Twins:
    """Finds print that is drawn twice, a hair apart: some printers make bold print so."""

    def __init__(self) -> None:
        self._there: dict[str, set[int]] = {}

    def again(self, said: str, box: BBox) -> bool:
        """Whether the same letter stood there already. Of letters without a width, all those of a
        word stand at one place.
        """
        if said.isspace() or box[2] - box[0] < _HAIR:
            return False
        at = round(box[0] / _HAIR) * _ROWS + round(box[1] / _HAIR)
        there = self._there.get(said)
        if there is None:
            self._there[said] = {at}
            return False
        left, right = at - _ROWS, at + _ROWS
        around = (left - 1, left, left + 1, at - 1, at, at + 1, right - 1, right, right + 1)
        if not there.isdisjoint(around):
            return True
        there.add(at)
        return False


def _letters(shown: Shown, view: View) -> list[Letter]:
    """Every character with the box of its font, not of its ink: those line up. A blank has none.
    What lies aslant over the page (a watermark) is not read.
    """
    box = raw.FS_RECTF()
    pointer = ctypes.byref(box)
    letters: list[Letter] = []
    again = Twins().again
    see, page = view.see, shown.text.raw
    measure, turned = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharAngle
    before, slanting = math.nan, False
    for index, character in enumerate(shown.characters):
        if character in _BLANKS:
            letters.append((character, _NOWHERE))
            continue
        measure(page, index, pointer)
        if box.bottom != before:
            before, slanting = box.bottom, is_slanting(turned(page, index))
        if slanting:
            continue
        seen = see(box.left, box.bottom, box.right, box.top)
        if not again(character, seen):
            letters.append((character, seen))
    return letters


def is_slanting(angle: float) -> bool:
    """Whether an angle (in radians) is far from every right one. Pages may be scanned a little
    askew.
    """
    return abs(math.sin(2 * angle)) > _ASLANT


def words_from(
    letters: Sequence[Letter], page: int, *, in_order: bool = False, breaking: bool = False
) -> list[Word]:
    """Letters as words: blanks and gaps part them. `in_order`: they come as they are read; else
    they are read line by line, and from the right where the script is. `breaking`: a line feed
    among them is the writer's.
    """
    words: list[Word] = []
    for line in [letters] if in_order else _sorted(letters):
        words += _words_of_line(line, page, turn=not in_order, breaking=breaking)
    return words


def _words_of_line(
    letters: Sequence[Letter], page: int, *, turn: bool, breaking: bool
) -> list[Word]:
    words: list[Word] = []
    current: list[Letter] = []
    before = False
    last: BBox = _NOWHERE
    for letter in letters:
        said, box = letter
        if said in _BLANKS or (len(said) != 1 and not said.strip(_BLANK)):
            if current:
                words.append(_word(current, page, turn=turn))
                current = []
            if said == "\n" and words and breaking:
                words[-1].breaks += 1
            continue
        # A box to tick may be a letter, and stand close to its word.
        mark = said >= _FIRST_MARK and said in MARKS
        if current and (mark or before or _apart(last, box)):
            words.append(_word(current, page, turn=turn))
            current = []
        current.append(letter)
        before, last = mark, box
    if current:
        words.append(_word(current, page, turn=turn))
    return words


def _sorted(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Line by line, from left to right; print over other print of another size is another line."""
    lines: list[list[Letter]] = []
    before = 0.0
    for letter in sorted(letters, key=_by_line):
        _, top, _, bottom = letter[1]
        middle = (top + bottom) / 2
        if lines and abs(middle - before) < 0.3 * (bottom - top):
            lines[-1].append(letter)
        else:
            lines.append([letter])
        before = middle
    return [part for line in lines for part in _layers(line)]


def _layers(line: list[Letter]) -> list[list[Letter]]:
    line.sort(key=_by_left)
    if not any(_laid_over(one[1], other[1]) for one, other in pairwise(line)):
        return [line]
    layers: dict[float, list[Letter]] = {}
    for letter in line:
        tall = letter[1][3] - letter[1][1]
        same = (h for h in layers if SAME_SIZE < h / max(tall, 0.1) < 1 / SAME_SIZE)
        layers.setdefault(next(same, tall), []).append(letter)
    return list(layers.values())


def _laid_over(one: BBox, other: BBox) -> bool:
    """Whether a letter is printed over one of another size."""
    left, top, right, bottom = other
    return (
        one[2] - left > _OVER * (right - left)
        and not SAME_SIZE < (one[3] - one[1]) / max(bottom - top, 0.1) < 1 / SAME_SIZE
    )


def _by_line(letter: Letter) -> tuple[float, float]:
    box = letter[1]
    return (box[1] + box[3], box[0])


def _by_left(letter: Letter) -> float:
    return letter[1][0]


def _apart(before: BBox, after: BBox) -> bool:
    _, top, right, bottom = before
    left, up, _, down = after
    tall = max(bottom - top, down - up, _SMALLEST)
    gap = left - right
    return abs((up + down) - (top + bottom)) / 2 > tall * 0.9 or not -tall * 3 < gap < tall * _GAP


def _word(letters: list[Letter], page: int, *, turn: bool) -> Word:
    texts, boxes = zip(*letters, strict=True)
    text = "".join(texts)
    if not text.isascii():
        strong = [unicodedata.bidirectional(each[0]) in _RTL for each in texts]
        if turn and sum(strong) * 2 > len(strong):
            text = "".join(reversed(texts))
        text = _SWAPPED.sub(_swapped, _SHAPED.sub(_unshaped, text))
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return Word(text=text, page=page, x0=min(x0), top=min(top), x1=max(x1), bottom=max(bottom))


def _unshaped(found: re.Match[str]) -> str:
    """The letters that were typed: fonts have shapes of their own for joined ones."""
    return unicodedata.normalize("NFKC", found[0])


def _swapped(found: re.Match[str]) -> str:
    return "".join(chr(ord(letter) >> 8) for letter in found[0])


def is_rtl(word: Word) -> bool:
    """Whether a word is written from right to left."""
    return any(unicodedata.bidirectional(character) in _RTL for character in word.text)
