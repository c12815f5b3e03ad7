"""Printed lines as the text that was typed: which line ends are the writer's, which the box's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median
from typing import TYPE_CHECKING

from parsers.pdf.geometry import height
from parsers.pdf.lines import bounds, rows_of
from parsers.pdf.words import is_rtl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.model import BBox
    from parsers.pdf.words import Word

_BLANK = 0.28
"""The width of a blank as a share of the height of the letters."""
_EMPTY_LINE = 1.7
_LETTER = 0.5
"""The width of a letter as a share of its height."""
_HYPHENED = re.compile(r"\w[-\u2010]$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Flowed:
    """The lines as printed (`raw`), the text without the line ends that only the box's width made.
    `broken`: a word may go on in the next line.
    """

    raw: str = ""
    text: str = ""
    broken: bool = False


def flowed(words: Sequence[Word], box: BBox) -> Flowed:
    """A line ends by itself where the next line's first word would still have fitted beside it. An
    empty line is one where the distance to the next is much larger than usual. A line that the box
    ended at a hyphen goes on without a blank; so does one that a single word fills.
    """
    rows = rows_of(words)
    if not rows:
        return Flowed()
    boxes = [bounds(word.bbox for word in row) for row in rows]
    middles = [(box_[1] + box_[3]) / 2 for box_ in boxes]
    steps = [b - a for a, b in pairwise(middles)]
    tall = median(height(each) for each in boxes)
    usual = min((step for step in steps if step > 0.7 * tall), default=tall * 1.2)
    margin = max(min(each[0] for each in boxes) - box[0], 1.0)
    raw = text = _line(rows[0])
    broken = False
    for number, row in enumerate(rows[1:]):
        line = _line(row)
        empty = (
            max(0, round(steps[number] / usual) - 1) if steps[number] > _EMPTY_LINE * usual else 0
        )
        room = box[2] - margin - boxes[number][2]
        fits = _BLANK * tall + row[0].x1 - row[0].x0 < room
        raw += "\n" * (1 + empty) + line
        if empty or fits:
            text += "\n" * (1 + empty) + line
        elif _HYPHENED.search(text):
            text += line
        elif len(rows[number]) == 1 and room < _LETTER * tall and not is_rtl(row[0]):
            text += line
            broken = True
        else:
            text += f" {line}"
    return Flowed(raw=raw, text=text, broken=broken)


def _line(row: Sequence[Word]) -> str:
    row = _as_read(row)
    parts = [word.text + ("\n" * word.breaks or " ") for word in row[:-1]]
    return "".join(parts) + row[-1].text


def _as_read(row: Sequence[Word]) -> list[Word]:
    """The words of a line in the order of reading: those of a script written from right to left
    follow each other leftwards.
    """
    read: list[Word] = []
    for leftwards, group in groupby(row, key=is_rtl):
        words = list(group)
        read += words[::-1] if leftwards else words
    return read
