"""Rows of small boxes that each hold one letter of an answer."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from parsers.pdf.geometry import height, width, within
from parsers.pdf.lines import bounds
from parsers.pdf.words import Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.model import BBox
    from parsers.pdf.words import Letter

_HIGHEST = 32.0
_TOUCHING = 1.5
_FEWEST, _ASTRAY = 3, 0.12


def without_combs(boxes: Sequence[BBox]) -> tuple[list[BBox], list[BBox]]:
    """(the boxes with each comb as a single one, the combs). Two equal boxes that touch side by
    side are a comb: between boxes to tick there is room for a word.
    """
    narrow = [box for box in boxes if height(box) <= _HIGHEST and width(box) <= 1.3 * height(box)]
    rows: list[list[BBox]] = []
    for box in sorted(narrow, key=lambda each: (round(each[1]), each[0])):
        if rows and _touch(rows[-1][-1], box):
            rows[-1].append(box)
        else:
            rows.append([box])
    teeth = {box for row in rows if len(row) > 1 for box in row}
    combs = [bounds(row) for row in rows if len(row) > 1]
    return [box for box in boxes if box not in teeth] + combs, combs


def _touch(left: BBox, right: BBox) -> bool:
    return (
        abs(left[1] - right[1]) < _TOUCHING
        and abs(left[3] - right[3]) < _TOUCHING
        and abs(right[0] - left[2]) < _TOUCHING
        and abs(width(left) - width(right)) < 2 * _TOUCHING
    )


def in_combs(words: Sequence[Word], combs: Sequence[BBox]) -> list[Word]:
    """The words, with those that stand in a comb as one: its letters stand apart only on paper."""
    if not combs:
        return list(words)
    free: list[Word] = []
    held: dict[BBox, list[Word]] = {}
    for word in words:
        home = next((comb for comb in combs if within(word.bbox, comb)), None)
        (free if home is None else held.setdefault(home, [])).append(word)
    for comb, letters in held.items():
        letters.sort(key=lambda word: word.x0)
        # A comb is filled without gaps; an empty tooth between letters is a blank.
        tooth = height(comb)
        text = letters[0].text
        for before, after in pairwise(letters):
            text += (" " if after.x0 - before.x1 > 1.5 * tooth else "") + after.text
        x0, top, x1, bottom = bounds(word.bbox for word in letters)
        page = letters[0].page
        free.append(Word(text=text, page=page, x0=x0, top=top, x1=x1, bottom=bottom))
    return free


def spread(words: Sequence[Word], letters: Sequence[Letter]) -> list[Word]:
    """The words of a field that was flattened, as one where all its letters and blanks stand at
    even distances, and the letters apart: the field was a comb, whose teeth may not be drawn.
    """
    if len(words) < _FEWEST or any(len(word.text) > 1 for word in words):
        return list(words)
    row = sorted(letters, key=lambda letter: letter[1][0])
    steps = [(b[0] + b[2] - a[0] - a[2]) / 2 for (_, a), (_, b) in pairwise(row)]
    tooth = min(steps)
    if tooth <= 0 or any(abs(step / tooth - round(step / tooth)) > _ASTRAY for step in steps):
        return list(words)
    text = row[0][0]
    for (said, _), step in zip(row[1:], steps, strict=True):
        text += " " * (round(step / tooth) - 1) + said
    x0, top, x1, bottom = bounds(word.bbox for word in words)
    page = words[0].page
    return [Word(text=text.strip(), page=page, x0=x0, top=top, x1=x1, bottom=bottom)]
