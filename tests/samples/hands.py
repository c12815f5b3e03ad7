"""The same questions laid out by other hands: where labels, boxes and words to tick stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reportlab.lib.colors import HexColor, black
from reportlab.lib.utils import simpleSplit

from tests.samples.page import BLUE, WIDTH, Place, Sheet, sheet
from tests.samples.table import spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.formspec import Field, Section

Border = Literal["box", "line", "cells", "none"]
Question = Literal["after", "before", "stacked", "header", "left", "slash", "text", "below"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hand:
    """How somebody lays out a form.

    `label`: where it stands to its box. `border`: what is drawn around a box. `question`: where the
    boxes of a yes/no question stand and on which side their words are; `text`: one box to write in.
    """

    label: Literal["left", "above", "inside"] = "left"
    columns: int = 1
    border: Border = "box"
    question: Question = "after"
    font: str = "Helvetica"
    size: float = 9.0
    heading: Literal["upper", "title", "band", "boxed"] = "upper"
    title: Literal["top", "centre", "foot", "none"] = "top"
    mark: str = ""
    numbered: bool = False
    label_width: float = 150.0
    row: float = 20.0
    prompts: bool = True
    gap: float = 6.0


_MARGIN = 48.0
_INNER = WIDTH - 2 * _MARGIN
_LINE = HexColor("#444444")


def draw(hand: Hand, answers: Mapping[str, str] | None = None) -> Sheet:
    """The blank form in this hand, with `answers` written into it, and where answers go."""
    return _Drawing(hand, sheet("A form", answers or {})).drawn()


class _Drawing:
    def __init__(self, hand: Hand, page: Sheet) -> None:
        self.hand = hand
        self.page = page
        self.number = 0

    def drawn(self) -> Sheet:
        hand, page = self.hand, self.page
        bold = _bold(hand.font)
        if hand.title == "top":
            page.y -= page.write("Prevent Referral Form", _MARGIN, 500, size=18, font=bold) + 8
        elif hand.title == "centre":
            page.canvas.setFont(bold, 14)
            page.canvas.drawCentredString(WIDTH / 2, page.y - 14, "PREVENT REFERRAL FORM")
            page.y -= 26
        for section in spec().sections:
            self._section(section)
        if hand.title == "foot":
            page.canvas.setFont(hand.font, 7)
            page.canvas.drawRightString(WIDTH - _MARGIN, 32, "Prevent referral form v2.1")
        return page

    def _section(self, section: Section) -> None:
        page, hand = self.page, self.hand
        page.room(130)
        page.y -= 12
        size, bold = hand.size + 2.5, _bold(hand.font)
        words = section.heading.title() if hand.heading == "title" else section.heading
        if hand.heading == "band":
            page.rect(_MARGIN, page.y - size - 8, _INNER, size + 8, BLUE)
            white = HexColor("#ffffff")
            page.write(words, _MARGIN + 6, _INNER, size=size, font=bold, colour=white)
            page.y -= size + 10
        elif hand.heading == "boxed":
            self._box(_MARGIN, page.y - size - 8, _INNER, size + 8)
            page.write(words, _MARGIN + 6, _INNER, size=size, font=bold)
            page.y -= size + 8
        else:
            page.y -= page.write(words, _MARGIN, _INNER, size=size, font=bold) + 4
        if hand.prompts:
            for text in (section.lead or "", *section.prompts):
                if text:
                    page.room(30)
                    page.y -= page.write(text, _MARGIN, _INNER, size=8, font=hand.font)
            page.y -= 4
        if len(section.fields) == 1:
            self._alone(section.fields[0])
        else:
            self._fields(section)

    def _alone(self, field: Field) -> None:
        page = self.page
        page.room(110)
        self._box(_MARGIN, page.y - 100, _INNER, 100)
        self._text(field.key, _MARGIN, page.y - 100, _INNER, 100)
        page.y -= 106

    def _fields(self, section: Section) -> None:
        waiting: list[Field] = []
        for field in section.fields:
            if field.kind == "yes_no":
                self._rows(waiting)
                self._question(field)
            elif field.follows is not None:
                self._rows(waiting)
                self._rows([field], wide=True)
            else:
                waiting.append(field)
                if len(waiting) == self.hand.columns:
                    self._rows(waiting)
        self._rows(waiting)

    def _rows(self, fields: list[Field], *, wide: bool = False) -> None:
        if not fields:
            return
        hand, page = self.hand, self.page
        count = 1 if wide else hand.columns
        width = (_INNER - (count - 1) * (0 if hand.border == "cells" else 14)) / count
        tall = any(field.kind == "lines" for field in fields)
        height = hand.row * (2 if tall else 1)
        step = hand.size * 1.25
        labels = [
            simpleSplit(self._label(f), hand.font, hand.size, self._label_width(width) - 8)
            for f in fields
        ]
        high = max(map(len, labels)) * step
        whole = max(height, high + 5) if hand.label == "left" else height + high + 5
        page.room(whole + hand.gap)
        for number, field in enumerate(fields):
            x = _MARGIN + number * (width + (0 if hand.border == "cells" else 14))
            self._row(field, x, width, whole, height)
        page.y -= whole + (0 if hand.border == "cells" else hand.gap)
        fields.clear()

    def _row(self, field: Field, x: float, width: float, whole: float, height: float) -> None:
        hand, page = self.hand, self.page
        bottom = page.y - whole
        space = self._label_width(width)
        page.write(
            self._label(field), x + 4, space - 8, size=hand.size, font=hand.font, top=page.y - 2
        )
        if hand.label == "left":
            if hand.border == "cells":
                self._box(x, bottom, space, whole)
            self._box(x + space, bottom, width - space, whole)
            self._text(field.key, x + space, bottom, width - space, whole)
        elif hand.label == "above":
            self._box(x, bottom, width, height)
            self._text(field.key, x, bottom, width, height)
        else:
            self._box(x, bottom, width, whole)
            self._text(field.key, x, bottom, width, height)

    def _label_width(self, width: float) -> float:
        if self.hand.label != "left":
            return width
        return self.hand.label_width if self.hand.columns == 1 else width * 0.45

    def _label(self, field: Field) -> str:
        self.number += self.hand.numbered
        before = f"{self.number}. " if self.hand.numbered else ""
        return before + field.label + self.hand.mark

    def _text(self, key: str, x: float, bottom: float, width: float, height: float) -> None:
        box = (x + 2, bottom + 2, x + width - 2, bottom + height - 2)
        kind = spec().field(key).kind
        self.page.place(Place(key=key, page=self.page.page, box=box, multiline=kind == "lines"))

    def _box(self, x: float, bottom: float, width: float, height: float) -> None:
        canvas = self.page.canvas
        canvas.setStrokeColor(_LINE)
        canvas.setFillColor(black)
        canvas.setLineWidth(0.7)
        if self.hand.border == "line":
            canvas.line(x + 2, bottom + 1, x + width - 2, bottom + 1)
        elif self.hand.border != "none":
            canvas.rect(x, bottom, width, height, stroke=1, fill=0)

    def _question(self, field: Field) -> None:
        hand, page = self.hand, self.page
        beside = hand.question in ("after", "before", "header", "text")
        room = _INNER - 120 if beside else _INNER
        if hand.question == "left":
            room = _INNER - 110
        words = simpleSplit(self._label(field), hand.font, hand.size, room - 10)
        self.number -= hand.numbered
        high = len(words) * hand.size * 1.25 + 6
        under = {"stacked": 34.0, "below": 20.0, "slash": 20.0}.get(hand.question, 0.0)
        whole = max(high + under, 24.0)
        page.room(whole + hand.gap)
        left = _MARGIN + (110 if hand.question == "left" else 0)
        page.write(
            self._label(field), left + 4, room - 10, size=hand.size, font=hand.font, top=page.y - 2
        )
        y = page.y - 16 if not under else page.y - high - 14
        if hand.border == "cells":
            self._box(_MARGIN, page.y - whole, _INNER, whole)
        if hand.question == "text":
            self._box(_MARGIN + room, page.y - 20, 100, 18)
            self._text(field.key, _MARGIN + room, page.y - 20, 100, 18)
        else:
            self._ticks(field, y, _MARGIN + room if beside else _MARGIN + 6)
        page.y -= whole + (0 if hand.border == "cells" else hand.gap)

    def _ticks(self, field: Field, y: float, x: float) -> None:
        hand, page = self.hand, self.page
        for number, state in enumerate(("yes", "no")):
            at = x if hand.question == "stacked" else x + number * 50
            level = y - (16 * number if hand.question == "stacked" else 0)
            box = (at, level, at + 11, level + 11)
            page.canvas.setStrokeColor(_LINE)
            page.canvas.rect(at, level, 11, 11, stroke=1, fill=0)
            where, top = at + 15, level + 10.5
            if hand.question == "before":
                where = at - 19
            elif hand.question == "header":
                where, top = at, level + 20
            page.write(state.title(), where, 30, size=hand.size, font=hand.font, top=top)
            page.place(Place(key=field.key, page=page.page, box=box, state=state))


def _bold(font: str) -> str:
    return {"Times-Roman": "Times-Bold"}.get(font, f"{font}-Bold")
