"""The words that answer a question with yes or no."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NOT_APPLICABLE = "NA"
"""In capitals it is no Welsh "Na"."""

_DENIALS = (("not",), ("ddim",), ("dim",))
"""After one of these words an answer is none: "Do not know" (where "Do" is Welsh for yes)."""


class YesNo:
    """The wordings of both answers, as one version of the form prints them."""

    def __init__(self, yes: Sequence[str], no: Sequence[str]) -> None:
        """Each wording is one word or several: "Nac ydw"."""
        self._answers = {tuple(each.casefold().split()): "yes" for each in yes}
        self._answers |= {tuple(each.casefold().split()): "no" for each in no}
        self.longest = max(map(len, self._answers), default=1)
        """So many words has the longest wording."""
        wordings = sorted(self._answers, key=lambda each: (-len(each), each))
        denied = "|".join(word for (word,) in _DENIALS)
        self.pattern = rf"\b(?:{'|'.join(map(_pattern, wordings))})\b(?!\s+(?:{denied})\b)"
        """Finds the wordings in a text, the longest first; without case."""
        begun = sorted({each[0] for each in wordings if len(each) > 1})
        self.unknown = rf"\b(?:{'|'.join(map(re.escape, begun))})\s+\w+" if begun else r"(?!)"
        """Finds what begins as a wording of several words does, and is none."""

    def answer(self, text: str) -> str | None:
        """`yes` or `no` when the text is that and nothing else, in one language or in two."""
        if text.strip() == _NOT_APPLICABLE:
            return None
        answers = set(self._said(_words(text)))
        return answers.pop() if len(answers) == 1 else None

    def at_start(self, words: Sequence[str]) -> bool:
        """Whether the first words, as they are printed, answer the question."""
        return self._begins(_words(" ".join(words[: self.longest + 1]))) > 0

    def are_all(self, words: Iterable[str]) -> bool:
        """Whether nothing else is printed than answers, of whatever kind."""
        return None not in self._said(_words(" ".join(words)))

    def _said(self, words: tuple[str, ...]) -> Iterator[str | None]:
        """Each answer, None for a word that is none."""
        while words:
            length = self._begins(words)
            yield self._answers.get(words[:length])
            words = words[max(length, 1) :]

    def _begins(self, words: tuple[str, ...]) -> int:
        """How many words the wording at the start has; 0 where none stands."""
        lengths = range(min(self.longest, len(words)), 0, -1)
        found = next((n for n in lengths if words[:n] in self._answers), 0)
        return 0 if words[found : found + 1] in _DENIALS else found


def _words(text: str) -> tuple[str, ...]:
    """The words without the marks around them; a word with a mark inside ("n.a.") stays one."""
    parts = re.split(r"[\s/|]+", text.casefold())
    stripped = (re.sub(r"^\W+|\W+$", "", part) for part in parts)
    return tuple(word for word in stripped if word)


def _pattern(words: Sequence[str]) -> str:
    return r"\s+".join(map(re.escape, words))


ENGLISH = YesNo(("yes", "y"), ("no", "n"))
