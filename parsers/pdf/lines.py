"""Words in runs: what stands side by side on a line with no more than a blank between."""

from __future__ import annotations

import re
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from parsers.normal import normal
from parsers.pdf.words import MARKS, SAME_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parsers.model import BBox
    from parsers.pdf.words import Word

_GAP = 1.1
"""A wider gap than this share of the height of the words begins another run (another column)."""

_GLUED = re.compile(r"^\W*[A-Za-z]?\d{1,2}(?:\.\d{1,2})*[.):]+(?=[^\W\d])")

_LAID_OVER = 3.0
_LAYERS = 3


class Run:
    """Words that belong together on one line; equal only to itself."""

    def __init__(self, words: tuple[Word, ...]) -> None:
        """At least one word, from left to right."""
        self.words = words

    @property
    def page(self) -> int:
        """From 1."""
        return self.words[0].page

    @cached_property
    def bbox(self) -> BBox:
        """(x0, top, x1, bottom)."""
        return bounds(word.bbox for word in self.words)

    @property
    def text(self) -> str:
        """The words with single blanks."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def normals(self) -> tuple[str, ...]:
        """Each word in normal form, "" for one without letters or digits; the first without a
        number that no blank parts from it ("1.Surname").
        """
        first, *others = self.words
        return (normal(_GLUED.sub("", first.text)), *(normal(word.text) for word in others))

    @cached_property
    def letters(self) -> str:
        """All letters and digits."""
        return "".join(self.normals)


def bounds(boxes: Iterable[BBox]) -> BBox:
    """The smallest box around all."""
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return (min(x0), min(top), max(x1), max(bottom))


def rows_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words by the line on which they stand, from top to bottom, each from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=_place):
        homes = [row for row in rows[-_LAYERS:] if _fits(row, word)]
        if not homes:
            rows.append([word])
        elif len(homes) == 1:
            homes[0].append(word)
        else:
            # Where print lies over print, a word goes on with those of its size.
            tall = word.height
            min(homes, key=lambda row: abs(row[-1].height - tall)).append(word)
    for row in rows:
        row.sort(key=_left)
    return rows


_left = attrgetter("x0")


def _place(word: Word) -> tuple[int, float, float]:
    return (word.page, (word.top + word.bottom) / 2, word.x0)


def runs_of(words: Iterable[Word]) -> list[Run]:
    """All words as runs, from top to bottom and left to right."""
    runs = []
    for row in rows_of(words):
        current: list[Word] = []
        for word in row:
            apart = bool(current) and word.x0 - current[-1].x1 > _GAP * max(word.height, 6.0)
            # A box to tick begins something of its own, however close it stands to a question.
            if current and (apart or word.text in MARKS):
                runs.append(Run(tuple(current)))
                current = []
            current.append(word)
        runs.append(Run(tuple(current)))
    return runs


def _fits(row: Sequence[Word], word: Word) -> bool:
    """A tall word beside two small lines belongs to one of them, and doesn't join both."""
    first, last = row[0], row[-1]
    if first.page != word.page or not _same_line(last, word):
        return False
    if first is not last and not _same_line(first, word):
        return False
    left, right = word.x0 + _LAID_OVER, word.x1 - _LAID_OVER
    return not any(other.x1 > left and right > other.x0 and _over(other, word) for other in row)


def _same_line(one: Word, other: Word) -> bool:
    top, bottom, up, down = one.top, one.bottom, other.top, other.bottom
    overlap = (min(down, bottom)) - (max(up, top))
    low, high = bottom - top, down - up
    return overlap > 0.5 * (min(high, low))


def _over(one: Word, other: Word) -> bool:
    """Whether a word is printed over one of another size."""
    return (
        min(one.x1, other.x1) - max(one.x0, other.x0) > _LAID_OVER
        and not SAME_SIZE < one.height / max(other.height, 0.1) < 1 / SAME_SIZE
    )
