"""Where a form's headings, labels and other printed wordings stand on its pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.normal import normal
from parsers.printed import BEGUN, WHOLE, Pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.formspec import Field, FormSpec, Section
    from parsers.pdf.lines import Run
    from parsers.printed import Printed


@dataclass(frozen=True, kw_only=True, slots=True)
class Labels:
    """What was found of one form: each field's label, each section's heading, the other wordings
    that a blank form prints, and the share of the labels that was found.
    """

    spec: FormSpec
    fields: dict[str, Printed] = field(default_factory=dict)
    headings: dict[str, Printed] = field(default_factory=dict)
    furniture: list[Printed] = field(default_factory=list)
    share: float = 0.0

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last page on which something of the form was found."""
        pages = [printed.page for printed in (*self.fields.values(), *self.headings.values())]
        return (min(pages), max(pages))

    def section_at(self, page: int, top: float) -> Section | None:
        """The section in which something at this height stands: under the nearest heading above."""
        above = [
            (printed.place, key)
            for key, printed in self.headings.items()
            if printed.place[:2] <= (page, top)
        ]
        return self.spec.section(max(above)[1]) if above else None


def find(spec: FormSpec, runs: Sequence[Run]) -> Labels:
    """Look for every heading, then for every label within its section."""
    pages = Pages(runs)
    found = Labels(spec=spec)
    found.headings.update(_headings(spec, pages))
    taken = {id(word) for each in found.headings.values() for line in each.lines for word in line}
    wordings = Counter(normal(each.label) for section in spec.sections for each in section.fields)
    for section in spec.sections:
        alone = len(section.fields) == 1
        # Where a question ends is known when the questions are.
        for each in sorted(section.fields, key=lambda each: each.follows is not None):
            # Without its heading, only a wording that no other section has can be told.
            lost = section.key not in found.headings
            if lost and wordings[normal(each.label)] > 1:
                continue
            asked = (each.label,) if lost else each.labels
            label = None
            for places in (pages.printed(asked), pages.near(asked)):
                free = [
                    printed
                    for printed in places
                    if id(printed.lines[0][-1]) not in taken
                    and printed.score > BEGUN
                    and (lost or _is_in(found, section, printed))
                ]
                label = label or _choose(each, free, found, section)
            if label is None and alone and section.key in found.headings:
                label = found.headings[section.key]
            if label is not None:
                found.fields[each.key] = label
                taken.update(id(word) for line in label.lines for word in line)
    for wording in spec.furniture:
        found.furniture.extend(
            printed
            for printed in pages.printed((wording,), near=False)
            if printed.score > BEGUN and id(printed.lines[0][-1]) not in taken
        )
    share = len(found.fields) / sum(len(section.fields) for section in spec.sections)
    return Labels(
        spec=spec,
        fields=found.fields,
        headings=found.headings,
        furniture=found.furniture,
        share=share,
    )


def hints(labels: Labels, runs: Sequence[Run]) -> list[Printed]:
    """The hints and placeholders that stand alone on their lines, in the boxes or beside them."""
    spec = labels.spec
    texts = [f.hint for section in spec.sections for f in section.fields if f.hint is not None]
    own = {id(word) for each in labels.fields.values() for line in each.lines for word in line}
    pages = Pages(runs)
    return [
        each
        for text in {*texts, *spec.placeholders}
        for each in pages.printed((text,), near=False)
        if each.score >= WHOLE and id(each.lines[0][-1]) not in own
    ]


def places(section: Section, runs: Sequence[Run]) -> list[Printed]:
    """Every place where a section's heading stands whole, in its largest print."""
    found = [
        each
        for each in Pages(runs).printed((section.heading, *section.aliases))
        if each.score > BEGUN
    ]
    tall = max(map(_height, found), default=0.0) * 0.9
    return [each for each in found if _height(each) >= tall]


def _headings(spec: FormSpec, pages: Pages) -> dict[str, Printed]:
    """One place for each heading. Of several that are equally whole, the largest print wins: an
    answer may quote a heading, but it is not typed in the heading's size.
    """
    found = {}
    for section in spec.sections:
        places = [p for p in pages.printed((section.heading, *section.aliases)) if p.score > BEGUN]
        if places:
            tall = max(_height(p) for p in places) * 0.9
            found[section.key] = next(
                p for p in sorted(places, key=lambda p: -p.score) if _height(p) >= tall
            )
    return found


def _height(printed: Printed) -> float:
    return max(word.height for word in printed.lines[0])


def _is_in(found: Labels, section: Section, printed: Printed) -> bool:
    at = found.section_at(printed.page, printed.bbox[1])
    return at is not None and at.key == section.key


def _choose(each: Field, places: list[Printed], found: Labels, section: Section) -> Printed | None:
    if each.follows is not None:
        # Its own question stands before it, and no other question between.
        question = found.fields.get(each.follows)
        if question is None:
            return None
        others = [
            found.fields[other.key].place
            for other in section.fields
            if other.follows is None and other.key in found.fields
        ]
        end = min((place for place in others if place > question.place), default=None)
        places = [p for p in places if p.place > question.place and (end is None or p.place < end)]
    return max(places, key=lambda p: (p.score, [-part for part in p.place]), default=None)
