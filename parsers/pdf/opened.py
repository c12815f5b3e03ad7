"""The pages of a PDFium document, each loaded once for all that is asked of it."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from parsers.pdf.characters import characters_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Shown:
    """One loaded page: PDFium's page and text page, and the characters of its text."""

    def __init__(self, document: Any, number: int) -> None:
        """Page `number` from 1."""
        self.page = document[number - 1]
        self.text = self.page.get_textpage()
        self.characters = characters_of(self.text)

    def close(self) -> None:
        """Give its memory back."""
        self.text.close()
        self.page.close()


class Opened:
    """The pages that were looked at and are not yet read."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._shown: dict[int, Shown] = {}

    def look(self, number: int) -> Shown:
        """A page, kept until it is read."""
        if number not in self._shown:
            self._shown[number] = Shown(self._document, number)
        return self._shown[number]

    @contextmanager
    def read(self, number: int) -> Iterator[Shown]:
        """A page for the last time."""
        self.look(number)
        with closing(self._shown.pop(number)) as shown:
            yield shown

    def close(self) -> None:
        """Forget what is not read."""
        for shown in self._shown.values():
            shown.close()
        self._shown.clear()
