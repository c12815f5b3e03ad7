"""The form as reportlab's own form API makes it: fields of another producer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from tests.samples.page import BOTH, WIDTH, Sheet, sheet
from tests.samples.table import spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.formspec import Field

Question = Literal["check", "radio", "menu", "typed"]
_LEFT, _LABEL = 50.0, 170.0
_MENU = ["Please select", "Yes", "No"]


def made(
    answers: Mapping[str, str], *, question: Question = "check", tooltips: bool = False
) -> bytes:
    """The answers must be Latin-1: reportlab can't write others. `tooltips`: each field has its
    label as tooltip, and the label is not printed.
    """
    page = sheet("reportlab", answers)
    page.y -= page.write("PREVENT REFERRAL FORM", _LEFT, 400, size=16) + 12
    number = 0
    for section in spec().sections:
        page.room(80)
        page.y -= 14
        page.y -= page.write(section.heading, _LEFT, 480, size=11, font="Helvetica-Bold") + 6
        for field in section.fields:
            number += 1
            _row(page, field, f"field_{number}", question, tooltips=tooltips)
    return page.done()


def _row(page: Sheet, field: Field, name: str, question: Question, *, tooltips: bool) -> None:
    answer = page.answers.get(field.key, "")
    height = 46.0 if field.kind == "lines" else 18.0
    page.room(height + 36)
    tip = field.label if tooltips else ""
    if field.kind == "yes_no":
        words = page.write(field.label, _LEFT, WIDTH - 240, size=9) if not tooltips else 16.0
        _question(page, field, name, question, tip)
        page.y -= max(words, 24.0) + 4
        return
    if not tooltips:
        page.write(field.label, _LEFT, _LABEL - 8, size=9)
    form: Any = page.canvas.acroForm  # the stubs know only whole points
    form.textfield(
        value=answer,
        name=name,
        tooltip=tip,
        x=_LEFT + _LABEL,
        y=page.y - height,
        width=WIDTH - 2 * _LEFT - _LABEL,
        height=height,
        fontSize=9,
        fieldFlags="multiline" if field.kind == "lines" else "",
        maxlen=100_000,
        borderWidth=1,
    )
    page.y -= height + 8


def _question(page: Sheet, field: Field, name: str, question: Question, tip: str) -> None:
    form: Any = page.canvas.acroForm
    answer = page.answers.get(field.key, "")
    x, y = WIDTH - 170.0, page.y - 14
    if question == "menu":
        value = answer.title() if answer else _MENU[0]
        form.choice(
            options=_MENU, value=value, name=name, tooltip=tip, x=x, y=y - 4, width=100, height=18
        )
    elif question == "typed":
        form.textfield(
            value=answer.title(), name=name, tooltip=tip, x=x, y=y - 4, width=100, height=18
        )
    else:
        for state, at in (("yes", x), ("no", x + 60)):
            page.write(state.title(), at + 16, 30, size=9, top=page.y - 3)
            on = answer in (state, BOTH)
            if question == "radio":
                form.radio(name=name, value=state, selected=on, x=at, y=y, size=12, tooltip=tip)
            else:
                form.checkbox(name=f"{name}_{state}", checked=on, x=at, y=y, size=12, tooltip=tip)
