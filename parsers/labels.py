"""Where a form's headings, labels and other printed wordings stand on its pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from parsers.normal import normal
from parsers.pdf.lines import bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parsers.formspec import Field, FormSpec, Section
    from parsers.pdf.lines import Run
    from parsers.pdf.words import Word

_WRAP = 1.9
"""The next line of a wrapped wording begins at most this many heights below."""
_INDENT = 40.0
_NUMBERING = 3
"""What may stand before a wording: "1.", "Q12", a bullet."""
_FUZZY_FROM, _FUZZY_LENGTH = 90.0, 7
_MOST_LINES = 8
_WHOLE, _ENDED, _BEGUN = 3.0, 2.0, 1.0


class Printed:
    """One wording found on a page: its words, line by line. Equal only to itself.

    `score`: 3 when it fills its lines, 2 when a colon, a bracket or a gap ends it (or when it is a
    near miss), 1 when other words follow.
    """

    def __init__(self, page: int, lines: tuple[tuple[Word, ...], ...], score: float) -> None:
        """At least one line with at least one word; the page counts from 1."""
        self.page = page
        self.lines = lines
        self.score = score
        self.boxes = tuple(bounds(word.bbox for word in line) for line in lines)
        self.bbox = bounds(self.boxes)

    @property
    def text(self) -> str:
        """The words, with single blanks."""
        return " ".join(word.text for line in self.lines for word in line)

    @property
    def place(self) -> tuple[int, float, float]:
        """Orders what is printed as it is read."""
        return (self.page, self.bbox[1], self.bbox[0])


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
    pages = _Pages(runs)
    found = Labels(spec=spec)
    found.headings.update(_headings(spec, pages))
    taken = {id(word) for each in found.headings.values() for line in each.lines for word in line}
    wordings = Counter(normal(each.label) for section in spec.sections for each in section.fields)
    for section in spec.sections:
        alone = len(section.fields) == 1
        for each in section.fields:
            # Without its heading, only a wording that no other section has can be told.
            lost = section.key not in found.headings
            if lost and wordings[normal(each.label)] > 1:
                continue
            places = [
                printed
                for printed in pages.printed((each.label,) if lost else each.labels)
                if id(printed.lines[0][0]) not in taken
                and printed.score > _BEGUN
                and (lost or _is_in(found, section, printed))
            ]
            label = _choose(each, places, found)
            if label is None and alone and section.key in found.headings:
                label = found.headings[section.key]
            if label is not None:
                found.fields[each.key] = label
                taken.update(id(word) for line in label.lines for word in line)
    for wording in spec.furniture:
        found.furniture.extend(
            printed
            for printed in pages.printed((wording,), near=False)
            if printed.score > _BEGUN and id(printed.lines[0][0]) not in taken
        )
    share = len(found.fields) / sum(len(section.fields) for section in spec.sections)
    return Labels(
        spec=spec,
        fields=found.fields,
        headings=found.headings,
        furniture=found.furniture,
        share=share,
    )


def places(section: Section, runs: Sequence[Run]) -> list[Printed]:
    """Every place where a section's heading stands whole, in its largest print."""
    found = [
        each
        for each in _Pages(runs).printed((section.heading, *section.aliases))
        if each.score > _BEGUN
    ]
    tall = max(map(_height, found), default=0.0) * 0.9
    return [each for each in found if _height(each) >= tall]


def _headings(spec: FormSpec, pages: _Pages) -> dict[str, Printed]:
    """One place for each heading. Of several that are equally whole, the largest print wins: an
    answer may quote a heading, but it is not typed in the heading's size.
    """
    found = {}
    for section in spec.sections:
        places = [p for p in pages.printed((section.heading, *section.aliases)) if p.score > _BEGUN]
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


def _choose(each: Field, places: list[Printed], found: Labels) -> Printed | None:
    if each.follows is not None:
        # Its own question stands before it, and no other question between.
        question = found.fields.get(each.follows)
        if question is None:
            return None
        places = [p for p in places if p.place > question.place]
    return max(places, key=lambda p: (p.score, [-part for part in p.place]), default=None)


