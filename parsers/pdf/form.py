"""One form put together: its places for answers, given to its labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.answers import Answers
from parsers.model import Method
from parsers.pdf import ticks
from parsers.pdf.blocks import blocks_of
from parsers.pdf.captions import captioned
from parsers.pdf.geometry import height, level
from parsers.pdf.owners import Owners

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from parsers.formspec import Field
    from parsers.labels import Labels
    from parsers.model import ExtractedForm
    from parsers.pdf.lines import Run
    from parsers.pdf.slots import Slot


class Assembly:
    """The places of one form, each with its owner."""

    def __init__(self, labels: Labels, runs: Sequence[Run], slots: Sequence[Slot]) -> None:
        """`runs` is what is printed, without what is typed."""
        self._labels = labels
        self._unseen = [slot for slot in slots if slot.hidden]
        self._slots = [slot for slot in slots if not slot.hidden]
        marked = captioned(self._slots, runs, labels.spec.yes_no)
        captions = [word for tick in marked for word in tick.words]
        blocks = blocks_of(labels, captions, runs)
        self._owners = Owners(labels, blocks, self._slots)
        self._groups = ticks.groups_of(marked)
        self._asked = ticks.questions(self._groups, labels, blocks, self._slots)
        owned = (self._owners.of(slot).field for slot in self._slots if not slot.tick)
        asked = (field for field, _, _ in self._asked.values())
        self._placed = {field.key for field in (*owned, *asked) if field is not None}

    @property
    def bare(self) -> set[int]:
        """The pages on which a label stands without a place for its answer."""
        return {
            printed.page for key, printed in self._labels.fields.items() if key not in self._placed
        }

    @property
    def bare_texts(self) -> bool:
        """Whether a label that asks for text stands without a place for it."""
        return any(
            key not in self._placed and self._labels.spec.field(key).kind != "yes_no"
            for key in self._labels.fields
        )

    @property
    def _mostly_drawn(self) -> bool:
        """Whether most labels that ask for text have a place that is drawn."""
        drawn = {
            owner.key
            for slot in self._slots
            if not slot.tick and not slot.loose
            if (owner := self._owners.of(slot).field) is not None
        }
        asked = [k for k in self._labels.fields if self._labels.spec.field(k).kind != "yes_no"]
        return 2 * len(drawn) > len(asked)

    def form(
        self,
        today: date,
        *,
        doubts: Sequence[str] = (),
        known_only: Collection[int] = (),
    ) -> ExtractedForm | None:
        """What the form says; None when nobody has answered anything. On the pages `known_only`,
        what is drawn or printed counts only under a label that is known.
        """
        answers = Answers(self._labels, today)
        for code in doubts:
            answers.doubt(code, None, "")
        if self._labels.beginnings:
            answers.doubt("headings-not-found", None, ", ".join(self._labels.beginnings))

        self._tell_texts(answers, known_only)
        self._tell_ticks(answers, known_only)
        for section in self._labels.spec.sections:
            for field in section.fields:
                bare = field.key in self._labels.fields and field.key not in self._placed
                # Where little is drawn around answers, those that are empty have no place.
                drawn = "read-without-boxes" not in doubts or self._mostly_drawn
                if bare and (field.kind == "yes_no" or drawn):
                    answers.unplaced(field)
        for slot in self._unseen:
            if not any(_says_the_same(slot, each) for each in self._slots):
                answers.hidden(slot)
        return answers.form()

    def _tell_texts(self, answers: Answers, known_only: Collection[int]) -> None:
        for slot in sorted((s for s in self._slots if not s.tick), key=lambda s: s.place):
            owner = self._owners.of(slot)
            if owner.again:
                continue
            if owner.continued and slot.loose and slot.method is Method.ACROFORM:
                answers.doubt("note-without-label", owner.field, slot.text)
            if owner.field is not None and owner.field.kind == "yes_no" and self._near_tick(slot):
                # The word of a box may have been left over, because the box stands on another line.
                answers.doubt("tick-uncertain", owner.field, slot.text)
            if owner.field is not None or not _is_drawn(slot, known_only):
                answers.text(owner, slot)

    def _near_tick(self, slot: Slot) -> bool:
        """Whether a word without a box stands just below, or level with, a box to tick."""
        return slot.loose and any(
            each.tick
            and each.page == slot.page
            and -height(each.bbox) < slot.bbox[1] - each.bbox[3] < height(each.bbox)
            for each in self._slots
        )

    def _tell_ticks(self, answers: Answers, known_only: Collection[int]) -> None:
        for group in self._groups:
            field, label, section = self._asked[id(group)]
            for tick in group.ticks:
                if field is not None and tick.answer is not None:
                    answers.tick(field, tick.answer, tick.slot)
                elif tick.slot.on and field is not None:
                    answers.neither(field, tick.caption or tick.slot.state, tick.slot)
                elif tick.slot.on and not _is_drawn(tick.slot, known_only):
                    answers.stray(section, label, tick.caption or tick.slot.state, tick.slot)
                    for beside in () if tick.caption else self._fields_beside(tick.slot):
                        answers.doubt("tick-uncertain", beside, "")
            claim = next((t.slot for t in group.ticks if t.slot.claimed), None)
            if field is None and claim and not any(tick.slot.on for tick in group.ticks):
                answers.stray(section, label, claim.claimed, claim)

    def _fields_beside(self, slot: Slot) -> Iterator[Field]:
        """The yes/no questions whose boxes stand in the row of a box without a word."""
        for group in self._groups:
            field, _, _ = self._asked[id(group)]
            if field is not None and any(
                tick.slot.page == slot.page and level(tick.slot.bbox, slot.bbox)
                for tick in group.ticks
            ):
                yield field


def _is_drawn(slot: Slot, pages: Collection[int]) -> bool:
    return slot.on_paper and slot.page in pages


def _says_the_same(hidden: Slot, shown: Slot) -> bool:
    """Whether a field that is shown twice is hidden once."""
    return (hidden.name, hidden.text, hidden.on) == (shown.name, shown.text, shown.on)
