"""Which stretches of a document hold one form each, and what is found of it there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from parsers import labels as wordings
from parsers import versions
from parsers.normal import normal
from parsers.printed import BEGUN, Pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parsers.formspec import FormSpec
    from parsers.labels import Labels
    from parsers.model import BBox
    from parsers.pdf.lines import Run
    from parsers.printed import Printed

Place = tuple[int, float]
"""A page, and how far down on it."""
_MOST_OF = 0.6
_SLACK = 1.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one place up to another, which is no part of it."""

    begin: Place
    end: Place

    @property
    def pages(self) -> range:
        """The pages of which it holds something."""
        page, top = self.end
        return range(self.begin[0], page + (top > 0))

    def holds(self, page: int, bbox: BBox) -> bool:
        """Whether the middle of a box lies in it."""
        return self.begin <= (page, (bbox[1] + bbox[3]) / 2) < self.end


@dataclass(frozen=True, slots=True)
class Part:
    """One form."""

    labels: Labels
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class _Heading:
    spec: FormSpec
    key: str
    printed: Printed

    @property
    def place(self) -> Place:
        return self.printed.place[:2]

    @property
    def words(self) -> set[int]:
        return {id(word) for line in self.printed.lines for word in line}


def parts_of(specs: Sequence[FormSpec], runs: Sequence[Run], last: int) -> list[Part]:
    """Every form on the pages up to the last, in order; none where too little of any is found."""
    whole = versions.best(specs, runs)
    if whole is None:
        return []
    end = (last + 1, 0.0)
    found = [Part(whole, Stretch((1, 0.0), end))]
    starts = versions.beginnings(_headings(specs, whole, runs))
    spec = starts[0].spec if starts else whole.spec
    starts = starts[1:]
    for number, start in enumerate(starts):
        before = found[-1]
        up_to = starts[number + 1].place if number + 1 < len(starts) else end
        cut = _cut(before, start.place, specs, runs)
        one = _part(specs, spec, runs, Stretch(before.stretch.begin, cut))
        other = _part(specs, start.spec, runs, Stretch(cut, up_to))
        again = set(one.labels.fields) & set(other.labels.fields)
        if len(again) >= versions.AGAIN or one.labels.spec is not other.labels.spec:
            spec = start.spec
            found[-1:] = [one, _part(specs, spec, runs, Stretch(cut, end))]
    return found


def _part(specs: Sequence[FormSpec], spec: FormSpec, runs: Sequence[Run], stretch: Stretch) -> Part:
    """What is found there. A few pages of a form are too little to know it by, but for `spec`."""
    own = [run for run in runs if stretch.holds(run.page, run.bbox)]
    return Part(versions.best(specs, own) or wordings.find(spec, own), stretch)


def _headings(specs: Sequence[FormSpec], whole: Labels, runs: Sequence[Run]) -> list[_Heading]:
    """The headings of the version that fits the document best, and of others that stand there."""
    pages = Pages(runs)
    text = "".join(run.letters for run in runs) if len(specs) > 1 else ""
    found = list(_headings_of(whole.spec, pages, near=True))
    mine = {word for each in found for word in each.words}
    for spec in specs:
        named = [normal(w) for s in spec.sections for w in (s.heading, *s.aliases)]
        if spec is not whole.spec and any(letters in text for letters in named):
            others = _headings_of(spec, pages, near=False)
            # One language of a bilingual heading is no heading of another form.
            found += [each for each in others if not each.words & mine]
    found.sort(key=lambda each: each.place)
    kept: list[_Heading] = []
    groups = [list(group) for _, group in groupby(found, key=lambda each: each.spec.version)]
    for number, group in enumerate(groups):
        end = groups[number + 1][0].place if number + 1 < len(groups) else (1 << 30, 0.0)
        own = [run for run in runs if group[0].place <= (run.page, run.bbox[1]) < end]
        spec = group[0].spec
        if spec is whole.spec or _is_of(group, whole.spec, specs, own):
            kept += group
    return kept


def _is_of(
    group: Sequence[_Heading], whole: FormSpec, specs: Sequence[FormSpec], runs: Sequence[Run]
) -> bool:
    """Whether some headings are those of another version: that fits best from there on, or most of
    what it asks under just these headings is there, and more than of the version around it.
    """
    spec = group[0].spec
    labels = versions.best(specs, runs)
    if labels is not None:
        return labels.spec is spec
    asked = {key for heading in group for key in spec.section(heading.key).keys}
    there = set(wordings.find(spec, runs).fields)
    more = len(there) > len(wordings.find(whole, runs).fields)
    return more and len(there & asked) >= max(versions.AGAIN, _MOST_OF * len(asked))


def _headings_of(spec: FormSpec, pages: Pages, *, near: bool) -> Iterator[_Heading]:
    for section in spec.sections:
        for printed in wordings.places(section, pages, near=near):
            yield _Heading(spec, section.key, printed)


def _cut(before: Part, start: Place, specs: Sequence[FormSpec], runs: Sequence[Run]) -> Place:
    """Where exactly the next form begins: with its page, unless the one before goes on there; then
    with the title over its first heading.
    """
    page, top = start
    above = [
        printed.bbox[3]
        for printed in (*before.labels.fields.values(), *before.labels.headings.values())
        if printed.page == page and printed.bbox[1] < top
    ]
    own = [run for run in runs if run.page == page and run.bbox[1] < top]
    if not above and not _labelled(own, specs):
        return (page, 0.0)
    titles = Pages(own).printed({title for spec in specs for title in spec.titles})
    lowest = max(above, default=0.0)
    over = [t.bbox[1] for t in titles if t.score > BEGUN and t.bbox[1] >= lowest - _SLACK]
    return (page, min(over, default=top) - _SLACK)


def _labelled(own: Sequence[Run], specs: Sequence[FormSpec]) -> list[Printed]:
    """The labels of any version that stand there."""
    wanted = [w for spec in specs for s in spec.sections for f in s.fields for w in f.labels]
    return [each for each in Pages(own).printed(wanted) if each.score > BEGUN]
