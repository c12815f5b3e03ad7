"""Which of the known versions of the form stands where in a document."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeVar

from parsers import labels as wordings
from parsers.model import Reason
from parsers.normal import normal
from parsers.unreadable import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parsers.answers import Found
    from parsers.formspec import FormSpec
    from parsers.labels import Labels
    from parsers.pdf.lines import Run

_LONG, _NEARLY = 6, 0.8
T = TypeVar("T", bound="Found")
H = TypeVar("H", bound="Heading")
_MOST = 60
AGAIN = 2
"""A form that begins asks again for at least so many things that the one before it asked for."""
_HOPE = 0.6
"""Looking for labels is slow, looking for letters is not: a version is looked for only when what
its letters promise is at least this share of what the best one so far has."""


def best(specs: Sequence[FormSpec], runs: Sequence[Run]) -> Labels | None:
    """The version of which most is on some pages, with its labels; None when that is too little."""
    text = "".join(run.letters for run in runs)
    return fittest(specs, text, lambda spec: wordings.find(spec, runs))


def fittest(specs: Sequence[FormSpec], text: str, find: Callable[[FormSpec], T]) -> T | None:
    """What fits best of what is there enough of to be recognised. `text` holds all letters of the
    document. Of two that fit equally, the one that words its labels at more length (it explains
    both languages of a bilingual form), then the earlier.
    """
    first, *others = specs
    found = [find(first)]
    there = cache(text.__contains__)
    for spec in others:
        asked = len(spec.letters)
        printed = sum(any(all(map(there, parts)) for parts in labels) for labels in spec.letters)
        least = _HOPE * max(fit(each)[0] for each in found)
        if printed >= spec.recognised_from * asked and _fit(printed, asked) >= least:
            found.append(find(spec))
    enough = [each for each in found if each.share >= each.spec.recognised_from]
    enough = enough or [each for each in found if _has_section(each)]
    return max(enough, key=fit, default=None)


def _has_section(found: Found) -> bool:
    """Whether one long section of a printed form is there with its heading and nearly every label:
    pages are photographed one by one.
    """
    headings = found.headings if isinstance(found, wordings.Labels) else {}
    return any(
        len(section.fields) >= _LONG
        and section.key in headings
        and sum(each.key in found.fields for each in section.fields)
        >= _NEARLY * len(section.fields)
        for section in found.spec.sections
    )


class Heading(Protocol):
    """One that is printed somewhere: a version's, of its section of this key."""

    @property
    def spec(self) -> FormSpec:
        """The version."""

    @property
    def key(self) -> str:
        """The section's key."""


def beginnings(headings: Sequence[H]) -> list[H]:
    """With which of the headings of a document, in order, a form may begin: with its first
    section's, with that of a section which was there before (the beginning of a form may be
    missing), or where another version begins. Whether one does is told by what it asks again.
    UnreadableError (`too-large`) for more than any file holds: they can't be told apart in time.
    """
    found: list[H] = []
    before: FormSpec | None = None
    begun: set[str] = set()
    now = ""
    for each in headings:
        first = each.key == each.spec.sections[0].key
        again = each.key in begun and (first or each.key != now)
        if each.spec is not before or again or (first and begun):
            found.append(each)
            begun = set()
        before, now = each.spec, each.key
        begun.add(each.key)
    if len(found) > _MOST:
        raise UnreadableError(Reason.TOO_LARGE)
    return found


def _fit(found: int, asked: int) -> float:
    """How well a version fits: it explains much of the page, and much of it is there. A short form
    all of whose labels stand in a longer one fits less well than the longer one.
    """
    return found * found / asked


def fit(found: Found) -> tuple[float, int]:
    """How well a version fits what was found of it, and how many letters that explains."""
    fields = (field for section in found.spec.sections for field in section.fields)
    letters = sum(len(normal(each.label)) for each in fields if each.key in found.fields)
    return _fit(len(found.fields), len(found.spec.letters)), letters
