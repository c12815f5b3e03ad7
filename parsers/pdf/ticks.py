"""Boxes to tick, by the questions that they answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.pdf import geometry
from parsers.pdf.lines import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parsers.formspec import Field, Section
    from parsers.labels import Labels
    from parsers.model import BBox
    from parsers.pdf.blocks import Block, Blocks
    from parsers.pdf.captions import Tick
    from parsers.pdf.slots import Slot

_TOGETHER = 130.0
_BELOW = 70.0
_SAME = 40.0
_RIGHT = 20.0
"""Boxes seldom stand before their question."""
_SLANTED = 9.0
"""Boxes and the question left of them may miss each other's height by so many points."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Group:
    """The boxes of one question, in the order of reading."""

    ticks: tuple[Tick, ...]

    @property
    def page(self) -> int:
        """From 1."""
        return self.ticks[0].slot.page

    @property
    def bbox(self) -> BBox:
        """Around the boxes."""
        return bounds(tick.slot.bbox for tick in self.ticks)

    @property
    def place(self) -> tuple[int, float, float]:
        """Orders groups as they are read."""
        return (self.page, self.bbox[1], self.bbox[0])

    @property
    def is_yes_no(self) -> bool:
        """Whether every box says yes or no, but for one that says neither beside those."""
        others = [tick for tick in self.ticks if tick.answer is None]
        both = {tick.answer for tick in self.ticks} > {"yes", "no"}
        return not others or (both and len(others) == 1 and others[0].neither)


def groups_of(ticks: Sequence[Tick]) -> list[Group]:
    """Yes and No side by side, or one under the other, are one question; so are equal names."""
    groups: list[list[Tick]] = []
    for tick in sorted(ticks, key=lambda each: each.slot.place):
        home = next((g for g in reversed(groups) if _belongs(tick, g)), None)
        if home is None:
            groups.append([tick])
        else:
            home.append(tick)
    return [Group(ticks=tuple(group)) for group in groups]


def _belongs(tick: Tick, group: list[Tick]) -> bool:
    last = group[-1].slot
    slot = tick.slot
    if last.page != slot.page:
        return False
    answers = {each.answer for each in group}
    if last.name and last.name == slot.name and (tick.answer is None or tick.answer not in answers):
        # Fields of one name are one field, unless a careless hand copied them all over the page.
        return slot.bbox[1] - last.bbox[3] < _SAME
    if tick.answer in answers or (
        tick.answer is None and not (tick.neither and answers == {"yes", "no"})
    ):
        return False
    beside = geometry.level(last.bbox, slot.bbox) and slot.bbox[0] - last.bbox[2] < _TOGETHER
    under = abs(last.bbox[0] - slot.bbox[0]) < 6 and slot.bbox[1] - last.bbox[3] < 24  # noqa: PLR2004 - points
    return beside or under


def questions(
    groups: Sequence[Group], labels: Labels, blocks: Blocks, slots: Sequence[Slot]
) -> dict[int, tuple[Field | None, str, Section | None]]:
    """By the identity of each group: the yes/no field that it answers, else what is printed beside
    it; and its section. Each question has one group, the nearest.
    """
    found: dict[int, tuple[Field | None, str, Section | None]] = {}
    pairs = []
    for group in groups:
        x0, top, _, bottom = group.bbox
        section = labels.section_at(group.page, (top + bottom) / 2, x0)
        named = _nearest(group, blocks, groups, slots)
        found[id(group)] = (None, "" if named is None else named.text, section)
        if not group.is_yes_no or section is None:
            continue
        for block in blocks.on(group.page):
            if block.key is None or block.key not in section.keys:
                continue
            field = labels.spec.field(block.key)
            cost = _cost(block, group, groups, slots, blocks)
            if field.kind == "yes_no" and cost is not None:
                pairs.append((cost, group.place, field, group, section))
    taken: set[str] = set()
    answered: set[int] = set()
    for _, _, field, group, section in sorted(pairs, key=lambda pair: pair[:2]):
        if field.key not in taken and id(group) not in answered:
            taken.add(field.key)
            answered.add(id(group))
            found[id(group)] = (field, field.label, section)
    for group, key in _overleaf(groups, blocks, slots):
        field = labels.spec.field(key)
        if key not in taken and id(group) not in answered and field.kind == "yes_no":
            section = next(each for each in labels.spec.sections if key in each.keys)
            found[id(group)] = (field, field.label, section)
    return found


def _overleaf(
    groups: Sequence[Group], blocks: Blocks, slots: Sequence[Slot]
) -> Iterator[tuple[Group, str]]:
    """The boxes that are the first thing on a page, with the question that ends the page before."""
    for page, last in blocks.last_labels().items():
        question = last[-1]
        below = any(s.page == page and s.bbox[1] > question.bbox[1] for s in slots)
        first = min((g for g in groups if g.page == page + 1), key=lambda g: g.place, default=None)
        if below or first is None or not first.is_yes_no or question.key is None:
            continue
        above = [b.bbox for b in blocks.body(page + 1)]
        above += [s.bbox for s in slots if s.page == page + 1 and not s.tick]
        if not any(box[1] < first.bbox[3] for box in above):
            yield first, question.key


def _cost(
    block: Block, group: Group, groups: Sequence[Group], slots: Sequence[Slot], blocks: Blocks
) -> float | None:
    """How far a text is from the boxes: they stand right of it, under it, or left of it."""
    box, mine = group.bbox, block.bbox
    line = next((each for each in block.boxes if geometry.level(each, box)), mine)
    apart = max(mine[1] - box[3], box[1] - mine[3], 0.0)
    if line[2] <= box[0] + geometry.SLACK and apart < _SLANTED:
        cost = 0.2 * (box[0] - line[2]) + 2 * apart + 0.1 * abs(box[1] - mine[1])
        between = (line[2], max(box[1], mine[1]), box[0], min(box[3], mine[3]))
    elif line[0] >= box[2] - geometry.SLACK and apart < _SLANTED:
        cost = _RIGHT + 0.2 * (line[0] - box[2]) + 2 * apart + 0.1 * abs(box[1] - mine[1])
        between = (box[2], max(box[1], mine[1]), line[0], min(box[3], mine[3]))
    else:
        gap = geometry.above_gap((mine[0], mine[1], 1e6, mine[3]), box)
        if gap is None or gap > _BELOW:
            return None
        cost = 5.0 + gap
        between = (mine[0], mine[3], max(mine[2], box[2]), box[1])
    # Another question between them is the one that is answered.
    obstacles = [
        *(other.bbox for other in groups if other is not group and other.page == group.page),
        *(
            slot.bbox
            for slot in slots
            if not slot.tick and slot.page == group.page and not geometry.within(box, slot.bbox)
        ),
        *(
            other.bbox
            for other in blocks.on(group.page)
            if other is not block and (other.key is not None or other.text.rstrip().endswith("?"))
        ),
    ]
    return None if any(geometry.overlaps(each, between) for each in obstacles) else cost


def _nearest(
    group: Group, blocks: Blocks, groups: Sequence[Group], slots: Sequence[Slot]
) -> Block | None:
    costs = [
        (cost, block.bbox, block)
        for block in blocks.on(group.page)
        if not block.heading and (cost := _cost(block, group, groups, slots, blocks)) is not None
    ]
    return min(costs, key=lambda each: each[:2])[2] if costs else None
