"""The printed words of a page with their boxes, read with PDFium because it is cheap."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pypdfium2 import raw

from parsers.pdf.marks import CHECKED, UNCHECKED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.model import BBox
    from parsers.pdf.view import View

Letter = tuple[str, "BBox"]
"""A character (or a ligature's characters) and its box as seen."""

_GAP = 0.2
"""Two characters further apart than this share of their height stand in two words."""
SAME_SIZE = 0.9
"""Letters are of one size when their heights differ by no more."""
_OVER = 0.4
_HAIR = 0.3
"""Points; less than the narrowest letter of the smallest print is wide."""
MARKS = CHECKED + UNCHECKED
_SHAPED = re.compile("[\ufb00-\ufb06\ufb50-\ufdfb\ufe70-\ufefc]+")
_RTL = ("R", "AL")


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """One word; the box in points from the top left of the page as shown. `breaks` line ends that
    the document itself stores follow it.
    """

    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    breaks: int = 0

    @property
    def bbox(self) -> BBox:
        """(x0, top, x1, bottom)."""
        return (self.x0, self.top, self.x1, self.bottom)

    @property
    def height(self) -> float:
        """In points."""
        return self.bottom - self.top


def words_of(document: Any, number: int, view: View) -> list[Word]:
    """The printed words of page `number` (from 1) of a PDFium document, without those in fields."""
    page = document[number - 1]
    text = page.get_textpage()
    try:
        return words_from(_letters(text, view), number, in_order=True)
    finally:
        text.close()
        page.close()


class Twins:
    """Finds print that is drawn twice, a hair apart: some printers make bold print so."""

    def __init__(self) -> None:
        self._there: set[tuple[str, int, int]] = set()

    def again(self, said: str, box: BBox) -> bool:
        """Whether the same letter stood there already."""
        if said.isspace():
            return False
        x, y = round(box[0] / _HAIR), round(box[1] / _HAIR)
        if any((said, x + dx, y + dy) in self._there for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            return True
        self._there.add((said, x, y))
        return False


def _letters(text: Any, view: View) -> list[Letter]:
    """Every character with the box of its font, not of its ink: those line up."""
    box = raw.FS_RECTF()
    pointer = ctypes.byref(box)
    letters: list[Letter] = []
    twins = Twins()
    for index in range(text.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(text.raw, index) or 0x20)
        raw.FPDFText_GetLooseCharBox(text.raw, index, pointer)
        seen = view.see(box.left, box.bottom, box.right, box.top)
        if not twins.again(character, seen):
            letters.append((character, seen))
    return letters


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
    for letter in letters:
        blank = not letter[0].strip("\x00 \t\r\n\xa0\u2028")
        # A box to tick may be a letter, and stand close to its word.
        box = letter[0] in MARKS or (bool(current) and current[-1][0] in MARKS)
        if current and (blank or box or _apart(current[-1][1], letter[1])):
            words.append(_word(current, page, turn=turn))
            current = []
        if not blank:
            current.append(letter)
        elif letter[0] == "\n" and words and breaking:
            words[-1] = replace(words[-1], breaks=words[-1].breaks + 1)
    if current:
        words.append(_word(current, page, turn=turn))
    return words


def _sorted(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Line by line, from left to right; print over other print of another size is another line."""
    lines: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda each: (each[1][1] + each[1][3], each[1][0])):
        middle = (letter[1][1] + letter[1][3]) / 2
        if lines and abs(middle - _middle(lines[-1][-1])) < 0.3 * (letter[1][3] - letter[1][1]):
            lines[-1].append(letter)
        else:
            lines.append([letter])
    return [part for line in lines for part in _layers(line)]


def _layers(line: list[Letter]) -> list[list[Letter]]:
    line.sort(key=lambda each: each[1][0])
    over = any(
        one[1][2] - other[1][0] > _OVER * (other[1][2] - other[1][0])
        and not SAME_SIZE < _tall(one) / max(_tall(other), 0.1) < 1 / SAME_SIZE
        for one, other in pairwise(line)
    )
    if not over:
        return [line]
    layers: dict[float, list[Letter]] = {}
    for letter in line:
        same = (h for h in layers if SAME_SIZE < h / max(_tall(letter), 0.1) < 1 / SAME_SIZE)
        layers.setdefault(next(same, _tall(letter)), []).append(letter)
    return list(layers.values())


def _tall(letter: Letter) -> float:
    return letter[1][3] - letter[1][1]


def _middle(letter: Letter) -> float:
    return (letter[1][1] + letter[1][3]) / 2


def _apart(before: BBox, after: BBox) -> bool:
    tall = max(before[3] - before[1], after[3] - after[1], 4.0)
    off_line = abs((after[1] + after[3]) - (before[1] + before[3])) / 2 > tall * 0.9
    gap = after[0] - before[2]
    return off_line or not -tall * 3 < gap < tall * _GAP


def _word(letters: list[Letter], page: int, *, turn: bool) -> Word:
    x0, top, x1, bottom = zip(*(box for _, box in letters), strict=True)
    texts = [text for text, _ in letters]
    strong = [unicodedata.bidirectional(text[0]) in _RTL for text in texts]
    if turn and sum(strong) * 2 > len(strong):
        texts.reverse()
    return Word(
        text=_SHAPED.sub(_unshaped, "".join(texts)),
        page=page,
        x0=min(x0),
        top=min(top),
        x1=max(x1),
        bottom=max(bottom),
    )


def _unshaped(found: re.Match[str]) -> str:
    """The letters that were typed: fonts have shapes of their own for joined ones."""
    return unicodedata.normalize("NFKC", found[0])


def is_rtl(word: Word) -> bool:
    """Whether a word is written from right to left."""
    return any(unicodedata.bidirectional(character) in _RTL for character in word.text)
