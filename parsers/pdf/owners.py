"""Which label each place for text belongs to, by where both stand on the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from parsers.normal import normal
from parsers.pdf import geometry
from parsers.pdf.blocks import ABOVE_AT_MOST, same_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.formspec import Field, Section
    from parsers.labels import Labels
    from parsers.model import BBox
    from parsers.pdf.blocks import Block, Blocks
    from parsers.pdf.slots import Slot

_NEXT_TO, _UNDER = 26.0, 8.0
"""A further box of the same answer follows within so many points, to the right or below."""
_CAPTION = 20.0
_TYPED_YES = 30.0
_TOOLTIP = 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """Whose place it is: a known field's, or that of the unknown label printed beside it (maybe
    none). `after` is what joins its text to the field's text before it. `again`: a copy of a field
    that stands beside its label elsewhere. `continued`: it has no label of its own, and is taken
    for the rest of the answer before it.
    """

    field: Field | None
    label: str
    section: Section | None
    after: str = "\n"
    again: bool = False
    continued: bool = False


class Owners:
    """The places for text of one form, and the labels to which they belong.

    Each label gets one place, the nearest; what is left over continues a neighbour's answer or
    belongs to the unknown label beside it.
    """

    def __init__(self, labels: Labels, blocks: Blocks, slots: Sequence[Slot]) -> None:
        """`slots` holds every place, those to tick too: they stand in the way."""
        self._labels = labels
        self._blocks = blocks
        self._all = slots
        self._texts = sorted((s for s in slots if not s.tick), key=lambda slot: slot.place)
        self._section = {id(slot): self._section_of(slot) for slot in self._texts}
        self._owned: dict[int, Owner] = {}
        self._under = self._labels_stand_below()
        self._nearest()
        self._lone_fields()
        self._overleaf()
        self._rest()

    def of(self, slot: Slot) -> Owner:
        """The owner of one of the places for text."""
        return self._owned[id(slot)]

    def _section_of(self, slot: Slot) -> Section | None:
        return self._labels.section_at(slot.page, (slot.bbox[1] + slot.bbox[3]) / 2, slot.bbox[0])

    def _labels_stand_below(self) -> bool:
        """Whether the labels stand under their places, as beneath a line to sign on: then each
        section begins with a place and ends with a label.
        """
        votes = []
        for section in self._labels.spec.sections:
            keys = [key for key in section.keys if key in self._labels.fields]
            labels = [self._labels.fields[key] for key in keys]
            places = [slot for slot in self._texts if self._section[id(slot)] is section]
            if len(section.keys) > 1 and labels and places:
                label = min(labels, key=lambda each: each.place)
                place = min(places, key=lambda slot: slot.place)
                if label.page == place.page and section.fields[0].kind != "yes_no":
                    ends = max(each.place for each in labels) > max(s.place for s in places)
                    votes.append(ends and _caption_gap(place.bbox, label.bbox) is not None)
        return len(votes) > 1 and all(votes)

    def _nearest(self) -> None:
        """Every label takes the place nearest to it, the nearest pair first."""
        pairs = []
        for slot in self._texts:
            for block in self._blocks.on(slot.page):
                if block.key is None:
                    continue
                field = self._labels.spec.field(block.key)
                section = self._section[id(slot)]
                if section is not None and field.key not in section.keys:
                    continue
                cost = self._cost(block, slot, field)
                if cost is not None:
                    pairs.append((cost, slot.place, block.key, slot, field))
        taken: set[str] = set()
        for _, _, key, slot, field in sorted(pairs, key=lambda pair: pair[:3]):
            if id(slot) not in self._owned and key not in taken:
                taken.add(key)
                self._own(slot, field)

    def _lone_fields(self) -> None:
        """The largest place in a section with a single field is that field's."""
        for section in self._labels.spec.sections:
            field = section.fields[0]
            if len(section.fields) > 1 or any(o.field is field for o in self._owned.values()):
                continue
            places = [s for s in self._texts if self._section[id(s)] is section]
            if places:
                self._own(max(places, key=lambda slot: geometry.area(slot.bbox)), field)

    def _overleaf(self) -> None:
        """The labels of a page's last line, where their places are the first things overleaf."""
        placed = {owner.field.key for owner in self._owned.values() if owner.field is not None}
        for page, labels in self._blocks.last_labels().items():
            lowest = max(label.bbox[1] for label in labels)
            if any(slot.page == page and slot.bbox[1] > lowest for slot in self._all):
                continue
            places = [slot for slot in self._texts if slot.page == page + 1]
            first = [slot for slot in places if geometry.level(slot.bbox, places[0].bbox)]
            for label in labels:
                below = [s for s in first if abs(s.bbox[0] - label.bbox[0]) < _CAPTION]
                named = any(
                    block.bbox[1] < _middle(slot.bbox)
                    for slot in below
                    for block in self._blocks.body(page + 1)
                )
                free = label.key not in placed and not named and len(below) == 1
                if free and label.key is not None and id(below[0]) not in self._owned:
                    self._own(below[0], self._labels.spec.field(label.key))

    def _rest(self) -> None:
        told = {(s.name, s.text): self._owned[id(s)] for s in self._texts if id(s) in self._owned}
        for slot in self._texts:
            if id(slot) in self._owned:
                continue
            same = told.get((slot.name, slot.text)) if slot.name and slot.text else None
            if same is not None:
                self._owned[id(slot)] = replace(same, again=True)
                continue
            before = self._continued(slot)
            if before is not None:
                self._owned[id(slot)] = replace(before, continued=True)
            else:
                self._owned[id(slot)] = self._unknown(slot)

    def _own(self, slot: Slot, field: Field) -> None:
        self._owned[id(slot)] = Owner(
            field=field, label=field.label, section=self._section[id(slot)]
        )

    def _cost(self, block: Block, slot: Slot, field: Field) -> float | None:
        """How far a label is from a place, None when it can't be its label."""
        options = []
        if block.inside(slot.bbox):
            options.append(0.0)
        if (gap := block.left_of(slot.bbox)) is not None and self._free(block, slot, across=True):
            options.append(0.4 * gap + 0.3 * abs(_middle(block.bbox) - _middle(slot.bbox)))
        if self._under:
            if (gap := _caption_gap(slot.bbox, block.bbox)) is not None:
                options.append(5.0 + gap + 0.2 * abs(block.bbox[0] - slot.bbox[0]))
        elif (gap := block.above(slot.bbox)) is not None and self._free(block, slot, across=False):
            options.append(5.0 + gap + 0.2 * abs(block.bbox[0] - slot.bbox[0]))
        if not options:
            return None
        hinted = normal(slot.tooltip)
        told = bool(hinted) and hinted in {
            normal(each) for each in (*field.labels, field.hint or "")
        }
        return min(options) + _TYPED_YES * (field.kind == "yes_no") - _TOOLTIP * told

    def _free(self, block: Block, slot: Slot, *, across: bool) -> bool:
        """Whether nothing stands between a text and a place to the right of it or below."""
        gap = geometry.between(block.bbox, slot.bbox, across=across)
        if gap is None:
            return True
        if any(
            other is not slot
            and other.page == slot.page
            and geometry.overlaps(other.bbox, gap)
            and not geometry.within(slot.bbox, other.bbox)
            for other in self._all
        ):
            return False
        return not any(
            other is not block
            and geometry.overlaps(other.bbox, gap)
            and not (across and geometry.stacked(other.bbox, block.bbox))
            and not _is_note(other, block)
            for other in self._blocks.on(slot.page)
        )

    def _continued(self, slot: Slot) -> Owner | None:
        """The answer that goes on here: from the box to the left or above, or the last page."""
        if self._named(slot) is not None:
            return None
        before = [
            each for each in self._texts if id(each) in self._owned and each.place < slot.place
        ]
        for each in reversed(before):
            owner = self._owned[id(each)]
            if owner.field is None or each.page != slot.page:
                continue
            gap = geometry.left_gap(each.bbox, slot.bbox)
            if gap is not None and gap < _NEXT_TO and same_row(each.bbox, slot.bbox):
                joint = "/" if owner.field.kind == "date" else " "
                return replace(owner, after=joint)
            if _directly_below(each.bbox, slot.bbox):
                return owner
        section = self._section[id(slot)]
        if section is not None and len(section.fields) == 1:
            return Owner(field=section.fields[0], label=section.fields[0].label, section=section)
        last = before[-1] if before else None
        if last is not None and last.page < slot.page and self._first_on_page(slot):
            owner = self._owned[id(last)]
            if owner.field is not None and owner.field.kind == "lines":
                return owner
        return None

    def _first_on_page(self, slot: Slot) -> bool:
        return not any(
            block.bbox[1] < slot.bbox[1] and (block.heading or block.key is not None)
            for block in self._blocks.on(slot.page)
        )

    def _unknown(self, slot: Slot) -> Owner:
        named = self._named(slot)
        return Owner(
            field=None,
            label="" if named is None else named.text,
            section=self._section[id(slot)],
        )

    def _named(self, slot: Slot) -> Block | None:
        """The nearest text that is no known label, inside, left of or above a place."""
        found = []
        for block in self._blocks.on(slot.page):
            if block.heading or block.key is not None:
                continue
            gap = 0.0 if block.inside(slot.bbox) else None
            if gap is None:
                gap = block.left_of(slot.bbox)
                if gap is not None and not self._free(block, slot, across=True):
                    gap = None
            if gap is None:
                gap = block.above(slot.bbox)
                if gap is not None and not self._free(block, slot, across=False):
                    gap = None
            if gap is not None:
                found.append((gap, block.bbox, block))
        return min(found, key=lambda each: each[:2])[2] if found else None


def _caption_gap(box: BBox, text: BBox) -> float | None:
    """How far below a box a text begins that is its caption; None when it can't be that."""
    gap = geometry.above_gap(box, text)
    near = gap is not None and gap <= ABOVE_AT_MOST and abs(box[0] - text[0]) < _CAPTION
    return gap if near else None


def _directly_below(upper: BBox, lower: BBox) -> bool:
    gap = geometry.above_gap(upper, lower)
    return (
        gap is not None
        and gap < _UNDER
        and abs(upper[0] - lower[0]) < geometry.SLACK
        and abs(upper[2] - lower[2]) < geometry.SLACK
    )


def _is_note(other: Block, block: Block) -> bool:
    """Whether a text only explains the label before it: in brackets, or in smaller print."""
    if other.key is not None or other.heading or block.key is None:
        return False
    small = geometry.height(other.boxes[0]) < 0.93 * geometry.height(block.boxes[0])
    return small or other.text.startswith("(")


def _middle(box: BBox) -> float:
    return (box[1] + box[3]) / 2
