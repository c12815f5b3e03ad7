"""Questions that print "Yes / No", of which one is to be struck out or ringed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.model import Method
from parsers.pdf import geometry
from parsers.pdf.lines import bounds
from parsers.pdf.slots import Slot
from parsers.pdf.strokes import mark_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parsers.labels import Labels
    from parsers.model import BBox
    from parsers.pdf.lines import Run
    from parsers.pdf.strokes import Mark, Stroke
    from parsers.pdf.words import Word
    from parsers.yes_no import YesNo

_APART, _ABOVE = 130.0, 46.0
_CONFIDENCE = 0.95
_ASKING = ("delete", "strike", "circle", "ring", "dilëwch", "dileer", "cylchwch")
"""One of these words follows where the form says what to do with the two."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """One of the two answers, with the words of the page of which it is made."""

    answer: str
    bbox: BBox
    words: tuple[Word, ...]


def chosen(
    runs: Sequence[Run], ticks: Sequence[Slot], strokes: Sequence[Stroke], labels: Labels
) -> tuple[list[Slot], set[int]]:
    """(a place to tick for each of the two, on where it is meant; the words that they are made of).

    A word that is ringed, or left when the other is struck out, is meant. Where the marks don't
    tell, neither is, and both are doubtful. `ticks` are boxes: with those around, words are
    captions.
    """
    slots: list[Slot] = []
    spent: set[int] = set()
    for pair in _pairs(runs, labels.spec.yes_no):
        around = bounds(each.bbox for each in pair)
        page = pair[0].words[0].page
        if _is_captioned(around, page, ticks) or not _is_asked(around, page, labels):
            continue
        boxes = [each.bbox for each in pair]
        marks = [mark_on(box, [b for b in boxes if b is not box], strokes) for box in boxes]
        meant = _meant(marks)
        for number, each in enumerate(pair):
            sure = meant is not None or marks[number] == type(marks[number])()
            slots.append(
                Slot(
                    page=page, bbox=each.bbox, tick=True, on=meant == number, sure=sure,
                    state=each.answer, answer=each.answer, method=Method.LAYOUT,
                    confidence=_CONFIDENCE,
                )
            )  # fmt: skip
            spent.update(id(word) for word in each.words)
        spent.update(id(word) for run in runs for word in run.words if _between(word, around, page))
    return slots, spent


def _meant(marks: Sequence[Mark]) -> int | None:
    """Which of two is meant, where that is clear."""
    if any(mark.odd for mark in marks):
        return None
    options = [
        number
        for number in (0, 1)
        if not marks[number].struck
        and not marks[1 - number].ringed
        and (marks[number].ringed or marks[1 - number].struck)
    ]
    return options[0] if len(options) == 1 else None


def _pairs(runs: Sequence[Run], said: YesNo) -> Iterator[tuple[_Said, _Said]]:
    """Yes and no, alone on their line: in one run, or in two side by side."""
    alone: list[_Said] = []
    for run in runs:
        found = _answers(run, said)
        if len(found) == 1:
            alone.append(found[0])
        elif len(found) == 2 and found[0].answer != found[1].answer:  # noqa: PLR2004 - a pair
            yield found[0], found[1]
    for one in alone:
        for other in alone:
            gap = geometry.left_gap(one.bbox, other.bbox)
            if (
                one.answer != other.answer
                and one.words[0].page == other.words[0].page
                and gap is not None
                and gap < _APART
            ):
                yield one, other


def _answers(run: Run, said: YesNo) -> list[_Said]:
    """The answers of which a run consists, none if it says anything else."""
    parts = [part for word in run.words for part in _parts(word)]
    found: list[_Said] = []
    while parts:
        if not any(letter.isalnum() for letter in parts[0][0].text):
            del parts[0]
            continue
        lengths = range(min(said.longest, len(parts)), 0, -1)
        told = next((n for n in lengths if said.answer(" ".join(p.text for p, _ in parts[:n]))), 0)
        if not told:
            asking = found and any(p.text.casefold().strip("(*.") in _ASKING for p, _ in parts)
            return found if asking else []
        answer = said.answer(" ".join(part.text for part, _ in parts[:told])) or ""
        bbox = bounds(part.bbox for part, _ in parts[:told])
        words = tuple(word for _, word in parts[:told])
        if found and found[-1].answer == answer:
            # The same in another language.
            before = found.pop()
            bbox, words = bounds((before.bbox, bbox)), (*before.words, *words)
        found.append(_Said(answer=answer, bbox=bbox, words=words))
        del parts[:told]
    return found


def _parts(word: Word) -> Iterator[tuple[Word, Word]]:
    """A word in its parts, "Yes/No" in two, each with the whole word."""
    at, letters = 0, max(len(word.text), 1)
    step = (word.x1 - word.x0) / letters
    for part in word.text.replace("|", "/").split("/"):
        if part:
            x0, x1 = word.x0 + at * step, word.x0 + (at + len(part)) * step
            yield word.part(part, x0, x1), word
        at += len(part) + 1


def _is_captioned(around: BBox, page: int, ticks: Sequence[Slot]) -> bool:
    """Whether boxes to tick stand in the same row, or in a column below."""
    return any(
        tick.page == page
        and (
            (geometry.level(tick.bbox, around) and _gap(tick.bbox, around) < _APART)
            or geometry.above_gap(around, tick.bbox) is not None
        )
        for tick in ticks
    )


def _gap(one: BBox, other: BBox) -> float:
    return max(one[0] - other[2], other[0] - one[2], 0.0)


def _is_asked(around: BBox, page: int, labels: Labels) -> bool:
    """Whether the nearest label, left of the words or above them, is a yes/no question."""
    beside: list[tuple[float, str]] = []
    above: list[tuple[float, str]] = []
    for key, label in labels.fields.items():
        if label.page != page:
            continue
        gaps = [geometry.left_gap(box, around) for box in (label.bbox, *label.boxes)]
        beside += [(gap, key) for gap in gaps if gap is not None]
        under = geometry.above_gap((label.bbox[0], *label.bbox[1:2], 1e6, label.bbox[3]), around)
        above += [(under, key)] if under is not None and under < _ABOVE else []
    nearest = min(beside or above, default=None)
    return nearest is not None and labels.spec.field(nearest[1]).kind == "yes_no"


def _between(word: Word, around: BBox, page: int) -> bool:
    """Whether a mark without letters stands between the two."""
    return (
        word.page == page
        and geometry.within(word.bbox, around)
        and not any(letter.isalnum() for letter in word.text)
    )
