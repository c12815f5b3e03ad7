"""One form put together: its places for answers, given to its labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.answers import Answers
from parsers.pdf import ticks
from parsers.pdf.blocks import blocks_of
from parsers.pdf.owners import Owners

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from parsers.labels import Labels
    from parsers.model import ExtractedForm
    from parsers.pdf.lines import Run
    from parsers.pdf.slots import Slot


def assemble(
    labels: Labels,
    runs: Sequence[Run],
    slots: Sequence[Slot],
    today: date,
    *,
    pages: range,
    doubts: Sequence[str] = (),
) -> ExtractedForm | None:
    """What one form says; None when nobody has answered anything. `runs` is what is printed,
    without what is typed; `doubts` are the codes of warnings about the whole form.
    """
    marked = ticks.captioned(slots, runs)
    captions = [word for tick in marked for word in tick.words]
    blocks = blocks_of(labels, captions, runs)
    answers = Answers(labels, today, pages=pages)
    for code in doubts:
        answers.doubt(code, None, "")
    owners = Owners(labels, blocks, slots)
    for slot in sorted((s for s in slots if not s.tick), key=lambda s: s.place):
        answers.text(owners.of(slot), slot)
    groups = ticks.groups_of(marked)
    asked = ticks.questions(groups, labels, blocks, slots)
    for group in groups:
        field, label, section = asked[id(group)]
        for tick in group.ticks:
            if field is not None and tick.answer is not None:
                answers.tick(field, tick.answer, tick.slot)
            elif tick.slot.on:
                answers.stray(section, label, tick.caption or tick.slot.state, tick.slot)
    placed = {field.key for field, _, _ in asked.values() if field is not None}
    placed |= {own.field.key for s in slots if not s.tick and (own := owners.of(s)).field}
    for section in labels.spec.sections:
        for question in section.fields:
            found = question.key in labels.fields and question.key not in placed
            if question.kind == "yes_no" and found:
                answers.unplaced(question)
    return answers.form()
