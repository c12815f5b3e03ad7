"""What stands beside a yes/no question: boxes, marks, or words of which one is struck out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from parsers.pdf.marks import CHECKED, UNCHECKED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from parsers.linear.pieces import Piece
    from parsers.yes_no import YesNo

_MARKS = (
    rf"(?P<on>[{CHECKED}]|[\[(]\s?[xX✓✔]\s?[\])]|(?<!\w)[xX](?!\w))"
    rf"|(?P<off>[{UNCHECKED}]|\[\s*\]|\(\s*\))|(?P<gap>[\s/,:;|]+)|(?P<rest>[^\s/,:;|]+)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Which answers are ticked, out of `yes` and `no`. `sure` is False where it can't be told what
    the marks mean: then the text says what stands there. `left` is what else is written. `open`:
    both words stand there, and neither is marked.
    """

    ticked: tuple[str, ...]
    sure: bool
    left: str = ""
    open: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Token:
    kind: str
    text: str
    struck: bool = False
    marked: bool = False

    def is_like(self, other: _Token) -> bool:
        """Whether it gives the same answer and looks the same."""
        mine = (self.text, self.struck, self.marked)
        return mine == (other.text, other.struck, other.marked)


def chosen(pieces: Iterable[Piece], said: YesNo) -> Choice:
    """What a place for yes or no says, in these words."""
    tokens = list(_tokens(pieces, said))
    left = "".join(t.text for t in tokens if t.kind == "rest")
    rest = "".join(t.text for t in tokens if t.kind in ("rest", "gap")).strip(" \t\n/,:;|")
    words = [t for t in tokens if t.kind == "word"]
    boxes = [t for t in tokens if t.kind in ("on", "off")]
    if boxes:
        on = [t for t in boxes if t.kind == "on"]
        if not on:
            # A word beside empty boxes may be the answer, the boxes' own words are not.
            plain = len(words) == len(boxes)
            return Choice(ticked=(), sure=plain and not any(w.struck for w in words), left=rest)
        answers = _beside(tokens)
        if answers is None or any(w.struck for w in words):
            return Choice(ticked=(), sure=False)
        return Choice(ticked=answers, sure=True, left=rest if left else "")
    kept = [w for w in words if not w.struck]
    if left or (words and not kept) or (any(w.marked for w in kept) and len(kept) > 1):
        return Choice(ticked=(), sure=False)
    if len(kept) == 1:
        return Choice(ticked=(kept[0].text,), sure=True)
    both = {w.text for w in kept} == {"yes", "no"} and len(kept) == 2  # noqa: PLR2004 - a pair
    return Choice(ticked=(), sure=both or not kept, open=both)


def _tokens(pieces: Iterable[Piece], said: YesNo) -> Iterator[_Token]:
    """One answer in two languages, "Ydw / Yes", is one word."""
    shown = (piece for piece in pieces if not piece.hidden)
    before: _Token | None = None
    waiting: list[_Token] = []
    for boxes, group in groupby(shown, key=lambda piece: piece.box is not None):
        for token in _boxes(group) if boxes else _words(list(group), said):
            if token.kind == "gap":
                waiting.append(token)
                continue
            again = before is not None and before.kind == token.kind == "word"
            between = "".join(each.text for each in waiting)
            if (
                again
                and before is not None
                and before.is_like(token)
                and between.strip() in ("", "/", "|")
            ):
                waiting = []
                continue
            if before is not None:
                yield before
            yield from waiting
            before, waiting = token, []
    if before is not None:
        yield before
    yield from waiting


def _boxes(pieces: Iterable[Piece]) -> Iterator[_Token]:
    for piece in pieces:
        yield _Token(kind="on" if piece.box else "off", text="")


def _words(pieces: Sequence[Piece], said: YesNo) -> Iterator[_Token]:
    """The tokens of a text, however it is cut into pieces. A word of which only a part is struck
    out says neither.
    """
    letters = [(letter, piece) for piece in pieces for letter in piece.text]
    for found in _tokens_of(said).finditer("".join(letter for letter, _ in letters)):
        under = [piece for letter, piece in letters[found.start() : found.end()] if letter.strip()]
        struck = [piece.struck for piece in under]
        kind = found.lastgroup or "rest"
        kind = "rest" if kind == "unknown" else kind
        text = found[0]
        if kind == "word":
            kind = "rest" if any(struck) and not all(struck) else kind
            text = (said.answer(text) or text) if kind == "word" else text
        marked = any(piece.marked for piece in under)
        yield _Token(kind=kind, text=text, struck=bool(struck) and all(struck), marked=marked)


@cache
def _tokens_of(said: YesNo) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<word>{said.pattern})|(?P<unknown>{said.unknown})|{_MARKS}", re.IGNORECASE
    )


def _beside(tokens: Sequence[_Token]) -> tuple[str, ...] | None:
    """The words of the boxes that are ticked, None where it can't be told which these are."""
    shown = [t for t in tokens if t.kind in ("word", "on", "off")]
    words = [t for t in shown if t.kind == "word"]
    if len(words) * 2 == len(shown):
        pairs = list(zip(shown[::2], shown[1::2], strict=True))
        if all((a.kind == "word") != (b.kind == "word") for a, b in pairs) and (
            len({a.kind == "word" for a, _ in pairs}) == 1
        ):
            return tuple(
                next(t for t in pair if t.kind == "word").text
                for pair in pairs
                if any(t.kind == "on" for t in pair)
            )
    return _nearest(tokens)


def _nearest(tokens: Sequence[_Token]) -> tuple[str, ...] | None:
    """Of marks that do not stand beside every word, the words that are nearer than any other."""
    answers = []
    for index, token in enumerate(tokens):
        if token.kind == "off":
            return None
        if token.kind != "on":
            continue
        before = _away(tokens[:index][::-1])
        after = _away(tokens[index + 1 :])
        if (before is None and after is None) or (before and after and before[0] == after[0]):
            return None
        nearest = min(each for each in (before, after) if each is not None)
        answers.append(nearest[1])
    return tuple(answers)


def _away(tokens: Sequence[_Token]) -> tuple[int, str] | None:
    far = 0
    for token in tokens:
        if token.kind == "word":
            return far, token.text
        far += len(token.text) + token.text.count("\t") * 4 + token.text.count("\n") * 9
    return None
