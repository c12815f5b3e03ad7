"""Where a wording stands on a page, however its lines are broken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from parsers.normal import normal
from parsers.pdf.lines import bounds
from parsers.yes_no import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from parsers.pdf.lines import Run
    from parsers.pdf.words import Word
    from parsers.yes_no import YesNo

_WRAP = 1.9
"""The next line of a wrapped wording begins at most this many heights below."""
_INDENT = 40.0
_NUMBERING = re.compile(r"[a-z]?\d{1,3}|[a-z]|[ivx]{2,4}|")
"""What may stand before a wording: "1.", "Q12", "IV", a bullet …"""
_JOINING = frozenset(
    {"and", "by", "for", "from", "if", "in", "of", "on", "or", "that", "the", "to"}
    | {"ac", "ar", "gan", "neu", "os", "sydd", "yn", "yr"}
)
"""Words with which a line continues a sentence; an answer may be in small letters too."""
_COUNTED = frozenset({"section", "part", "question"})
"""… and the words before such a number: "Section 3:"."""
_FUZZY_FROM, _FUZZY_LENGTH = 90.0, 7
_CROSS = "x"
"""What may be typed in boxes made of brackets: "[X] Yes [ ] No"."""
_MOST_LINES = 8
_EDGE_LINES = 4
"""So many lines at the end or the beginning of a page may be its text, its footer, its header."""
WHOLE, _ENDED, BEGUN = 3.0, 2.0, 1.0


class Printed:
    """One wording found on a page: its words, line by line. Equal only to itself. Lines that stand
    on the next page count for its text, not for its place.

    `score`: 3 when it fills its lines, 2 when a colon, a bracket or a gap ends it (or when it is a
    near miss), 1 when other words follow.
    """

    def __init__(self, page: int, lines: tuple[tuple[Word, ...], ...], score: float) -> None:
        """At least one line with at least one word; the page counts from 1."""
        self.page = page
        self.lines = lines
        self.score = score
        here = [line for line in lines if line[0].page == page]
        self.boxes = tuple(bounds(word.bbox for word in line) for line in here)
        self.bbox = bounds(self.boxes)

    @property
    def text(self) -> str:
        """The words, with single blanks."""
        return " ".join(word.text for line in self.lines for word in line)

    @property
    def place(self) -> tuple[int, float, float]:
        """Orders what is printed as it is read."""
        return (self.page, self.bbox[1], self.bbox[0])


class Pages:
    """The runs of all pages, and which run continues below which."""

    def __init__(
        self, runs: Sequence[Run], said: YesNo = ENGLISH, known: Collection[str] = ()
    ) -> None:
        """`said` are the words for yes and no, which end a wording. `known` are the labels, in
        normal form: what is one begins something new, however small its first letter.
        """
        self._runs = runs
        self._said = said
        self._known = tuple(known)
        self._by_page: dict[int, list[Run]] = {}
        for run in runs:
            self._by_page.setdefault(run.page, []).append(run)
        self._below: dict[int, list[Run]] = {}
        self._starts: dict[str, list[tuple[Run, int]]] = {}
        for run in runs:
            for start in _starts(run):
                self._starts.setdefault(run.normals[start], []).append((run, start))
        self._longest = max(map(len, self._starts), default=0)

    def printed(self, wordings: Iterable[str]) -> list[Printed]:
        """Every place where one of the wordings begins a run (or stands after a gap in it), in the
        order of reading.
        """
        found: dict[tuple[int, int], Printed] = {}
        for letters in sorted(_letters(wordings), key=len, reverse=True):
            for run, start in self._beginning(letters):
                key = (id(run), start)
                if key not in found and (place := self._match(run, start, letters)) is not None:
                    found[key] = _numbered(run, start, place)
        return sorted(found.values(), key=lambda printed: printed.place)

    def _beginning(self, letters: str) -> Iterable[tuple[Run, int]]:
        """Where a wording may begin, and does begin with the first word there."""
        for length in range(1, min(len(letters), self._longest) + 1):
            yield from self._starts.get(letters[:length], ())

    def _match(self, run: Run, start: int, letters: str, top: Run | None = None) -> Printed | None:
        """The lines on which the letters stand, beginning with one word of a run; `top` is the
        run with which the column begins.
        """
        top = top or run
        rest = letters
        for index in range(start, len(run.words)):
            token = run.normals[index]
            if not rest.startswith(token):
                return self._wrapped(run, start, index, rest, top)
            rest = rest[len(token) :]
            if not rest:
                last = _with_marks(run, index)
                line = run.words[start : last + 1]
                score = BEGUN if self._goes_on(run, last) else self._score(run, last)
                return Printed(run.page, (line,), score)
        return self._wrapped(run, start, len(run.words), rest, top)

    def _wrapped(self, run: Run, start: int, end: int, rest: str, top: Run) -> Printed | None:
        """The wording goes on below; what may stand right of its first line is a gap, or the words
        of the boxes that answer it. Or it goes on in the next column: the other language's.
        """
        if end == start or (end < len(run.words) and not self._ends_at(run, end)):
            return None
        beside = self._beside(top) if end == len(run.words) else []
        for after in (*self.below(run), *beside, *self._overleaf(run)):
            first = next((n for n, token in enumerate(after.normals) if token), 0)
            column = after if after in beside else top
            tail = self._match(after, first, rest, column) if after.normals[first] else None
            if tail is not None:
                line = run.words[start:end]
                # A mark may begin the next line: "Safeguarding" / "/ Prevent lead".
                lines = ((*after.words[:first], *tail.lines[0]), *tail.lines[1:])
                return Printed(run.page, (line, *lines), tail.score)
        return None

    def _goes_on(self, run: Run, last: int) -> bool:
        """Whether the next line continues the sentence: "Contact Number" / "of a parent"."""
        if last + 1 < len(run.words):
            return False
        x0, top, _, bottom = run.bbox
        return any(
            below.text[:1].islower()
            and below.normals[0] in _JOINING
            and abs(below.bbox[0] - x0) < 3  # noqa: PLR2004 - points
            and below.bbox[1] - top < 1.5 * (bottom - top) + 1
            and not self._begins(below)
            for below in self.below(run)
        )

    def _begins(self, run: Run) -> bool:
        """Whether a known label stands at the beginning of a run."""
        return any("".join(run.normals[start:]).startswith(self._known) for start in _starts(run))

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

    def _ends_at(self, run: Run, index: int) -> bool:
        """Whether what is printed from a word on is not part of the sentence before it."""
        return _gap(run, index) or self._said.are_all(
            word.text
            for word, token in zip(run.words[index:], run.normals[index:], strict=True)
            if token != _CROSS
        )

    def _score(self, run: Run, last: int) -> float:
        if last + 1 == len(run.words) or not any(run.normals[last + 1 :]):
            return WHOLE
        following = run.words[last + 1].text
        if (
            run.words[last].text.endswith((":", "*", "?"))
            or following.startswith("(")
            or self._ends_at(run, last + 1)
        ):
            return _ENDED
        return BEGUN

    def _overleaf(self, run: Run) -> Sequence[Run]:
        """The runs at the top of the next page that may continue the last ones of this one."""
        if run not in self._by_page[run.page][-_EDGE_LINES:]:
            return ()
        first = self._by_page.get(run.page + 1, [])[:_EDGE_LINES]
        return [other for other in first if abs(other.bbox[0] - run.bbox[0]) < _INDENT]

    def _beside(self, run: Run) -> list[Run]:
        """The next run to the right on the same line."""
        _, top, x1, bottom = run.bbox
        right = [
            other
            for other in self._by_page[run.page]
            if other.bbox[0] >= x1 and abs(other.bbox[1] - top) < 0.5 * (bottom - top)
        ]
        return sorted(right, key=lambda other: other.bbox[0])[:1]

    def near(self, wordings: Iterable[str]) -> list[tuple[float, Printed]]:
        """Places that differ from a wording in a letter or two (another edition, a bad font), with
        the likeness, 100 for none.
        """
        wanted = _letters(wordings)
        found = []
        for run in self._runs:
            chain, text = [run], run.letters
            while text and len(chain) <= _MOST_LINES:
                for letters in wanted:
                    if (likeness := alike(text, letters)) > 0:
                        lines = tuple(each.words for each in chain)
                        found.append((likeness, Printed(run.page, lines, _ENDED)))
                below = self.below(chain[-1])
                if not below or len(text) > max(map(len, wanted), default=0):
                    break
                chain.append(below[0])
                text += below[0].letters
        return found


def alike(text: str, letters: str) -> float:
    """How like a wording that is printed with a slip is to it, of 100; 0 for what is no slip.
    "Number 2" is no slip of "Number".
    """
    if len(letters) < _FUZZY_LENGTH or abs(len(text) - len(letters)) > max(2, len(letters) // 8):
        return 0.0
    if [c for c in text if c.isdigit()] != [c for c in letters if c.isdigit()]:
        return 0.0
    return fuzz.ratio(text, letters, score_cutoff=_FUZZY_FROM)


def _letters(wordings: Iterable[str]) -> list[str]:
    return [letters for wording in wordings if (letters := normal(wording))]


def _numbered(run: Run, start: int, place: Printed) -> Printed:
    """With the number that stands before it on its line."""
    first = start
    while first and not _gap(run, first) and _is_numbering(run, first - 1):
        first -= 1
    before = run.words[first:start] if first == 0 or _gap(run, first) else ()
    return Printed(place.page, ((*before, *place.lines[0]), *place.lines[1:]), place.score)


def _is_numbering(run: Run, index: int) -> bool:
    token = run.normals[index]
    if token in _COUNTED and index + 1 < len(run.normals):
        return bool(run.normals[index + 1]) and _is_numbering(run, index + 1)
    return _NUMBERING.fullmatch(token) is not None


def _starts(run: Run) -> Iterable[int]:
    """Where a wording may begin in a run: at its first letter, after a numbering or a wide gap."""
    begun = False
    for index, token in enumerate(run.normals):
        if not token:
            continue
        if not begun or _gap(run, index):
            yield index
        # "1.", "Q3" or "Part B" is passed over, a first word is not.
        begun = begun or not _is_numbering(run, index)


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
