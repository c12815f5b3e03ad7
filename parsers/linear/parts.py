"""Which cells of a document without pages belong to one form each, and what they claim."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from parsers import versions
from parsers.linear.claims import claims_of
from parsers.linear.wordings import Wordings
from parsers.normal import normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parsers.formspec import FormSpec
    from parsers.linear.claims import Claims
    from parsers.linear.pieces import Cell

_MOST_OF = 0.6


@dataclass(frozen=True, slots=True)
class _Heading:
    spec: FormSpec
    key: str
    at: int


def parts_of(specs: Sequence[FormSpec], cells: Sequence[Cell]) -> list[Claims]:
    """Every form in the cells, in order; none where too little of any is found."""
    whole = _best(specs, cells)
    if whole is None:
        return []
    found, begin = [whole], 0
    starts = versions.beginnings(_headings(specs, whole.spec, cells))
    spec = starts[0].spec if starts else whole.spec
    starts = starts[1:]
    for number, start in enumerate(starts):
        up_to = starts[number + 1].at if number + 1 < len(starts) else len(cells)
        cut = _with_title(start, cells)
        one = _claims(specs, spec, cells[begin:cut])
        other = _claims(specs, start.spec, cells[cut:up_to])
        if len(one.fields & other.fields) >= versions.AGAIN or one.spec is not other.spec:
            spec, begin = start.spec, cut
            found[-1:] = [one, _claims(specs, spec, cells[cut:])]
    return found


def _best(specs: Sequence[FormSpec], cells: Sequence[Cell]) -> Claims | None:
    text = "".join(normal(cell.text) for cell in cells)
    return versions.fittest(specs, text, lambda spec: claims_of(spec, cells))


def _claims(specs: Sequence[FormSpec], spec: FormSpec, cells: Sequence[Cell]) -> Claims:
    """What a few cells claim. Too little to be known by is of the version `spec`."""
    return _best(specs, cells) or claims_of(spec, cells)


def _headings(specs: Sequence[FormSpec], whole: FormSpec, cells: Sequence[Cell]) -> list[_Heading]:
    """The headings of the version that fits best, and of others that stand there as well."""
    wordings = Wordings(whole)
    exact = {
        normal(wording): (spec, section.key)
        for spec in specs
        if spec is not whole
        for section in spec.sections
        for wording in (section.heading, *section.aliases)
    }
    found = []
    for at, said in _beginnings(cells):
        mine = wordings.heading(said)
        if mine is not None:
            found.append(_Heading(whole, mine.key, at))
        elif normal(said) in exact:
            found.append(_Heading(*exact[normal(said)], at))
    kept: list[_Heading] = []
    groups = [list(group) for _, group in groupby(found, key=lambda each: each.spec.version)]
    for number, group in enumerate(groups):
        end = groups[number + 1][0].at if number + 1 < len(groups) else len(cells)
        if group[0].spec is whole or _is_of(group, whole, specs, cells[group[0].at : end]):
            kept += group
    return kept


def _beginnings(cells: Sequence[Cell]) -> Iterator[tuple[int, str]]:
    """What is printed first in each cell that may hold a heading."""
    for at, cell in enumerate(cells):
        said = next((p for p in cell.paragraphs if p.text.strip()), None)
        if said is not None and cell.column == 0 and not said.controlled:
            yield at, said.print


def _is_of(
    group: Sequence[_Heading], whole: FormSpec, specs: Sequence[FormSpec], cells: Sequence[Cell]
) -> bool:
    """Whether some headings are those of another version: that fits best from there on, or most of
    what it asks under just these headings is there, and more than of the version around it.
    """
    spec = group[0].spec
    best = _best(specs, cells)
    if best is not None:
        return best.spec is spec
    asked = {key for heading in group for key in spec.section(heading.key).keys}
    there = claims_of(spec, cells).fields
    more = len(there) > len(claims_of(whole, cells).fields)
    return more and len(there & asked) >= max(versions.AGAIN, _MOST_OF * len(asked))


def _with_title(start: _Heading, cells: Sequence[Cell]) -> int:
    """Where a form begins whose first heading this is: with what it prints before."""
    wordings, at = Wordings(start.spec), start.at
    while at and not cells[at - 1].controlled and wordings.is_print(cells[at - 1].text):
        at -= 1
    return at
