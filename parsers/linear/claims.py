"""Which label each cell of a document without pages belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.linear.choice import chosen
from parsers.linear.pieces import Cell, Paragraph
from parsers.linear.wordings import Wordings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.formspec import Field, FormSpec, Section


@dataclass(kw_only=True)
class Claims:
    """What was found of one form in some cells. `answers` holds the places of each field's answer,
    `rest` what is claimed by no label (with the label beside it), each with its section.
    """

    spec: FormSpec
    fields: set[str] = field(default_factory=set)
    headings: set[str] = field(default_factory=set)
    answers: list[tuple[Field, Section | None, list[Cell]]] = field(default_factory=list)
    rest: list[tuple[Section | None, str, Cell]] = field(default_factory=list)
    doubts: list[tuple[str, Field | None]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of the labels that was found."""
        return len(self.fields) / sum(len(section.fields) for section in self.spec.sections)

    @property
    def span(self) -> tuple[int, int]:
        """There are no pages; all is on the first."""
        return (1, 1)


def claims_of(spec: FormSpec, cells: Sequence[Cell]) -> Claims:
    """Find every heading, then every label within its section, then each label's place."""
    return _Claiming(spec, cells).claims


class _Claiming:
    def __init__(self, spec: FormSpec, cells: Sequence[Cell]) -> None:
        self.claims = Claims(spec=spec)
        self._wordings = Wordings(spec)
        self._cells = list(cells)
        self._sections: list[Section | None] = []
        self._again: set[int] = set()
        self._find_headings()
        self._lost = {s.key for s in spec.sections} - self.claims.headings
        self._done: set[int] = set()
        self._question: Field | None = None
        self._labels = {
            index: found
            for index in range(len(self._cells))
            if (found := self._label_at(index)) is not None
        }
        # A place to the right goes before a place below.
        waiting = [index for index in range(len(self._cells)) if not self._claim(index)]
        for index in waiting:
            self._claim_below(index)
        self._claim_lone()
        self._claim_rest()

    def _find_headings(self) -> None:
        now: Section | None = None
        for index, cell in enumerate(self._cells):
            section = None
            if cell.column == 0 and cell.paragraphs:
                said = [p for p in cell.paragraphs if p.text.strip()]
                if said and not said[0].controlled:
                    section = self._wordings.heading(said[0].print)
            if section is not None and section.key in self.claims.headings:
                if section is not now:
                    self.claims.doubts.append(("heading-twice", None))
                    self._again.add(index)
                section = None
            if section is not None:
                now = section
                self.claims.headings.add(section.key)
                if len(section.fields) == 1:
                    self.claims.fields.add(section.fields[0].key)
                first = next(n for n, p in enumerate(cell.paragraphs) if p.text.strip())
                self._cells[index] = _with(cell, cell.paragraphs[first + 1 :])
            self._sections.append(now)

    def _label_at(self, index: int) -> tuple[list[Field], Cell, bool] | None:
        """(the fields of the label, what else stands in its cell, whether that is the answer)."""
        cell, section = self._cells[index], self._sections[index]
        first = next((n for n, p in enumerate(cell.paragraphs) if p.text.strip()), None)
        if first is None:
            return None
        if not cell.controlled:
            found = self._wordings.label(cell.text, section, self._lost, then="nothing")
            if found is not None:
                return found[0], _with(cell, ()), False
        paragraph = cell.paragraphs[first]
        if paragraph.pieces[0].control:
            return None
        # What is printed before a form field ends there.
        found = self._wordings.label(paragraph.print, section, self._lost, then="mark")
        if found is None:
            return None
        after = paragraph.after(found[1])
        rest = ([after] if after.pieces else []) + list(cell.paragraphs[first + 1 :])
        return found[0], _with(cell, rest), bool(after.text.strip()) or after.controlled

    def _claim(self, index: int) -> bool:
        """Give a label its place; False when that is to be looked for below."""
        if index not in self._labels or index in self._done:
            return True
        candidates, rest, inside = self._labels[index]
        field_ = self._chosen(candidates)
        if field_ is None:
            # A hint may be worded as a label.
            if not self._wordings.is_print(self._cells[index].text):
                self.claims.doubts.append(("label-twice", candidates[0]))
            return True
        section = self._sections[index]
        self._done.add(index)
        self.claims.fields.add(field_.key)
        if field_.kind == "yes_no":
            self._question = field_
        said = [p for p in rest.paragraphs if not self._wordings.is_print(p.text)]
        right = self._right(index, field_)
        if inside or rest.controlled or (not right and said):
            places = [rest, *(right if field_.kind == "yes_no" else [])]
            self._own(field_, section, places)
            if field_.kind == "lines" and not self._cells[index].table:
                self.claims.answers[-1][2].extend(self._following(index, all_=True))
            return True
        if said:
            self.claims.rest.append((section, field_.label, rest))
        self._labels[index] = ([field_], rest, inside)
        if right:
            self._own(field_, section, right)
            return True
        return False

    def _chosen(self, candidates: list[Field]) -> Field | None:
        """The one that follows the last question, of several; each only once."""
        free = [each for each in candidates if each.key not in self.claims.fields]
        asked = None if self._question is None else self._question.key
        following = [each for each in free if each.follows == asked and asked is not None]
        return next(iter(following or [e for e in free if e.follows is None]), None)

    def _own(self, field_: Field, section: Section | None, places: list[Cell]) -> None:
        self.claims.answers.append((field_, section, places))
        self._done.update(n for n, cell in enumerate(self._cells) if cell in places)

    def _right(self, index: int, field_: Field) -> list[Cell]:
        """The next cell of the row; for a question all that hold boxes, yes or no; for a date all
        that hold a part of it.
        """
        found: list[Cell] = []
        for after in range(index + 1, len(self._cells)):
            cell = self._cells[after]
            if not cell.table or cell.place != self._cells[index].place or after in self._labels:
                break
            if found and field_.kind == "yes_no":
                pieces = (p for par in cell.paragraphs for p in par.pieces)
                if not chosen(pieces, self.claims.spec.yes_no).sure:
                    break
            elif found and not (field_.kind == "date" and cell.text.strip(" /.-").isdigit()):
                break
            found.append(cell)
        return found

    def _claim_below(self, index: int) -> None:
        ((field_,), _, _) = self._labels[index]
        cell = self._cells[index]
        if not cell.table:
            places = self._following(index, all_=field_.kind == "lines")
        else:
            row = [n for n, c in enumerate(self._cells) if c.place == cell.place]
            places = [
                c
                for n, c in enumerate(self._cells[row[-1] + 1 :], start=row[-1] + 1)
                if n not in self._labels
                and n not in self._done
                and c.place == (cell.table, cell.row + 1)
                and (c.column, c.span) == (cell.column, cell.span)
            ]
        self._own(field_, self._sections[index], places)

    def _following(self, index: int, *, all_: bool) -> list[Cell]:
        """The paragraphs after one, up to the next label or heading; not `all_`, only the first."""
        found: list[Cell] = []
        for after in range(index + 1, len(self._cells)):
            cell = self._cells[after]
            alone = not cell.table or (not found and self._is_alone(after))
            if (
                after in self._labels
                or after in self._done | self._again
                or not alone
                or self._sections[after] is not self._sections[index]
                or (
                    self._wordings.is_print(cell.text) and cell.text.strip() and not cell.controlled
                )
            ):
                break
            if all_ or cell.text.strip() or cell.controlled:
                found.append(cell)
            if (not all_ and found) or cell.table:
                break
        return found

    def _is_alone(self, index: int) -> bool:
        around = self._cells[max(0, index - 1) : index] + self._cells[index + 1 : index + 2]
        return not any(cell.place == self._cells[index].place for cell in around)

    def _claim_lone(self) -> None:
        """What stands in a section with a single field is its answer: in a form field, else in a
        cell, else in paragraphs.
        """
        for section in self.claims.spec.sections:
            if len(section.fields) > 1 or section.key not in self.claims.headings:
                continue
            free = [
                n
                for n, cell in enumerate(self._cells)
                if self._sections[n] is section
                and n not in self._done
                and (not cell.table or self._is_alone(n))
            ]
            places = [n for n in free if self._cells[n].controlled]
            places = places or [n for n in free if self._cells[n].table and self._says(n)]
            places = places or [n for n in free if not self._cells[n].table]
            parts = [self._without_print(self._cells[n]) for n in places]
            self._done.update(places)
            self.claims.answers.append((section.fields[0], section, parts))

    def _says(self, index: int) -> bool:
        paragraphs = self._cells[index].paragraphs
        unseen = (piece for p in paragraphs for piece in p.pieces if piece.hidden)
        return any(not self._wordings.is_print(p.text) for p in paragraphs) or any(
            piece.text.strip() for piece in unseen
        )

    def _without_print(self, cell: Cell) -> Cell:
        return _with(
            cell,
            [
                p
                for p in cell.paragraphs
                if p.controlled or not p.text.strip() or not self._wordings.is_print(p.text)
            ],
        )

    def _claim_rest(self) -> None:
        for index, cell in enumerate(self._cells):
            if index in self._done:
                continue
            after = self._cells[index + 1] if index + 1 < len(self._cells) else None
            if after is not None and self._is_label_of(cell, index + 1):
                self._done |= {index, index + 1}
                self.claims.rest.append((self._sections[index], cell.text, after))
                continue
            label = self._before(index)
            if label is not None and self._says(index):
                self.claims.doubts.append(("answer-beside", label))
                self.claims.rest.append((self._sections[index], label.label, cell))
            elif self._says(index):
                self.claims.rest.append((self._sections[index], "", cell))

    def _before(self, index: int) -> Field | None:
        """The nearest known label before a cell in its row."""
        for before in range(index - 1, -1, -1):
            if (
                not self._cells[index].table
                or self._cells[before].place != self._cells[index].place
            ):
                return None
            if before in self._labels:
                return self._labels[before][0][0]
        return None

    def _is_label_of(self, cell: Cell, after: int) -> bool:
        """Whether a cell holds the unknown label of the next in its row."""
        beside = cell.table and self._cells[after].place == cell.place
        said = cell.text.strip() and not cell.controlled
        return bool(beside and said) and after not in self._done


def _with(cell: Cell, paragraphs: Sequence[Paragraph]) -> Cell:
    return Cell(
        paragraphs=tuple(paragraphs),
        table=cell.table,
        row=cell.row,
        column=cell.column,
        span=cell.span,
        doubts=cell.doubts,
        name=cell.name,
    )
