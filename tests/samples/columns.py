"""The same questions in another hand: labels above their boxes, two columns, no bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.samples.page import WIDTH, Place, Sheet, sheet
from tests.samples.table import spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.formspec import Field, Section

_COLUMN = (WIDTH - 2 * 54 - 18) / 2


def draw(answers: Mapping[str, str]) -> Sheet:
    """The blank form, and where its answers go."""
    page = sheet("Form", answers)
    page.write("Prevent Referral Form", 54, 400, size=20, font="Times-Roman")
    page.y -= 30
    for section in spec().sections:
        page.room(110)
        page.y -= 12
        page.y -= page.write(section.heading.title(), 54, 450, size=13, font="Times-Bold")
        page.canvas.line(54, page.y - 1, WIDTH - 54, page.y - 1)
        page.y -= 4
        if section.lead is not None:
            page.y -= page.write(section.lead, 54, 2 * _COLUMN, size=9, font="Times-Italic")
        if len(section.fields) == 1:
            _wide(page, section.fields[0], 130, label=False)
        else:
            _pairs(page, section)
    return page


def _pairs(page: Sheet, section: Section) -> None:
    waiting: list[Field] = []
    for field in section.fields:
        if field.kind == "yes_no":
            _flush(page, waiting)
            _question(page, field)
        elif field.follows is not None:
            _wide(page, field, 36, label=True)
        else:
            waiting.append(field)
            if len(waiting) == 2:
                _flush(page, waiting)
    _flush(page, waiting)


def _flush(page: Sheet, waiting: list[Field]) -> None:
    if not waiting:
        return
    height = 34 if any(field.kind == "lines" for field in waiting) else 17
    page.room(height + 18)
    for number, field in enumerate(waiting):
        x = 54 + number * (_COLUMN + 18)
        page.write(field.label, x, _COLUMN, size=8.5, font="Times-Roman", top=page.y - 3)
        _box(page, field, x, page.y - 15 - height, _COLUMN, height)
    page.y -= height + 18
    waiting.clear()


def _wide(page: Sheet, field: Field, height: float, *, label: bool) -> None:
    page.room(height + 20)
    if label:
        page.write(field.label, 54, 450, size=8.5, font="Times-Roman", top=page.y - 3)
    _box(page, field, 54, page.y - 15 - height, WIDTH - 108, height)
    page.y -= height + 18


def _box(  # noqa: PLR0917 - a rectangle
    page: Sheet, field: Field, x: float, y: float, width: float, height: float
) -> None:
    page.canvas.setLineWidth(0.5)
    for line in ((x, y, x + width, y), (x, y, x, y + height)):
        page.canvas.line(*line)
    page.canvas.line(x + width, y, x + width, y + height)
    page.canvas.line(x, y + height, x + width, y + height)
    box = (x, y, x + width, y + height)
    page.place(Place(key=field.key, page=page.page, box=box, multiline=height > 20))


def _question(page: Sheet, field: Field) -> None:
    """The word stands before its box here."""
    page.room(40)
    page.y -= page.write(field.label, 54, 450, size=8.5, font="Times-Roman", top=page.y - 3) + 4
    x = 60.0
    for state in ("yes", "no"):
        page.write(state.upper(), x, 30, size=9, font="Times-Roman")
        page.canvas.rect(x + 22, page.y - 10, 9, 9)
        box = (x + 22, page.y - 10, x + 31, page.y - 1)
        page.place(Place(key=field.key, page=page.page, box=box, state=state))
        x += 60
    page.y -= 14
