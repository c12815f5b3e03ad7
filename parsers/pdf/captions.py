"""Boxes to tick, with the words printed beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from parsers.normal import normal
from parsers.pdf import geometry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from parsers.pdf.lines import Run
    from parsers.pdf.slots import Slot
    from parsers.pdf.words import Word
    from parsers.yes_no import YesNo

_BESIDE = 40.0
_UNTRUE = ("0", "false")
_BETWEEN = ("/", "|")
"""What stands between an answer in one language and the same in another."""
_NEITHER = frozenset(
    {
        "notknown",
        "unknown",
        "dontknow",
        "notsure",
        "unsure",
        "notapplicable",
        "na",
        "prefernottosay",
    }
)
"""What a third box says, beside yes and no."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    """A box to tick, the words printed beside it (maybe none), and the `answer` that it is: `yes`
    or `no` as printed beside it, else as the file names its state.
    """

    slot: Slot
    words: tuple[Word, ...] = ()
    answer: str | None = None

    @property
    def caption(self) -> str:
        """The words beside it."""
        return _text(self.words)

    @property
    def neither(self) -> bool:
        """Whether it says that the answer isn't known, or isn't given."""
        return self.answer is None and normal(self.caption or self.slot.state) in _NEITHER


def captioned(slots: Sequence[Slot], runs: Sequence[Run], said: YesNo) -> list[Tick]:
    """Every box to tick with its word. Whether words stand right or left of the boxes is told row
    by row, by what comes first. `said` are the form's words for yes and no.
    """
    ticks = []
    by_page: dict[int, list[Run]] = {}
    for run in runs:
        by_page.setdefault(run.page, []).append(run)
    for row in _rows(sorted((s for s in slots if s.tick), key=lambda slot: slot.place)):
        words = [
            word
            for run in by_page.get(row[0].page, ())
            for word in run.words
            if (normal(word.text) or word.text in _BETWEEN) and _beside(word, row[0])
        ]
        words.sort(key=lambda word: word.x0)
        texts = [word.text for word in words]
        yes_no = [
            word
            for n, word in enumerate(words)
            if word.text not in _BETWEEN and said.at_start(texts[n:])
        ]
        first = next((w for w in yes_no if w.x1 > row[0].bbox[0] - _BESIDE), None)
        right = first is None or first.x0 > row[0].bbox[0]
        for number, slot in enumerate(row):
            if slot.answer:
                ticks.append(Tick(slot=slot, answer=slot.answer))
                continue
            edge = row[number + 1].bbox[0] if number + 1 < len(row) else float("inf")
            start = row[number - 1].bbox[2] if number else float("-inf")
            ticks.append(_with_word(slot, words, said, right=right, start=start, edge=edge))
        bare = not any(tick.words or tick.slot.answer for tick in ticks[-len(row) :])
        if len(row) > 1 and bare:
            ticks[-len(row) :] = _headed(row, by_page.get(row[0].page, ()), said)
    return ticks


def _headed(row: Sequence[Slot], runs: Sequence[Run], said: YesNo) -> list[Tick]:
    """Boxes under the words "Yes" and "No", which stand once above a column."""
    bare = [_named(slot, (), said) for slot in row]
    found = []
    for slot in row:
        middle = (slot.bbox[0] + slot.bbox[2]) / 2
        above = [
            (word, run)
            for run in runs
            for word in run.words
            if (word.top + word.bottom) / 2 < slot.bbox[1]
            and word.x0 - 2 <= middle <= word.x1 + 2
            and normal(word.text)
        ]
        nearest = max(above, key=lambda each: each[0].bottom, default=None)
        if nearest is None:
            return bare
        found.append(_named(slot, _around(nearest[0], nearest[1].words, said), said))
        if found[-1].answer is None:
            return bare
    level = all(geometry.level(found[0].words[0].bbox, tick.words[0].bbox) for tick in found)
    both = {tick.answer for tick in found} == {"yes", "no"}
    return found if level and both else bare


def _rows(slots: Sequence[Slot]) -> list[list[Slot]]:
    rows: list[list[Slot]] = []
    for slot in slots:
        for row in reversed(rows):
            if row[0].page == slot.page and geometry.level(row[0].bbox, slot.bbox):
                row.append(slot)
                break
        else:
            rows.append([slot])
    for row in rows:
        row.sort(key=lambda slot: slot.bbox[0])
    return rows


def _beside(word: Word, slot: Slot) -> bool:
    middle = (word.top + word.bottom) / 2
    return slot.bbox[1] - 2 <= middle <= slot.bbox[3] + 2


def _named(slot: Slot, words: Sequence[Word], said: YesNo) -> Tick:
    """A box with the words beside it; without any, as the file names its state."""
    if words:
        answer = said.answer(_text(words))
    else:
        state = "" if slot.claimed and slot.shared else slot.state
        answer = said.answer(state) or said.answer(slot.tooltip)
    return Tick(slot=_settled(slot, answer, said), words=tuple(words), answer=answer)


def _settled(slot: Slot, answer: str | None, said: YesNo) -> Slot:
    """A box of which only the field's value can tell whether it is on, by the word beside it. A
    value that names neither says nothing about boxes that share it.
    """
    if not slot.claimed:
        return slot
    told = said.answer(slot.claimed)
    if slot.shared:
        known = told is not None and answer is not None
        return replace(slot, on=known and told == answer, sure=known)
    against = slot.claimed.casefold() in _UNTRUE or (told == "no" and answer != "no")
    return replace(slot, on=not against, sure=not against)


def _around(word: Word, line: Sequence[Word], said: YesNo) -> Sequence[Word]:
    """The longest answer of a line of which the word is a part, else the word alone."""
    at = next(n for n, each in enumerate(line) if each is word)
    parts = [
        line[a:b] for a in range(at + 1) for b in range(at + 1, len(line) + 1)
        if b - a <= 2 * said.longest + 1 and said.answer(_text(line[a:b]))
    ]  # fmt: skip
    return max(parts, key=len, default=(word,))


def _text(words: Iterable[Word]) -> str:
    return " ".join(word.text for word in words)


def _with_word(
    slot: Slot, words: list[Word], said: YesNo, *, right: bool, start: float, edge: float
) -> Tick:
    x0, _, x1, _ = slot.bbox
    if right:
        near = [w for w in words if x1 - 2 <= w.x0 < edge]
        near = list(_reached(near, x1 + _BESIDE))
    else:
        near = [w for w in words if x0 - _BESIDE < w.x1 <= x0 + 2 and w.x1 > start][::-1]
    if not near:
        return _named(slot, (), said)
    if (number := _answering(near, said, right=right)) > 0:
        return _named(slot, near[:number][:: 1 if right else -1], said)
    while near and near[0].text in _BETWEEN:
        del near[0]
    caption = tuple(_until_gap(near))
    return _named(slot, caption if right else caption[::-1], said)


def _reached(words: Sequence[Word], reach: float) -> Iterator[Word]:
    """The words that begin within reach, and those that go on after one of them."""
    before: Word | None = None
    for word in words:
        if word.x0 >= reach and (before is None or word.x0 - before.x1 > max(word.height, 6.0)):
            return
        yield word
        before = word


def _answering(near: Sequence[Word], said: YesNo, *, right: bool) -> int:
    """How many of the words next to a box say yes or no: in one language, or the same in two."""
    texts = [word.text for word in near]
    found = 0
    for number in range(1, min(len(texts), 2 * said.longest + 1) + 1):
        part = texts[:number] if right else texts[:number][::-1]
        if said.answer(" ".join(part)):
            found = number
    denied = right and found and not said.at_start(texts)
    return 0 if denied else found


def _until_gap(words: Sequence[Word]) -> Iterator[Word]:
    before: Word | None = None
    for word in words:
        apart = 0.0 if before is None else max(word.x0 - before.x1, before.x0 - word.x1)
        if apart > max(word.height, 6.0):
            return
        yield word
        before = word
