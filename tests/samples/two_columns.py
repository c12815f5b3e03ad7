"""A bilingual form with Welsh in one column and English in the next, or one above the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.samples.page import WIDTH, Place, Sheet, sheet
from tests.samples.table import captions, spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.formspec import Field

_INNER = WIDTH - 80
_COLUMN = 140.0


def draw(answers: Mapping[str, str], *, stacked: bool = False, turned: bool = False) -> Sheet:
    """The form, and where its answers go. `turned`: English first."""
    page = sheet("Form", answers)
    page.y -= page.write(spec("bilingual").titles[0], 40, _INNER, size=15, font="Helvetica-Bold")
    for section in spec("bilingual").sections:
        page.room(150)
        page.y -= 20
        both = section.heading.split(" / ")
        for heading in both[::-1] if turned else both:
            page.y -= page.write(heading, 40, _INNER, size=12, font="Helvetica-Bold")
        page.y -= 6
        if len(section.fields) == 1:
            _box(page, section.fields[0], 40, _INNER, 90)
            continue
        for field in section.fields:
            _row(page, field, stacked=stacked, turned=turned)
    return page


def _row(page: Sheet, field: Field, *, stacked: bool, turned: bool) -> None:
    page.room(64)
    both = field.label.split(" / ")
    both = both[::-1] if turned else both
    if stacked:
        page.rect(40, page.y - 60, 2 * _COLUMN, 60)
        down = page.write(both[0], 44, 2 * _COLUMN - 8, size=9, top=page.y - 2)
        page.write(both[1], 44, 2 * _COLUMN - 8, size=9, top=page.y - 2 - down)
    else:
        for number, label in enumerate(both):
            page.rect(40 + number * _COLUMN, page.y - 60, _COLUMN, 60)
            page.write(label, 44 + number * _COLUMN, _COLUMN - 20, size=9, top=page.y - 2)
    left = 40 + 2 * _COLUMN
    if field.kind != "yes_no":
        _box(page, field, left, 40 + _INNER - left, 60)
        return
    page.rect(left, page.y - 60, 40 + _INNER - left, 60)
    for number, (state, said) in enumerate(
        zip(("yes", "no"), captions("bilingual", field), strict=True)
    ):
        bottom = page.y - 20 - 24 * number
        page.rect(left + 10, bottom, 11, 11)
        page.write(said, left + 25, 120, size=9, top=bottom + 11)
        box = (left + 10, bottom, left + 21, bottom + 11)
        page.place(Place(key=field.key, page=page.page, box=box, state=state))
    page.y -= 60


def _box(page: Sheet, field: Field, left: float, width: float, height: float) -> None:
    page.rect(left, page.y - height, width, height)
    box = (left + 2, page.y - height + 2, left + width - 2, page.y - 2)
    page.place(Place(key=field.key, page=page.page, box=box, multiline=True))
    page.y -= height