class _Pages:
    """The runs of all pages, and which run continues below which."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = runs
        self._by_page: dict[int, list[Run]] = {}
        for run in runs:
            self._by_page.setdefault(run.page, []).append(run)
        self._below: dict[int, list[Run]] = {}
        self._starts: dict[str, list[tuple[Run, int]]] = {}
        for run in runs:
            for start in _starts(run):
                self._starts.setdefault(run.normals[start][0], []).append((run, start))

    def printed(self, wordings: Iterable[str], *, near: bool = True) -> list[Printed]:
        """Every place where one of the wordings begins a run (or stands after a gap in it), in the
        order of reading; with `near`, also near misses of a wording that is nowhere exact.
        """
        found: dict[tuple[int, int], Printed] = {}
        wanted = [letters for wording in wordings if (letters := normal(wording))]
        for letters in sorted(wanted, key=len, reverse=True):
            for run, start in self._starts.get(letters[0], ()):
                key = (id(run), start)
                if key not in found and (place := self._match(run, start, letters)) is not None:
                    found[key] = place
        if near and not found:
            found.update(self._near(wanted))
        return sorted(found.values(), key=lambda printed: printed.place)

    def _match(self, run: Run, start: int, letters: str) -> Printed | None:
        """The lines on which the letters stand, beginning with one word of a run."""
        rest = letters
        for index in range(start, len(run.words)):
            token = run.normals[index]
            if not rest.startswith(token):
                return None
            rest = rest[len(token) :]
            if not rest:
                last = _with_marks(run, index)
                line = run.words[start : last + 1]
                score = _BEGUN if self._goes_on(run, last) else _score(run, last)
                return Printed(run.page, (line,), score)
        for below in self.below(run):
            first = next((n for n, token in enumerate(below.normals) if token), 0)
            tail = self._match(below, first, rest) if below.normals[first] else None
            if tail is not None:
                line = run.words[start:]
                return Printed(run.page, (line, *tail.lines), tail.score)
        return None

    def _goes_on(self, run: Run, last: int) -> bool:
        """Whether the next line continues the sentence: "Contact Number" / "of a parent"."""
        if last + 1 < len(run.words):
            return False
        x0, top, _, bottom = run.bbox
        return any(
            below.text[:1].islower()
            and abs(below.bbox[0] - x0) < 3  # noqa: PLR2004 - points
            and below.bbox[1] - top < 1.5 * (bottom - top) + 1
            for below in self.below(run)
        )

    def below(self, run: Run) -> list[Run]:
        """The runs that may continue this one, the nearest first."""
        if (known := self._below.get(id(run))) is not None:
            return known
        x0, top, x1, bottom = run.bbox
        reach = _WRAP * (bottom - top) + 2
        found = [
            other
            for other in self._by_page[run.page]
            if (bottom - top) * 0.5 < other.bbox[1] - top < reach
            and other.bbox[0] < x1
            and other.bbox[2] > x0
            and abs(other.bbox[0] - x0) < _INDENT
        ]
        self._below[id(run)] = found
        return found

    def _near(self, wanted: list[str]) -> dict[tuple[int, int], Printed]:
        """Places that differ from a wording in a letter or two (another edition, a bad font)."""
        found = {}
        for run in self._runs:
            chain, text = [run], run.letters
            while text and len(chain) <= _MOST_LINES:
                for letters in wanted:
                    if _alike(text, letters):
                        lines = tuple(each.words for each in chain)
                        found[(id(run), 0)] = Printed(run.page, lines, _ENDED)
                below = self.below(chain[-1])
                if not below or len(text) > max(map(len, wanted), default=0):
                    break
                chain.append(below[0])
                text += below[0].letters
        return found


def _alike(text: str, letters: str) -> bool:
    """Whether a wording is printed with a slip. "Number 2" is no slip of "Number"."""
    if len(letters) < _FUZZY_LENGTH or abs(len(text) - len(letters)) > max(2, len(letters) // 8):
        return False
    if [c for c in text if c.isdigit()] != [c for c in letters if c.isdigit()]:
        return False
    return fuzz.ratio(text, letters, score_cutoff=_FUZZY_FROM) > 0


def _starts(run: Run) -> Iterable[int]:
    """Where a wording may begin in a run: at its first letter, after a numbering or a wide gap."""
    begun = False
    for index, token in enumerate(run.normals):
        if not token:
            continue
        if not begun or _gap(run, index):
            yield index
        # "1." or "Q3" is passed over, a first word is not.
        begun = begun or not (len(token) <= _NUMBERING and (token.isdigit() or len(token) == 1))


def _gap(run: Run, index: int) -> bool:
    """Whether more than a blank stands before a word."""
    if index == 0:
        return False
    before, word = run.words[index - 1], run.words[index]
    return word.x0 - before.x1 > 0.6 * max(word.height, 6.0)


def _with_marks(run: Run, index: int) -> int:
    """Marks that end a wording belong to it: "Surname :", "Gender *"."""
    while index + 1 < len(run.words) and not run.normals[index + 1]:
        index += 1
    return index


def _score(run: Run, last: int) -> float:
    if last + 1 == len(run.words):
        return _WHOLE
    following = run.words[last + 1].text
    if (
        run.words[last].text.endswith((":", "*"))
        or following.startswith("(")
        or _gap(run, last + 1)
    ):
        return _ENDED
    return _BEGUN
