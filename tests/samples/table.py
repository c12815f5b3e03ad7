"""A version of the form as a government form is laid out: bands, labels left, boxes right."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportlab.lib.colors import white
from reportlab.lib.utils import simpleSplit

from parsers import formspec
from tests.samples.page import BLUE, GREY, TINT, WIDTH, Place, Sheet, sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.formspec import Field, FormSpec, Section

CONFIG = Path(__file__).parents[2] / "config"
_LABEL = 175.0
_INNER = WIDTH - 80
_LINES = {"concerns.description": 8, "individual.addresses": 3, "individual.family_details": 2}


_WELSH = {
    "A oes": ("Oes", "Nac oes"),
    "A yw": ("Ydy", "Nac ydy"),
    "A ydych": ("Ydw", "Nac ydw"),
}
"""Yes and no, by the question."""


@cache
def spec(version: str = "2018") -> FormSpec:
    """The form as it is configured."""
    return next(each for each in formspec.load(CONFIG) if each.version == version)


def draw(
    answers: Mapping[str, str],
    *,
    hints: bool = False,
    extra: str | None = None,
    version: str = "2018",
    onto: Sheet | None = None,
) -> Sheet:
    """The blank form, and where its answers go. `hints`: printed in grey inside the boxes.
    `extra`: one more row, with this label, that no field list knows. `onto`: after what is drawn
    there, on the same page.
    """
    page = onto or sheet("Referral form", answers)
    page.answers = answers
    page.write(spec(version).titles[0], 40, _INNER, size=17, font="Helvetica-Bold", colour=BLUE)
    page.y -= 26
    page.y -= page.write(
        "Please fill in as much as you can. If somebody is in immediate danger call 999. Once the "
        "form is complete, save a copy and attach it to an email.",
        40,
        _INNER,
        size=8,
        colour=GREY,
    )
    for section in spec(version).sections:
        page.y -= 10
        page.room(90)
        _heading(page, section.heading)
        if section.lead is not None:
            page.y -= 4
            page.y -= page.write(section.lead, 44, _INNER - 8, size=9, font="Helvetica-Bold")
        for prompt in section.prompts:
            page.room(24)
            page.y -= page.write(f"• {prompt}", 52, _INNER - 24, size=8)
        if len(section.fields) == 1:
            _long(page, section, hints=hints)
        else:
            _rows(page, section, hints=hints, version=version)
        if extra is not None and section.key == "concerns":
            _row(page, "extra", extra, lines=1)
    return page


def captions(version: str, field: Field) -> tuple[str, str]:
    """The words for yes and no beside a question of a version."""
    if version not in ("welsh", "bilingual"):
        return ("Yes", "No")
    yes, no = next(said for begun, said in _WELSH.items() if field.label.startswith(begun))
    return (yes, no) if version == "welsh" else (f"{yes} / Yes", f"{no} / No")


def _heading(page: Sheet, text: str) -> None:
    height = 18.0 + 13.125 * (_lines(text, _INNER, size=10.5, font="Helvetica-Bold") - 1)
    page.rect(40, page.y - height, _INNER, height, BLUE)
    page.write(text, 46, _INNER, size=10.5, font="Helvetica-Bold", colour=white, top=page.y - 2)
    page.y -= height


def _lines(text: str, width: float, *, size: float = 9, font: str = "Helvetica") -> int:
    return len(simpleSplit(text, font, size, width))


def _long(page: Sheet, section: Section, *, hints: bool) -> None:
    field = section.fields[0]
    height = 170 if field.key == "concerns.description" else 90
    page.room(height + 10)
    page.y -= 6
    page.rect(40, page.y - height, _INNER, height)
    box = (42, page.y - height + 2, 38 + _INNER, page.y - 2)
    page.place(Place(key=field.key, page=page.page, box=box, multiline=True))
    if hints and field.hint is not None:
        page.write(field.hint, 46, 300, size=8, colour=GREY)
    page.y -= height


def _rows(page: Sheet, section: Section, *, hints: bool, version: str) -> None:
    for field in section.fields:
        if field.kind == "yes_no":
            _question(page, field, captions(version, field))
            continue
        lines = _LINES.get(field.key, 2 if field.kind == "lines" else 1)
        _row(page, field.key, field.label, lines=lines, hint=field.hint if hints else None)


def _row(page: Sheet, key: str, label: str, *, lines: int, hint: str | None = None) -> None:
    height = max(18.0 * lines, 24.0 if len(label) > 32 else 18.0)
    if (high := _lines(label, _LABEL - 10)) > 2:
        height = max(height, 11.25 * high + 4)
    page.room(height)
    page.rect(40, page.y - height, _LABEL, height, TINT)
    page.rect(40 + _LABEL, page.y - height, _INNER - _LABEL, height)
    page.write(label, 45, _LABEL - 10, size=9, top=page.y - 2)
    box = (42 + _LABEL, page.y - height + 1.5, 38 + _INNER, page.y - 1.5)
    page.place(Place(key=key, page=page.page, box=box, multiline=lines > 1))
    if hint is not None:
        page.write(hint, 46 + _LABEL, _INNER - _LABEL - 10, size=7, colour=GREY, top=page.y - 3)
    page.y -= height


def _question(page: Sheet, field: Field, said: tuple[str, str]) -> None:
    stacked = len(said[1]) > 8
    width, height = _INNER - 110, 34.0 if stacked else 26.0
    page.room(height + 30)
    page.rect(40, page.y - height, width, height, TINT)
    page.rect(40 + width, page.y - height, 110, height)
    page.write(field.label, 45, width - 10, size=9, top=page.y - 2)
    for state, x in (("yes", 52 + width), ("no", 96 + width - 40 + 44)):
        bottom = page.y - height + 7
        if stacked:
            x, bottom = 52 + width, page.y - (14 if state == "yes" else 30)  # noqa: PLW2901
        page.rect(x, bottom, 11, 11)
        page.write(said[state == "no"], x + 15, 90 if stacked else 40, size=9, top=bottom + 11)
        box = (x, bottom, x + 11, bottom + 11)
        page.place(Place(key=field.key, page=page.page, box=box, state=state))
    page.y -= height
