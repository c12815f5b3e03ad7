"""What is written in a document without pages: pieces, paragraphs, cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Some letters, or a box to tick (`box`: whether it is ticked).

    `control` is the number of the form field in which it stands, 0 for what is merely written.
    `flaw` is the code of what is doubtful; `day` the date (ISO) that a date field stores beside it.
    """

    text: str = ""
    box: bool | None = None
    control: int = 0
    struck: bool = False
    marked: bool = False
    hidden: bool = False
    flaw: str = ""
    day: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A text outside of the form. `typed` by somebody, or perhaps part of the form."""

    label: str
    text: str
    typed: bool


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Equal to itself and its like. A paragraph without pieces is an empty line."""

    pieces: tuple[Piece, ...] = ()

    @cached_property
    def text(self) -> str:
        """What a reader sees, boxes as ☐ and ☒."""
        return "".join(
            piece.text if piece.box is None else "☐☒"[piece.box]
            for piece in self.pieces
            if not piece.hidden
        )

    @cached_property
    def print(self) -> str:
        """What stands there before the first form field or box."""
        return "".join(piece.text for piece in takewhile(_is_print, self.pieces))

    @property
    def controlled(self) -> bool:
        """Whether a form field stands in it."""
        return any(piece.control for piece in self.pieces)

    def after(self, length: int) -> Paragraph:
        """What follows the first letters of the print."""
        kept = []
        for piece in self.pieces:
            cut = min(length, len(piece.text)) if _is_print(piece) else 0
            length -= cut
            if cut < len(piece.text) or not _is_print(piece):
                kept.append(_shortened(piece, cut))
        return Paragraph(pieces=tuple(kept))


@dataclass(frozen=True, kw_only=True, eq=False)
class Cell:
    """A cell of a table, or one paragraph that stands in none (`table` 0). Rows, and columns as
    the widest row counts them, from 0. `name` is what the document calls it, if no label.
    """

    paragraphs: tuple[Paragraph, ...]
    table: int = 0
    row: int = 0
    column: int = 0
    span: int = 1
    doubts: tuple[str, ...] = ()
    name: str = ""

    @cached_property
    def text(self) -> str:
        """Its paragraphs, line by line."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    @property
    def controlled(self) -> bool:
        """Whether a form field stands in it."""
        return any(paragraph.controlled for paragraph in self.paragraphs)

    @property
    def place(self) -> tuple[int, int]:
        """Its row among all tables."""
        return (self.table, self.row)


def _is_print(piece: Piece) -> bool:
    return piece.box is None and not piece.control and not (piece.hidden and piece.text)


def _shortened(piece: Piece, cut: int) -> Piece:
    if not cut:
        return piece
    return Piece(text=piece.text[cut:], struck=piece.struck, marked=piece.marked, flaw=piece.flaw)
