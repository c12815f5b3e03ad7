"""A form's headings and labels, as they are found at the beginning of a text."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Literal

from parsers.normal import normal
from parsers.printed import alike

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from parsers.formspec import Field, FormSpec, Section

_NUMBERING = re.compile(
    r"\s*(?:(?:section|part)\s+)?\(?(?:\d{1,2}|[a-z])\s*[.):]\s*", re.IGNORECASE
)
_ENDS = re.compile(r"\s*(?:[:*?\u2013\u2014]\s*|-\s|\t|\n)+|\s{3,}")
_MARK = re.compile(r"[:*?\t\n\u2013\u2014]|-\s|\s{3}")


_SPACING = 60
"""So many blanks and marks may stand in a label, besides one after each letter."""
_MOST_MARKS = 6
"""So many marks may stand in a label and what is typed after it."""
Then = Literal["nothing", "mark"]


class Wordings:
    """What one version of the form prints."""

    def __init__(self, spec: FormSpec) -> None:
        self._spec = spec
        self._headings = {
            normal(wording): section
            for section in spec.sections
            for wording in (section.heading, *section.aliases)
        }
        self._labels = {section.key: _labels(section.fields) for section in spec.sections}
        self._words = {
            normal(label): len(label.split())
            for section in spec.sections
            for field in section.fields
            for label in field.labels
        }
        counted = Counter(normal(f.label) for section in spec.sections for f in section.fields)
        self._alone = {
            section.key: [
                (normal(f.label), f) for f in section.fields if counted[normal(f.label)] == 1
            ]
            for section in spec.sections
        }
        hints = (f.hint for section in spec.sections for f in section.fields if f.hint is not None)
        self._print = {normal(each) for each in (*spec.furniture, *spec.placeholders, *hints)}

    def heading(self, text: str) -> Section | None:
        """The section whose heading the text is."""
        for wording in (text, _NUMBERING.sub("", text, count=1)):
            letters = normal(wording)
            if letters in self._headings:
                return self._headings[letters]
            likeness, known = max((alike(letters, each), each) for each in self._headings)
            if likeness > 0:
                return self._headings[known]
        return None

    def names(self, text: str) -> bool:
        """Whether the text is the label of a field of any section."""
        return any(self.label(text, each, (), then="nothing") for each in self._spec.sections)

    def is_print(self, text: str) -> bool:
        """Whether a blank form says the same, or it says nothing."""
        letters = normal(text)
        return not text.strip() or letters in self._print

    def label(
        self, text: str, section: Section | None, lost: Collection[str], *, then: Then
    ) -> tuple[list[Field], int] | None:
        """(the fields that have this label, where it ends). What may follow it is nothing, or
        something after a mark that ends it (a colon, a gap, a line end). Outside of its
        section a label counts only when its section's heading is `lost` and no other has the like.
        """
        candidates = self._labels[section.key] if section is not None else []
        candidates = candidates + [each for key in sorted(lost) for each in self._alone[key]]
        skipped = _NUMBERING.match(text)
        for start in (0, skipped.end() if skipped else 0):
            found = self._at(text, start, candidates, then=then)
            if found is not None:
                return found
        return None

    def _at(
        self, text: str, start: int, candidates: list[tuple[str, Field]], *, then: Then
    ) -> tuple[list[Field], int] | None:
        for letters, _ in sorted(candidates, key=lambda each: -len(each[0])):
            end = _end(text, start, letters)
            if end is None:
                continue
            rest = text[end:]
            ending = _ENDS.match(rest)
            after = ending.end() if ending else 0
            if rest[after:].strip() and (then == "nothing" or (then == "mark" and not ending)):
                continue
            end += after
            return [field for other, field in candidates if other == letters], end
        near = self._near(text, start, candidates)
        return None if near and then == "nothing" and text[near[1] :].strip() else near

    def _near(
        self, text: str, start: int, candidates: list[tuple[str, Field]]
    ) -> tuple[list[Field], int] | None:
        """A label with a slip in it: that to which the text up to one of its marks is most like.
        What follows on its line without a mark is no part of it.
        """
        marks = islice(_MARK.finditer(text, start), _MOST_MARKS)
        best: tuple[float, list[Field], int] = (0.0, [], 0)
        for mark in (None, *marks):
            said = text[start : mark.start() if mark else len(text)]
            ending = _ENDS.match(text, mark.start()) if mark else None
            letters, words = normal(said), len(said.split())
            liked = [
                (alike(letters, known), known) for known, _ in candidates
                if words <= self._words[known]
            ]  # fmt: skip
            likeness, nearest = max(liked, default=(0.0, ""))
            wordings = {known for each, known in liked if each == likeness}
            if likeness > best[0]:
                fields = [f for known, f in candidates if known == nearest]
                end = ending.end() if ending else len(text)
                best = (likeness, fields if len(wordings) == 1 else [], end)
        return (best[1], best[2]) if best[1] else None


def _labels(fields: Iterable[Field]) -> list[tuple[str, Field]]:
    return [(normal(label), field) for field in fields for label in field.labels]


def _end(text: str, start: int, letters: str) -> int | None:
    """Where the letters end that stand at the start, None where others stand."""
    at = 0
    for index in range(start, min(len(text), start + 2 * len(letters) + _SPACING)):
        here = normal(text[index])
        if not letters.startswith(here, at):
            return None
        at += len(here)
        if at == len(letters):
            after = index + 1
            while after < len(text) and text[after] in ")].":
                after += 1
            return after
    return None
