"""What stands in the body of a Word document, cell by cell in the order of reading."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from parsers.docx.runs import Runs, chosen
from parsers.linear.pieces import Cell, Paragraph
from parsers.markup import attribute, child, local, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

    from parsers.docx.runs import Control

_THROUGH = frozenset(
    {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "body", "document",
     "Choice"}
)  # fmt: skip
_LONGEST_CELL = 2000
"""Tables in a cell: with more text than this they are a layout, not part of an answer."""


class Content:
    """The cells of a document; `doubts` are the codes of what can't be read of it, `deleted` the
    texts that were deleted while changes were tracked; `drawn` when lines or rings lie over it.
    """

    def __init__(self, root: Element) -> None:
        self._runs = Runs()
        self._tables = 0
        self.cells: list[Cell] = []
        self._blocks(root, self._runs.outside)
        self.doubts = self._runs.doubts
        self.deleted = self._runs.deleted
        self.drawn = self._runs.drawn

    def _blocks(self, parent: Element, control: Control) -> None:
        for each in parent:
            name = local(each)
            if name == "p":
                self._paragraph(each, control)
            elif name == "tbl":
                self._table(each, control)
            elif name == "sdt":
                self._blocks(each, self._runs.control(each, control))
            elif name == "altChunk":
                self._runs.doubts.append("part-not-read")
            elif name == "AlternateContent":
                self._blocks(chosen(each), control)
            elif name == "del":
                self._runs.delete(each)
            elif name in _THROUGH:
                self._blocks(each, control)

    def _paragraph(self, element: Element, control: Control) -> None:
        paragraphs, boxes = self._runs.paragraph(element, control)
        self.cells.extend(_alone(each) for each in paragraphs)
        for box in boxes:
            self._blocks(box, self._runs.outside)

    def _table(self, table: Element, control: Control) -> None:
        self._tables += 1
        number = self._tables
        for row, (tr, held) in enumerate(self._rows(table, control)):
            column = _number(child(tr, "trPr", "gridBefore"), 0)
            for tc, inner in self._cells(tr, held):
                span = max(1, _number(child(tc, "tcPr", "gridSpan"), 1))
                merged = child(tc, "tcPr", "vMerge")
                at = (number, row, column, span)
                if merged is None or attribute(merged, "val") == "restart":
                    self._cell(tc, inner, at)
                elif any(text.text for text in within(tc, "t")):
                    # Nobody sees what stands in a cell that was merged with the one above.
                    self._cell(tc, inner, at)
                    self.cells[-1] = _unseen(self.cells[-1])
                column += span

    def _rows(self, parent: Element, control: Control) -> Iterator[tuple[Element, Control]]:
        for each in parent:
            if local(each) == "tr" and child(each, "trPr", "del") is not None:
                self._runs.delete(each)
            elif local(each) == "tr":
                yield each, control
            elif local(each) == "sdt":
                yield from self._rows(each, self._runs.control(each, control))
            elif local(each) in _THROUGH:
                yield from self._rows(each, control)

    def _cells(self, parent: Element, control: Control) -> Iterator[tuple[Element, Control]]:
        for each in parent:
            if local(each) == "tc":
                yield each, control
            elif local(each) == "sdt":
                yield from self._cells(each, self._runs.control(each, control))
            elif local(each) in _THROUGH:
                yield from self._cells(each, control)

    def _cell(self, tc: Element, control: Control, at: tuple[int, int, int, int]) -> None:
        """A cell, and after it what stands in it as a table of its own."""
        outer, self.cells = self.cells, []
        doubts = len(self._runs.doubts)
        self._blocks(tc, control)
        inner, self.cells = self.cells, outer
        told = tuple(self._runs.doubts[doubts:])
        del self._runs.doubts[doubts:]
        table, row, column, span = at
        small = sum(len(cell.text) for cell in inner if cell.table) < _LONGEST_CELL
        within = len({cell.place for cell in inner if cell.table}) < 3  # noqa: PLR2004 - a row or two of boxes
        kept = _flat(inner) if small and within else [c for c in inner if not c.table]
        self.cells.append(
            Cell(
                paragraphs=tuple(p for cell in kept for p in cell.paragraphs),
                table=table, row=row, column=column, span=span, doubts=told,
            )
        )  # fmt: skip
        if len(kept) != len(inner) and not (small and within):
            self.cells.extend(cell for cell in inner if cell.table)


def _unseen(cell: Cell) -> Cell:
    paragraphs = tuple(
        Paragraph(pieces=tuple(replace(piece, hidden=True) for piece in paragraph.pieces))
        for paragraph in cell.paragraphs
    )
    return replace(cell, paragraphs=paragraphs)


def _alone(paragraph: Paragraph) -> Cell:
    return Cell(paragraphs=(paragraph,))


def _flat(cells: Sequence[Cell]) -> list[Cell]:
    return [
        cell if not cell.table else Cell(paragraphs=tuple(p for p in cell.paragraphs if p.pieces))
        for cell in cells
    ]


def _number(element: Element | None, otherwise: int) -> int:
    said = None if element is None else attribute(element, "val")
    return int(said) if said is not None and said.isdecimal() and len(said) < 4 else otherwise  # noqa: PLR2004 - no table has a thousand columns
