"""The printed words of a page with their boxes, read with PDFium because it is cheap."""

from __future__ import annotations

import ctypes
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pypdfium2 import raw

from parsers.pdf.marks import CHECKED, UNCHECKED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.model import BBox

Letter = tuple[str, "BBox"]
"""A character (or a ligature's characters) and its box as seen."""

_GAP = 0.2
"""Two characters further apart than this share of their height stand in two words."""
MARKS = CHECKED + UNCHECKED
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


class View:
    """From a page's own coordinates to what a person sees: cropped, rotated, top left."""

    def __init__(self, box: tuple[float, float, float, float], rotation: int) -> None:
        """`box` is the crop box in page coordinates, `rotation` in degrees clockwise."""
        self._box = box
        self._rotation = rotation % 360

    def see(self, left: float, bottom: float, right: float, top: float) -> BBox:
        """A rectangle of page coordinates as (x0, top, x1, bottom)."""
        x0, y0, x1, y1 = self._box
        if self._rotation == 90:  # noqa: PLR2004 - degrees
            return (bottom - y0, left - x0, top - y0, right - x0)
        if self._rotation == 180:  # noqa: PLR2004 - degrees
            return (x1 - right, bottom - y0, x1 - left, top - y0)
        if self._rotation == 270:  # noqa: PLR2004 - degrees
            return (y1 - top, x1 - right, y1 - bottom, x1 - left)
        return (left - x0, y1 - top, right - x0, y1 - bottom)


def view_of(page: Any) -> View:
    """The view of a PDFium page."""
    return View(page.get_cropbox(), page.get_rotation())


def words_of(document: Any, number: int) -> list[Word]:
    """The printed words of page `number` (from 1) of a PDFium document, without those in fields."""
    page = document[number - 1]
    view = view_of(page)
    text = page.get_textpage()
    try:
        return words_from(_letters(text, view), number, in_order=True)
    finally:
        text.close()
        page.close()


def _letters(text: Any, view: View) -> list[Letter]:
    """Every character with the box of its font, not of its ink: those line up."""
    box = raw.FS_RECTF()
    pointer = ctypes.byref(box)
    letters: list[Letter] = []
    for index in range(text.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(text.raw, index) or 0x20)
        raw.FPDFText_GetLooseCharBox(text.raw, index, pointer)
        letters.append((character, view.see(box.left, box.bottom, box.right, box.top)))
    return letters


def words_from(
    letters: Sequence[Letter], page: int, *, in_order: bool = False, breaking: bool = False
) -> list[Word]:
    """Letters as words: blanks and gaps part them. `in_order`: they come as they are read; else
    they are read line by line, and from the right where the script is. `breaking`: a line feed
    among them is the writer's.
    """
    words: list[Word] = []
    current: list[Letter] = []
    for letter in letters if in_order else _sorted(letters):
        blank = not letter[0].strip("\x00 \t\r\n\xa0\u2028")
        # A box to tick may be a letter, and stand close to its word.
        box = letter[0] in MARKS or (bool(current) and current[-1][0] in MARKS)
        if current and (blank or box or _apart(current[-1][1], letter[1])):
            words.append(_word(current, page, turn=not in_order))
            current = []
        if not blank:
            current.append(letter)
        elif letter[0] == "\n" and words and breaking:
            words[-1] = replace(words[-1], breaks=words[-1].breaks + 1)
    if current:
        words.append(_word(current, page, turn=not in_order))
    return words


def _sorted(letters: Sequence[Letter]) -> list[Letter]:
    """Line by line, from left to right."""
    lines: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda each: (each[1][1] + each[1][3], each[1][0])):
        middle = (letter[1][1] + letter[1][3]) / 2
        if lines and abs(middle - _middle(lines[-1][-1])) < 0.3 * (letter[1][3] - letter[1][1]):
            lines[-1].append(letter)
        else:
            lines.append([letter])
    return [letter for line in lines for letter in sorted(line, key=lambda each: each[1][0])]


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
        text="".join(texts), page=page, x0=min(x0), top=min(top), x1=max(x1), bottom=max(bottom)
    )


def is_rtl(word: Word) -> bool:
    """Whether a word is written from right to left."""
    return any(unicodedata.bidirectional(character) in _RTL for character in word.text)
