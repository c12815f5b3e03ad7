"""A form without fields: its answers stand printed in boxes, or just beside their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parsers import labels as wordings
from parsers.model import Method
from parsers.normal import normal
from parsers.pdf import form, geometry, painted
from parsers.pdf.flow import flowed
from parsers.pdf.ink import Inks
from parsers.pdf.lines import runs_of
from parsers.pdf.slots import Slot
from parsers.pdf.ticks import captioned

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from parsers.formspec import FormSpec
    from parsers.labels import Labels
    from parsers.model import BBox, ExtractedForm
    from parsers.pdf.painted import Painted
    from parsers.pdf.words import Word

_READ, _SEEN, _LOOSE = 0.97, 0.95, 0.8
"""Confidence: text in a box; a mark as a picture; text that no box holds."""
_CHECKED, _UNCHECKED = "☒☑✓✔✗✘🗹", "☐□❏❑▢"


def read(
    spec: FormSpec,
    pages_shown: Sequence[Painted],
    notes: Sequence[Slot],
    document: Any,
    today: date,
    *,
    pages: range,
) -> ExtractedForm | None:
    """What a flat form says; None for a blank one. `notes` are texts laid over it."""
    words = [word for page in pages_shown for word in page.words]
    labels = wordings.find(spec, runs_of(words))
    inks = Inks(document)
    slots = [_as_text(note) for note in notes]
    typed: set[int] = set()
    loose_found = False
    for page in pages_shown:
        made, used = _slots(page, labels, inks)
        slots.extend(made)
        typed |= used
    free = [word for word in words if id(word) not in typed]
    if not any(not slot.tick and slot.text for slot in slots):
        loose = _loose(free, labels)
        loose_found = any(slot.text for slot in loose)
        slots.extend(loose)
        typed |= {id(word) for word in free}
    doubts = ["read-without-boxes"] if loose_found else []
    printed = _printed_words(labels)
    runs = runs_of(word for word in words if id(word) not in typed or id(word) in printed)
    return form.assemble(labels, runs, slots, today, pages=pages, doubts=doubts)


def _as_text(note: Slot) -> Slot:
    return Slot(
        page=note.page,
        bbox=note.bbox,
        raw=note.raw,
        text=note.text,
        loose=True,
        method=Method.LAYOUT,
        confidence=_READ,
    )


def _printed_words(labels: Labels) -> set[int]:
    found = [*labels.fields.values(), *labels.headings.values(), *labels.furniture]
    return {id(word) for each in found for line in each.lines for word in line}


def _slots(page: Painted, labels: Labels, inks: Inks) -> tuple[list[Slot], set[int]]:
    """The places of one page, and the words that are answers in them."""
    number = page.page
    printed = _printed_words(labels)
    slots = []
    typed: set[int] = set()
    ghosts = [ghost for ghost in page.ghosts if not painted.is_tick(ghost[0])]
    small = [box for box, _ in page.ghosts if painted.is_tick(box)]
    small += [box for box in page.boxes if painted.is_tick(box) and not _met(box, small)]
    for box, words in ghosts:
        slots.append(_text(number, box, words))
    for box in small:
        mark = inks.mark(number, box)
        slots.append(_tick(number, box, on=mark.on, sure=mark.sure))
    for word in page.words:
        if word.text in _CHECKED or word.text in _UNCHECKED:
            typed.add(id(word))
            if not _met(word.bbox, small):
                slots.append(_tick(number, word.bbox, on=word.text in _CHECKED, sure=True))
        elif painted.holding(small, word) is not None:
            typed.add(id(word))
    ticks = captioned(slots, runs_of(word for word in page.words if id(word) not in typed))
    captions = {id(word) for tick in ticks for word in tick.words}
    for box, words in _written(page, labels, printed | typed | captions):
        if any(geometry.within(ghost, box) for ghost, _ in ghosts) and not words:
            continue
        slots.append(_text(number, box, words))
        typed |= {id(word) for word in words}
    return slots, typed


def _met(box: BBox, others: Sequence[BBox]) -> bool:
    return any(geometry.within(box, each) or geometry.within(each, box) for each in others)


def _text(page: int, box: BBox, words: Sequence[Word]) -> Slot:
    raw, text = flowed(words, box)
    return Slot(
        page=page,
        bbox=box,
        raw=raw,
        text=text,
        sure=painted.LOST not in text,
        method=Method.LAYOUT,
        confidence=_READ,
    )


def _tick(page: int, box: BBox, *, on: bool, sure: bool) -> Slot:
    return Slot(
        page=page, bbox=box, tick=True, on=on, sure=sure, method=Method.LAYOUT, confidence=_SEEN
    )


def _written(page: Painted, labels: Labels, printed: set[int]) -> list[tuple[BBox, list[Word]]]:
    """The drawn boxes that are places for text, with the words typed in them.

    A box that holds only a label is none, nor one in the column of such boxes that has another box
    to its right: there stands a label that the field list doesn't know.
    """
    boxes = [box for box in page.boxes if not painted.is_tick(box)]
    inside: dict[BBox, list[Word]] = {box: [] for box in boxes}
    own: dict[BBox, int] = dict.fromkeys(boxes, 0)
    for word in page.words:
        box = painted.holding(boxes, word)
        if box is None:
            continue
        if id(word) not in printed:
            inside[box].append(word)
        else:
            own[box] += 1
    label_boxes = [each.boxes[0] for each in labels.fields.values() if each.page == page.page]
    heading_boxes = [each.bbox for each in labels.headings.values() if each.page == page.page]
    only = [box for box in boxes if own[box] and not inside[box] and _has(box, label_boxes)]
    both = [box for box in boxes if inside[box] and _has(box, label_boxes)]
    beside = len(only) > len(both)
    kept = []
    for box in boxes:
        words = inside[box]
        if _has(box, heading_boxes) and not words:
            continue
        if not words and any(o is not box and geometry.within(o, box) for o in boxes):
            continue
        if beside and (box in only or _is_label_cell(box, only, boxes)):
            continue
        kept.append((box, words))
    return kept


def _has(box: BBox, others: Sequence[BBox]) -> bool:
    return any(geometry.within(each, box) for each in others)


def _is_label_cell(box: BBox, known: Sequence[BBox], boxes: Sequence[BBox]) -> bool:
    return any(
        abs(box[0] - each[0]) < geometry.SLACK and abs(box[2] - each[2]) < geometry.SLACK
        for each in known
    ) and any(
        other is not box
        and (gap := geometry.left_gap(box, other)) is not None
        and gap < 2 * geometry.SLACK
        for other in boxes
    )


def _loose(words: Sequence[Word], labels: Labels) -> list[Slot]:
    """Where nothing is boxed: each piece of text right of or below a label."""
    printed = _printed_words(labels)
    slots = []
    for run in runs_of(word for word in words if id(word) not in printed):
        if normal(run.text) in ("yes", "no", "yesno"):
            continue
        slots.append(
            Slot(
                page=run.page,
                bbox=run.bbox,
                raw=run.text,
                text=run.text,
                loose=True,
                method=Method.LAYOUT,
                confidence=_LOOSE,
            )
        )
    return slots
