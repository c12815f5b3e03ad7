"""Round boxes to tick in a picture: rings and dots beside the words that answer a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parsers.normal import normal
from parsers.pdf.geometry import height, level, overlaps, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.model import BBox
    from parsers.ocr.pixels import Ink
    from parsers.pdf.words import Word

_YES, _NO = frozenset({"yes", "ydw", "ydy", "oes"}), frozenset({"no", "nac"})
_LEAST, _MOST = 5.5, 16.0
"""Points across."""
_SMALL, _TOGETHER, _CLEAR = 24.0, 30.0, 2.0
"""Points: boxes to tick are no larger; the two answers stand no further apart in height; what is
left of a ring leaves it so much room.
"""
_BEFORE, _APART = 26.0, 1.0
"""Points left of a word in which its ring stands, and between them at least."""


def rings(ink: Ink, words: Sequence[Word], boxes: Sequence[BBox], scale: float) -> list[BBox]:
    """What stands alone, as wide as high, left of words that say yes and no on one line or one
    above the other, in points; nothing where a box to tick is there already.
    """
    small = [box for box in boxes if max(width(box), height(box)) <= _SMALL]
    said = [
        (word, box)
        for word in words
        if normal(word.text) in _YES | _NO
        and (box := _ring(ink, word, scale)) is not None
        and not any(overlaps(box, each) for each in small)
    ]
    return [
        box
        for word, box in said
        if any(_answers(word, other) and _alike(box, ring) for other, ring in said)
    ]


def _answers(one: Word, other: Word) -> bool:
    """Whether one says yes and the other no, side by side or one above the other."""
    apart = (normal(one.text) in _YES) != (normal(other.text) in _YES)
    beside = level(one.bbox, other.bbox) or abs(one.x0 - other.x0) < one.height
    return apart and beside and abs(one.top - other.top) < _TOGETHER


def _alike(one: BBox, other: BBox) -> bool:
    return abs(width(one) - width(other)) < 0.3 * width(one)


def _ring(ink: Ink, word: Word, scale: float) -> BBox | None:
    left, right = round((word.x0 - _BEFORE) * scale), round((word.x0 - _APART) * scale)
    middle, reach = (word.top + word.bottom) / 2, _MOST / 2 + 1
    top, bottom = round((middle - reach) * scale), round((middle + reach) * scale)
    left, top = max(left, 0), max(top, 0)
    part = ink[top:bottom, left:right]
    # The nearest group of columns with ink, up to a gap.
    columns = np.flatnonzero(np.logical_or.reduce(part))
    if not len(columns):
        return None
    end = int(columns[-1])
    gaps = np.flatnonzero(np.diff(columns) > 1)
    begin = int(columns[gaps[-1] + 1] if len(gaps) else columns[0])
    if len(gaps) and begin - columns[gaps[-1]] < _CLEAR * scale:
        return None  # a letter of a word
    rows = np.flatnonzero(part[:, begin : end + 1].any(axis=1))
    wide, high = (end + 1 - begin) / scale, (rows[-1] + 1 - rows[0]) / scale
    if not (_LEAST <= wide <= _MOST and 0.75 <= wide / high <= 1.33):  # noqa: PLR2004 - nearly round
        return None
    return (
        (left + begin) / scale,
        float(top + rows[0]) / scale,
        (left + end + 1) / scale,
        float(top + rows[-1] + 1) / scale,
    )
