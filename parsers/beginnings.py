"""Where sections begin whose headings are not found: in a picture, or in other words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from parsers.normal import normal
from parsers.printed import BEGUN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.formspec import FormSpec, Section
    from parsers.printed import Pages, Printed


def beginnings(spec: FormSpec, pages: Pages, headings: Mapping[str, Printed]) -> dict[str, Printed]:
    """For a section without a heading its lead, its first prompt, or its first label. Where that
    label is other sections' too, the last of as many as there are such sections in a row: the
    sections follow each other as the form has them.
    """
    shared = Counter(normal(section.fields[0].label) for section in spec.sections)
    for section in spec.sections:
        first = normal(section.fields[0].label)
        others = (f for s in spec.sections if s is not section for f in s.fields)
        shared[first] += sum(normal(field.label) == first for field in others)
    found: dict[str, Printed] = {}
    for number, section in enumerate(spec.sections):
        if section.key in headings:
            continue
        wordings = [section.lead, *section.prompts[:1]]
        if shared[normal(section.fields[0].label)] == 1:
            wordings.append(section.fields[0].label)
        place = next((p[0] for w in wordings if w is not None and (p := _whole(pages, w))), None)
        place = place or _next(spec.sections[: number + 1], pages, {**headings, **found})
        if place is not None:
            found[section.key] = place
    return found


def _next(
    sections: tuple[Section, ...], pages: Pages, known: Mapping[str, Printed]
) -> Printed | None:
    """The first label of the last section, told by that of the section before it: the second of
    just two between where that begins and where any other does.
    """
    if len(sections) < 2 or sections[-2].key not in known:  # noqa: PLR2004 - a pair
        return None
    label = normal(sections[-1].fields[0].label)
    if label not in {normal(each) for field in sections[-2].fields for each in field.labels}:
        return None
    start = known[sections[-2].key].place
    end = min((each.place for each in known.values() if each.place > start), default=None)
    between = [
        each
        for each in _whole(pages, sections[-1].fields[0].label)
        if each.place >= start and (end is None or each.place < end)
    ]
    return between[1] if len(between) == 2 else None  # noqa: PLR2004 - one for each


def _whole(pages: Pages, wording: str) -> list[Printed]:
    return [each for each in pages.printed((wording,)) if each.score > BEGUN]
