"""The forms in a document without pages, and what they say."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from parsers import values
from parsers.answers import Answers
from parsers.linear.choice import chosen
from parsers.linear.parts import parts_of
from parsers.linear.pieces import Cell, Piece
from parsers.linear.wordings import Wordings
from parsers.model import Reason
from parsers.pdf.owners import Owner
from parsers.pdf.slots import Slot
from parsers.unreadable import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from parsers.formspec import Field, FormSpec, Section
    from parsers.linear.claims import Claims
    from parsers.linear.pieces import Note
    from parsers.model import ExtractedForm, Method

_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_LABEL = 200
_END = Piece(text="\n")


def read(
    cells: Sequence[Cell],
    specs: Sequence[FormSpec],
    today: date,
    *,
    method: Method,
    doubts: Iterable[str] = (),
    notes: Sequence[Note] = (),
    deleted: str = "",
    drawn: bool = False,
) -> list[ExtractedForm]:
    """Each form, in order. UnreadableError: `not-a-form`, or `blank-form` when none is answered.
    `doubts` are the codes of what makes the whole document doubtful; `notes` stand outside of it,
    and go with the first form, as does what was `deleted` while changes were tracked. Where
    something is `drawn`, nobody can tell whether it rings or strikes out one of two words.
    """
    forms = []
    parts = parts_of(specs, cells)
    for claims in parts:
        answers = Answers(claims, today)
        for code in sorted(set(doubts)):
            answers.doubt(code, None, "")
        telling = _Telling(claims, answers, today, method, drawn=drawn)
        if claims is parts[0]:
            telling.notes(notes)
            if deleted.strip():
                answers.note("text-deleted", deleted.strip()[:_LABEL])
        form = telling.form()
        if form is not None:
            forms.append(form)
    if not forms:
        raise UnreadableError(Reason.BLANK_FORM if parts else Reason.NOT_A_FORM)
    return forms


class _Telling:
    def __init__(
        self, claims: Claims, answers: Answers, today: date, method: Method, *, drawn: bool
    ) -> None:
        self._drawn = drawn
        self._claims = claims
        self._answers = answers
        self._today = today
        self._method = method
        self._wordings = Wordings(claims.spec)

    def form(self) -> ExtractedForm | None:
        for code, field in self._claims.doubts:
            self._answers.doubt(code, field, "")
        for field, section, places in self._claims.answers:
            for cell in places:
                for code in cell.doubts:
                    self._answers.doubt(code, field, "")
            self._hidden(section, field.label, places)
            if field.kind == "yes_no":
                self._choice(field, section, places)
            else:
                self._text(field, section, places)
        for section, label, cell in self._claims.rest:
            self._hidden(section, label, [cell])
            self._rest(section, label, cell)
        return self._answers.form()

    def notes(self, notes: Iterable[Note]) -> None:
        """What stands outside of the form is the answer to nothing."""
        for note in notes:
            if not self._wordings.is_print(note.text):
                owner = Owner(field=None, label=note.label, section=None)
                self._answers.text(owner, self._slot(note.text, loose=not note.typed))

    def _slot(self, raw: str, **more: Any) -> Slot:
        plain = Slot(page=0, bbox=_NOWHERE, raw=raw, text=raw, method=self._method)
        return replace(plain, **more)

    def _text(self, field: Field, section: Section | None, places: list[Cell]) -> None:
        parts = [(cell.text, cell) for cell in places]
        while parts and not parts[-1][0].strip():
            parts.pop()
        while parts and not parts[0][0].strip():
            parts.pop(0)
        after = "/" if field.kind == "date" and len(parts) > 1 else "\n"
        if not parts:
            return
        raw = after.join(text for text, _ in parts)
        pieces = [p for _, cell in parts for par in cell.paragraphs for p in par.pieces]
        flaw = next((p.flaw for p in pieces if p.flaw), "")
        if any(p.struck and p.text.strip() for p in pieces):
            flaw = "struck-out"
        text, days = raw, {p.day for p in pieces if p.day}
        if field.kind == "date" and days:
            text, flaw = self._day(field, raw, min(days), flaw)
        owner = Owner(field=field, label=field.label, section=section)
        self._answers.text(owner, self._slot(raw, text=text, flaw=flaw))

    def _day(self, field: Field, shown: str, day: str, flaw: str) -> tuple[str, str]:
        """A date as its field stores it, where that is one reading of what it shows."""
        born = field.key == "individual.date_of_birth"
        read = values.read_date(shown.strip(), born=born, today=self._today)
        if read.value is not None:
            return shown, flaw if read.value == day else "date-differs"
        return (day, flaw) if _is_reading(day, shown) else (shown, flaw or "date-differs")

    def _choice(self, field: Field, section: Section | None, places: list[Cell]) -> None:
        pieces = [
            piece
            for cell in places
            for paragraph in cell.paragraphs
            for piece in (*paragraph.pieces, _END)
        ]
        choice = chosen(pieces, self._claims.spec.yes_no)
        text = "\n".join(cell.text for cell in places).strip("\n")
        owner = Owner(field=field, label=field.label, section=section)
        flaw = next((piece.flaw for piece in pieces if piece.flaw), "")
        if flaw:
            self._answers.doubt(flaw, field, text[:_LABEL])
        if choice.open and self._drawn:
            self._answers.doubt("drawing-not-read", field, text[:_LABEL])
        if not places:
            self._answers.unplaced(field)
        elif not choice.sure:
            self._answers.text(owner, self._slot(text))
        elif choice.ticked:
            for answer in choice.ticked:
                self._answers.tick(field, answer, self._slot("", tick=True, on=True))
            if choice.left and not self._wordings.is_print(choice.left):
                self._answers.stray(section, field.label, choice.left, self._slot(text))
        elif choice.left and not self._wordings.is_print(choice.left):
            self._answers.text(owner, self._slot(text))

    def _rest(self, section: Section | None, label: str, cell: Cell) -> None:
        for code in cell.doubts:
            self._answers.doubt(code, None, label[:_LABEL])
        text, label = cell.text, label or cell.name
        typed = bool(label) or cell.controlled
        if (
            any(p.box is not None for par in cell.paragraphs for p in par.pieces)
            and "☒" not in text
        ):
            return
        first = next((p for p in cell.paragraphs if p.text.strip()), None)
        if first is not None and not label and first.controlled and first.print.strip():
            label = first.print.strip(" :\t")
            text = "".join(p.text for p in first.pieces if p.control and not p.hidden)
            text = "\n".join([text, *(p.text for p in cell.paragraphs if p is not first)])
        if label and self._wordings.is_print(text):
            return
        owner = Owner(field=None, label=label, section=section)
        self._answers.text(owner, self._slot(text, loose=not typed))

    def _hidden(self, section: Section | None, label: str, cells: list[Cell]) -> None:
        hidden = "".join(
            piece.text
            for cell in cells
            for par in cell.paragraphs
            for piece in par.pieces
            if piece.hidden
        )
        if hidden.strip():
            self._answers.doubt("hidden-text", None, label[:_LABEL])
            owner = Owner(field=None, label=label, section=section)
            self._answers.text(owner, self._slot(hidden))


def _is_reading(day: str, shown: str) -> bool:
    """Whether the numbers of a date are those that are shown, in whatever order."""
    year, month, number = map(int, day.split("-"))
    found = sorted(int(each) for each in re.findall(r"\d+", shown))
    return found in (sorted([year % 100, month, number]), sorted([year, month, number]))
