"""One text out of two readings of the same letters: what both say is sure, what they differ in
is doubtful.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from parsers.pdf.words import Word

if TYPE_CHECKING:
    from collections.abc import Sequence

_SURE = 0.97
"""No letter that was recognised in a picture is surer."""
_DIFFERENT, _ALONE, _SPACED = 0.7, 0.8, 0.9
"""What is left of the confidence when the readings differ, when only one has a word, and when they
differ in blanks alone."""
_SPECK = 0.55
_TOUCHING = 0.6
"""Blanks beside an @ are narrower than this share of the height of the letters."""


def agreed(first: Sequence[Word], second: Sequence[Word]) -> list[Word]:
    """The words of two readings of one place, each with how sure it is now. A speck that only one
    of them took for a letter is left out, unless there would be nothing else.
    """
    words: list[Word] = []
    specks: list[Word] = []
    for ours, theirs in _clusters(first, second):
        if ours and theirs:
            words += _chosen(ours, theirs)
            continue
        for word in (*ours, *theirs):
            letters = any(map(str.isalnum, word.text))
            kept = word.confidence >= _SPECK and letters
            (words if kept else specks).append(_less(word, _ALONE))
    return _joined(words or specks)


def _clusters(first: Sequence[Word], second: Sequence[Word]) -> list[tuple[list[Word], list[Word]]]:
    """The words of both readings by the place where they stand."""
    clusters: list[tuple[list[Word], list[Word]]] = []
    for side, reading in enumerate((first, second)):
        for word in reading:
            homes = [c for c in clusters if any(_same(word, each) for each in (*c[0], *c[1]))]
            home: tuple[list[Word], list[Word]] = ([], [])
            for each in homes:
                clusters.remove(each)
                home[0].extend(each[0])
                home[1].extend(each[1])
            home[side].append(word)
            clusters.append(home)
    for cluster in clusters:
        for words in cluster:
            words.sort(key=lambda word: word.x0)
    return clusters


def _same(one: Word, other: Word) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 0.3 * min(one.x1 - one.x0, other.x1 - other.x0) and down > 0.5 * min(
        one.height, other.height
    )


def _chosen(first: list[Word], second: list[Word]) -> list[Word]:
    one, other = (" ".join(word.text for word in words) for words in (first, second))
    better = max((second, first), key=_confidence)
    if one == other:
        doubt = (1 - _confidence(first)) * (1 - _confidence(second))
        return [word.of_confidence(min(_SURE, 1 - doubt)) for word in second]
    if one.replace(" ", "") == other.replace(" ", ""):
        return [_less(word, _SPACED) for word in better]
    if _plain(one) == _plain(other):
        # Only the second reading knows letters with accents; a mark of its own is no speck.
        return second if _marks(other) > _marks(one) else first
    return [_less(word, _DIFFERENT) for word in better]


def _confidence(words: Sequence[Word]) -> float:
    return min(word.confidence for word in words)


def _less(word: Word, share: float) -> Word:
    return word.of_confidence(round(min(word.confidence, _SURE) * share, 3))


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _marks(text: str) -> int:
    return sum(map(bool, map(unicodedata.combining, unicodedata.normalize("NFKD", text))))


def _joined(words: Sequence[Word]) -> list[Word]:
    """An address is one word, however far its @ stands from its letters."""
    found: list[Word] = []
    for word in sorted(words, key=lambda each: (each.top + each.bottom, each.x0)):
        home = next((each for each in found if _meet(each, word)), None)
        if home is None:
            found.append(word)
            continue
        found[found.index(home)] = Word(
            page=home.page,
            text=home.text + word.text if home.x0 < word.x0 else word.text + home.text,
            x0=min(home.x0, word.x0),
            x1=max(home.x1, word.x1),
            top=min(home.top, word.top),
            bottom=max(home.bottom, word.bottom),
            confidence=min(home.confidence, word.confidence),
        )
    return found


def _meet(one: Word, other: Word) -> bool:
    left, right = (one, other) if one.x0 < other.x0 else (other, one)
    level = min(one.bottom, other.bottom) - max(one.top, other.top) > 0.5 * one.height
    near = right.x0 - left.x1 < _TOUCHING * max(one.height, other.height)
    return level and near and (left.text.endswith("@") or right.text.startswith("@"))
