"""The form as strangers lay it out who know nothing but its headings and labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reportlab.lib.colors import HexColor

from tests.samples.page import TINT, WIDTH, Place, Sheet, sheet
from tests.samples.table import spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parsers.formspec import Field, Section

_LEFT = 40.0
_WIDE = WIDTH - 2 * _LEFT
_PALE = HexColor("#dddddd")
_PERSONS = ("first_identified_by", "referrer")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stranger:
    """What a stranger does otherwise.

    `heading` and `label` are printed in place of the form's own, `{}` standing for those and `{n}`
    for their number; `small`: the labels have no capitals. `rows`: two short labels head a row of
    two boxes. `third`: the caption of a box beside yes and no. `split`: a date has three boxes.
    `across`: both persons stand side by side. `aslant`: a word printed over each page.
    `boxed`: whether all places have a box drawn around them, or one. `below`: a label stands under
    its box.
    """

    heading: str = "{}"
    label: str = "{}"
    small: bool = False
    rows: bool = False
    third: str = ""
    split: bool = False
    across: bool = False
    aslant: str = ""
    boxed: Literal["all", "one"] = "all"
    headings: bool = True
    below: bool = False


def draw(stranger: Stranger, answers: Mapping[str, str] | None = None) -> Sheet:
    """The form with `answers` written into it, and where answers go."""
    return _Drawing(stranger, sheet("A form", answers or {})).drawn()


class _Drawing:
    def __init__(self, stranger: Stranger, page: Sheet) -> None:
        self.stranger = stranger
        self.page = page
        self.number = 0
        self.slanted: set[int] = set()

    def drawn(self) -> Sheet:
        page = self.page
        page.y -= page.write("PREVENT REFERRAL FORM", _LEFT, _WIDE, size=16) + 8
        sections = spec().sections
        for number, section in enumerate(sections, start=1):
            if self.stranger.across and section.key in _PERSONS:
                if section.key == _PERSONS[0]:
                    self._across(sections[number - 1 : number + 1])
                continue
            self._room(140)
            self._heading(section, number, _LEFT)
            for wording in (section.lead or "", *section.prompts):
                self._room(20)
                page.y -= page.write(wording, _LEFT, _WIDE, size=8)
            self._fields(section, _LEFT, _WIDE)
        return page

    def _room(self, height: float) -> None:
        page = self.page
        page.room(height)
        if self.stranger.aslant and page.page not in self.slanted:
            self.slanted.add(page.page)
            page.canvas.saveState()
            page.canvas.setFont("Helvetica-Bold", 60)
            page.canvas.setFillColor(_PALE)
            page.canvas.translate(WIDTH / 2, 420)
            page.canvas.rotate(45)
            page.canvas.drawCentredString(0, 0, self.stranger.aslant)
            page.canvas.restoreState()

    def _across(self, sections: Sequence[Section]) -> None:
        """Both sections from the same height down, each in its own column."""
        page = self.page
        self._room(360)
        half, top, low = _WIDE / 2 - 8, page.y, page.y
        for column, section in enumerate(sections):
            page.y = top
            x = _LEFT + column * (half + 16)
            self._heading(section, column, x)
            self._fields(section, x, half)
            low = min(low, page.y)
        page.y = low

    def _heading(self, section: Section, number: int, x: float) -> None:
        page = self.page
        page.y -= 8
        if self.stranger.headings:
            said = self.stranger.heading.format(section.heading, n=number)
            page.y -= page.write(said, x, _WIDE / 2 if x == _LEFT else 240, size=10.5) + 4

    def _fields(self, section: Section, x: float, wide: float) -> None:
        waiting = list(section.fields)
        while waiting:
            field = waiting.pop(0)
            if field.kind == "yes_no":
                self._question(field, x, wide)
            elif self.stranger.rows and waiting and _is_short(field, waiting[0]):
                self._row([field, waiting.pop(0)], x, wide)
            else:
                self._above(section, field, x, wide)

    def _said(self, field: Field) -> str:
        self.number += 1
        said = field.label.lower() if self.stranger.small else field.label
        return self.stranger.label.format(said, n=self.number)

    def _above(self, section: Section, field: Field, x: float, wide: float) -> None:
        """A label above its box."""
        page, tall = self.page, 60.0 if field.kind == "lines" else 18.0
        self._room(tall + 30)
        named = len(section.fields) > 1 or self.stranger.boxed == "one"
        if named and not self.stranger.below:
            page.y -= page.write(self._said(field), x, wide) + 3
        drawn = self.stranger.boxed == "all" or section.key == "concerns"
        if field.kind == "date" and self.stranger.split:
            for number in range(3):
                left = x + number * 60
                if number:
                    page.write("/", left - 8, 8, top=page.y - 4)
                self._box(field, left, page.y - tall, 44, tall, drawn=drawn, part=number)
        else:
            self._box(field, x, page.y - tall, wide, tall, drawn=drawn)
        page.y -= tall
        if named and self.stranger.below:
            page.y -= page.write(self._said(field), x, wide) + 6
        page.y -= 6

    def _row(self, fields: Sequence[Field], x: float, wide: float) -> None:
        """Labels in tinted boxes, the boxes for their answers below."""
        page = self.page
        self._room(60)
        half = wide / len(fields)
        for number, field in enumerate(fields):
            left = x + number * half
            page.rect(left, page.y - 26, half, 26, TINT)
            page.write(self._said(field), left + 3, half - 6, size=8)
            self._box(field, left, page.y - 46, half, 20)
        page.y -= 46

    def _question(self, field: Field, x: float, wide: float) -> None:
        """A question, and below it the boxes with a word right of each."""
        page = self.page
        self._room(60)
        page.y -= page.write(self._said(field), x, wide) + 4
        words = [("yes", "Yes"), ("no", "No")]
        words += [("neither", self.stranger.third)] if self.stranger.third else []
        for number, (state, word) in enumerate(words):
            left = x + 8 + number * 60
            page.rect(left, page.y - 12, 11, 11)
            box = (left, page.y - 12, left + 11, page.y - 1)
            page.place(Place(key=field.key, page=page.page, box=box, state=state))
            page.write(word, left + 15, 60, top=page.y - 1)
        page.y -= 20

    def _box(
        self,
        field: Field,
        x: float,
        y: float,
        wide: float,
        tall: float,
        *,
        drawn: bool = True,
        part: int | None = None,
    ) -> None:
        page = self.page
        if drawn:
            page.rect(x, y, wide, tall)
        key = field.key if part is None else f"{field.key}.{part}"
        box = (x + 1, y + 1, x + wide - 1, y + tall - 1)
        page.place(Place(key=key, page=page.page, box=box, multiline=field.kind == "lines"))


def parted(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers, with those of dates in three parts too."""
    parts = {
        f"{key}.{number}": part
        for key, text in answers.items()
        if text.count("/") == 2
        for number, part in enumerate(text.split("/"))
    }
    return dict(answers) | parts


def _is_short(*fields: Field) -> bool:
    return all(field.kind not in ("lines", "yes_no") for field in fields)
