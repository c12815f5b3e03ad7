"""Labels that only the fields themselves hold: their tooltips, or locked fields used as print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.normal import normal
from parsers.pdf.geometry import height, width
from parsers.pdf.lines import Run
from parsers.pdf.words import Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parsers.formspec import FormSpec
    from parsers.model import BBox
    from parsers.pdf.slots import Slot

_THICK = 5.0


def print_of(spec: FormSpec) -> set[str]:
    """Everything that a blank form says, in normal form."""
    texts = [*spec.furniture, *spec.placeholders]
    for section in spec.sections:
        texts += [section.heading, *section.aliases]
        for field in section.fields:
            texts += [*field.labels, field.hint or ""]
    return {normal(text) for text in texts}


def is_print(slot: Slot, said: set[str]) -> bool:
    """Whether a field only says what a blank form says, and nobody could have typed it."""
    return slot.locked and bool(slot.text.strip()) and normal(slot.text) in said


def runs_in(slots: Iterable[Slot]) -> list[Run]:
    """The texts of fields as if they were printed where the fields are."""
    return [_run(slot.text, slot.page, slot.bbox) for slot in slots]


def tips_of(slots: Sequence[Slot], specs: Sequence[FormSpec], runs: Sequence[Run]) -> list[Run]:
    """The tooltips that are labels, and aren't printed on their page, as if they were printed
    beside their fields: left of a text, and above the first box of a question.
    """
    there: dict[int, str] = {}
    for run in runs:
        there[run.page] = there.get(run.page, "") + run.letters
    labels = {
        normal(label)
        for spec in specs
        for section in spec.sections
        for field in section.fields
        for label in field.labels
    }
    made = []
    before = ""
    for slot in sorted(slots, key=lambda each: each.place):
        tip = normal(slot.tooltip)
        again = slot.tick and tip == before
        before = tip
        if slot.hidden or again or tip not in labels or tip in there.get(slot.page, ""):
            continue
        x0, top, _, bottom = slot.bbox
        middle = (top + bottom) / 2
        beside = (x0 - _THICK - 1, middle - _THICK / 2, x0 - 1, middle + _THICK / 2)
        above = (x0, top - _THICK - 1, x0 + _THICK, top - 1)
        made.append(_run(slot.tooltip, slot.page, above if slot.tick else beside))
    return made


def _run(text: str, page: int, box: BBox) -> Run:
    words = text.split() or [text]
    step = width(box) / len(words)
    tall = min(height(box), 10.0)
    return Run(
        tuple(
            Word(
                text=word,
                page=page,
                x0=box[0] + number * step,
                top=box[1],
                x1=box[0] + (number + 1) * step,
                bottom=box[1] + tall,
            )
            for number, word in enumerate(words)
        )
    )
