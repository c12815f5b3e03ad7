"""Where a form's headings, labels and other printed wordings stand on its pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from parsers.beginnings import beginnings
from parsers.normal import normal
from parsers.pdf.geometry import level
from parsers.printed import BEGUN, WHOLE, Pages, alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.formspec import Field, FormSpec, Section
    from parsers.pdf.lines import Run
    from parsers.printed import Printed

_LARGEST = 0.95
_MARGIN = 15.0
"""A heading stands at most so many points right of what stands under it, in its column."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Labels:
    """What was found of one form: each field's label, each section's heading, or else what stands
    first in it; the other wordings that a blank form prints, and the share of the labels that was
    found.
    """

    spec: FormSpec
    fields: dict[str, Printed] = field(default_factory=dict)
    headings: dict[str, Printed] = field(default_factory=dict)
    beginnings: dict[str, Printed] = field(default_factory=dict)
    furniture: list[Printed] = field(default_factory=list)
    share: float = 0.0

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last page on which something of the form was found."""
        pages = [printed.page for printed in (*self.fields.values(), *self.headings.values())]
        return (min(pages), max(pages))

    def section_at(self, page: int, top: float, left: float) -> Section | None:
        """The section in which something stands that begins here: under the nearest heading above.
        Of headings that stand side by side, the last one that doesn't begin right of it.
        """
        starts = {**self.beginnings, **self.headings}
        above = [
            (printed.place, key)
            for key, printed in starts.items()
            if printed.place[:2] <= (page, top)
        ]
        if not above:
            return None
        nearest = starts[max(above)[1]]
        beside = sorted(
            (printed.bbox[0], key)
            for _, key in above
            if (printed := starts[key]).page == nearest.page and level(printed.bbox, nearest.bbox)
        )
        fits = [key for x0, key in beside if x0 - _MARGIN <= left]
        return self.spec.section(fits[-1] if fits else beside[0][1])


def find(spec: FormSpec, runs: Sequence[Run]) -> Labels:
    """Look for every heading, then for every label within its section: as it is worded, else with a
    slip.
    """
    known = {"".join(parts) for labels in spec.letters for parts in labels}
    pages = Pages(runs, spec.yes_no, known)
    finding = _Finding(spec, pages, runs)
    for section in spec.sections:
        finding.section(section)
    found = finding.found
    found.furniture.extend(_furniture(pages, finding))
    share = len(found.fields) / sum(len(section.fields) for section in spec.sections)
    return replace(found, share=share)


class _Finding:
    """Labels found so far, and the words that they have taken."""

    def __init__(self, spec: FormSpec, pages: Pages, runs: Sequence[Run]) -> None:
        headings = _headings(spec, pages)
        starts = beginnings(spec, pages, headings)
        self.found = Labels(spec=spec, headings=headings, beginnings=starts)
        self._pages = pages
        self._runs = runs
        self._taken: set[int] = set()
        for heading in self.found.headings.values():
            self._spend(heading)
        self._wordings = Counter(normal(f.label) for s in spec.sections for f in s.fields)

    def section(self, section: Section) -> None:
        """Its labels; what follows a question is looked for when all its questions are known."""
        if section.key not in self.found.headings:
            self._lost(section)
            return
        for follows in (False, True):
            fields = [f for f in section.fields if (f.follows is not None) is follows]
            for each in fields:
                places = self._pages.printed(each.labels)
                self._take(each, [p for p in places if self._is_in(section, p)])
            self._near(section, [f for f in fields if f.key not in self.found.fields])
        if len(section.fields) == 1:
            self.found.fields.setdefault(section.fields[0].key, self.found.headings[section.key])

    def is_free(self, printed: Printed) -> bool:
        """Whether it stands for itself, and is nothing that was found before."""
        return printed.score > BEGUN and id(printed.lines[0][-1]) not in self._taken

    def _lost(self, section: Section) -> None:
        """Without its heading, only a wording that no other section has can be told everywhere; a
        slip only where no other wording is as like it.
        """
        for each in section.fields:
            places = self._pages.printed((each.label,))
            if self._wordings[normal(each.label)] > 1:
                known = section.key in self.found.beginnings
                places = [p for p in places if known and self._is_in(section, p)]
            elif not places:
                places = [
                    printed
                    for likeness, printed in self._pages.near((each.label,))
                    if likeness > self._likest(normal(printed.text), but=each)
                ]
            self._take(each, places)
        first = self.found.beginnings.get(section.key)
        if len(section.fields) == 1 and first is not None:
            self.found.fields.setdefault(section.fields[0].key, first)
            self._spend(first)

    def _likest(self, letters: str, *, but: Field) -> float:
        """How like a text is to the wording of another field that is most like it."""
        fields = (f for s in self.found.spec.sections for f in s.fields if f is not but)
        return max((alike(letters, normal(w)) for f in fields for w in f.labels), default=0.0)

    def _near(self, section: Section, fields: Sequence[Field]) -> None:
        """Labels that are printed with a slip, each for the field whose wording is most like it;
        none where two wordings are equally like it.
        """
        likely: dict[int, list[tuple[float, Field, Printed]]] = {}
        for each in fields:
            for likeness, printed in self._pages.near(each.labels):
                if self._is_in(section, printed):
                    first = id(printed.lines[0][0])
                    likely.setdefault(first, []).append((likeness, each, printed))
        best: dict[str, list[Printed]] = {}
        for options in likely.values():
            most = max(likeness for likeness, _, _ in options)
            nearest = [option for option in options if option[0] == most]
            if len({normal(each.label) for _, each, _ in nearest}) == 1:
                for _, each, printed in nearest:
                    best.setdefault(each.key, []).append(printed)
        for each in fields:
            self._take(each, best.get(each.key, []))

    def _take(self, each: Field, places: Sequence[Printed]) -> None:
        label = _choose(each, [p for p in places if self.is_free(p)], self.found)
        if label is not None:
            self.found.fields[each.key] = label
            self._spend(label)

    def _spend(self, printed: Printed) -> None:
        self._taken.update(id(word) for line in printed.lines for word in line)

    def _is_in(self, section: Section, printed: Printed) -> bool:
        at = self.found.section_at(printed.page, printed.bbox[1], printed.bbox[0])
        if at is None or at.key != section.key:
            return False
        if len(section.fields) > 1 or section.key not in self.found.headings:
            return True
        return _begins(section, printed, self.found, self._runs)


def hints(labels: Labels, runs: Sequence[Run]) -> list[Printed]:
    """The hints and placeholders that stand alone on their lines, in the boxes or beside them."""
    spec = labels.spec
    texts = [f.hint for section in spec.sections for f in section.fields if f.hint is not None]
    own = {id(word) for each in labels.fields.values() for line in each.lines for word in line}
    pages = Pages(runs, spec.yes_no)
    return [
        each
        for text in {*texts, *spec.placeholders}
        for each in pages.printed((text,))
        if each.score >= WHOLE and id(each.lines[0][-1]) not in own
    ]


def places(section: Section, pages: Pages, *, near: bool) -> list[Printed]:
    """Every place where a section's heading stands whole, in the largest print of its page; with
    `near`, also with a slip in it, when it is nowhere without.
    """
    found = _places_of(section, pages, near=near)
    tall: dict[int, float] = {}
    for each in found:
        tall[each.page] = max(tall.get(each.page, 0.0), _height(each) * 0.9)
    return [each for each in found if _height(each) >= tall[each.page]]


def _headings(spec: FormSpec, pages: Pages) -> dict[str, Printed]:
    """One place for each heading. Of several that are equally whole, the largest print wins: an
    answer may quote a heading, but it is not typed in the heading's size.
    """
    found = {}
    for section in spec.sections:
        places = _places_of(section, pages, near=True)
        if places:
            tall = max(_height(p) for p in places) * _LARGEST
            found[section.key] = next(
                p for p in sorted(places, key=lambda p: -p.score) if _height(p) >= tall
            )
    return found


def _places_of(section: Section, pages: Pages, *, near: bool) -> list[Printed]:
    wordings = (section.heading, *section.aliases)
    found = pages.printed(wordings)
    if near and not found:
        found = [printed for _, printed in pages.near(wordings)]
    return [each for each in found if each.score > BEGUN]


def _height(printed: Printed) -> float:
    return max(word.height for word in printed.lines[0])


def _furniture(pages: Pages, finding: _Finding) -> list[Printed]:
    """Titles, leads and prompts. A form prints a lead or a prompt once, under its heading: what is
    the same again was typed.
    """

    def printed(wording: str) -> list[Printed]:
        return [each for each in pages.printed((wording,)) if finding.is_free(each)]

    spec, found = finding.found.spec, finding.found
    said = [each for title in spec.titles for each in printed(title)]
    for section in spec.sections:
        heading = found.headings.get(section.key)
        for wording in (section.lead, *section.prompts):
            places = printed(wording) if wording is not None else []
            after = [p for p in places if heading is None or p.place >= heading.place]
            said += (after or places)[:1]
    return said


def _begins(section: Section, printed: Printed, found: Labels, runs: Sequence[Run]) -> bool:
    """Whether nothing but the lead and the prompts stands between a section's heading and what may
    be the label of its single field: below that, an answer may say the same.
    """
    start = (found.headings[section.key].page, found.headings[section.key].bbox[3])
    end = (printed.page, printed.bbox[1])
    print_ = "".join(normal(each) for each in (section.lead or "", *section.prompts))
    return not any(
        start <= (run.page, run.bbox[1])
        and (run.page, run.bbox[3]) <= end
        and run.letters not in print_
        and not any(each.page != run.page and _lettered(each) == _lettered(run) for each in runs)
        for run in runs
    )


def _lettered(run: Run) -> str:
    """Without numbers: a footer counts the pages."""
    return "".join(letter for letter in run.letters if not letter.isdigit())


def _choose(each: Field, places: list[Printed], found: Labels) -> Printed | None:
    if each.follows is not None:
        # Its own question stands before it, and no other question between: the first one, even
        # where its answer follows it on the line, and another question's label stands alone.
        question = found.fields.get(each.follows)
        if question is None:
            return None
        others = [found.fields[key].place for key in _questions(found.spec) & set(found.fields)]
        others = [place for place in others if place > question.place]
        end = min(others, default=None)
        places = [p for p in places if p.place > question.place and (end is None or p.place < end)]
        return min(places, key=lambda p: p.place, default=None)
    return max(places, key=lambda p: (p.score, [-part for part in p.place]), default=None)


def _questions(spec: FormSpec) -> set[str]:
    """The fields that others follow."""
    fields = (field for section in spec.sections for field in section.fields)
    return {field.follows for field in fields if field.follows is not None}
