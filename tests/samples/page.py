"""What is drawn on the pages of a sample, with the places for its answers."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from reportlab.lib.colors import Color, HexColor, black, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH, HEIGHT = A4
BLUE, TINT, GREY = HexColor("#1d3557"), HexColor("#dde6f0"), HexColor("#666666")
BOTH = "conflict"
"""The answer to a yes/no question whose two boxes are ticked."""
_DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


@dataclass(kw_only=True)
class Place:
    """A place for an answer: a text box (`state` empty) or the box of one answer to tick."""

    key: str
    page: int
    box: tuple[float, float, float, float]
    state: str = ""
    multiline: bool = False


@dataclass(kw_only=True)
class Sheet:
    """A canvas, how far down it is written, and the places so far."""

    canvas: Canvas
    buffer: io.BytesIO
    y: float = HEIGHT - 40
    page: int = 1
    places: list[Place] = field(default_factory=list)
    answers: Mapping[str, str] = field(default_factory=dict)

    def room(self, height: float) -> None:
        """Begin another page when less than this is left."""
        if self.y - height < 45:
            self.turn()

    def turn(self) -> None:
        self.canvas.setFont("Helvetica", 7)
        self.canvas.setFillColor(GREY)
        self.canvas.drawCentredString(WIDTH / 2, 25, f"OFFICIAL - page {self.page}")
        self.canvas.showPage()
        self.page += 1
        self.y = HEIGHT - 40

    def place(self, place: Place) -> None:
        """Note where an answer goes, and write it there if it was given."""
        self.places.append(place)
        if answer := self.answers.get(place.key, ""):
            _fill(self.canvas, place, answer)

    def write(
        self,
        text: str,
        x: float,
        width: float,
        *,
        size: float = 9,
        font: str = "Helvetica",
        colour: Color = black,
        top: float | None = None,
    ) -> float:
        """Wrapped text from `top` down; how high it is."""
        lines = simpleSplit(text, font, size, width)
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(colour)
        start = self.y if top is None else top
        for number, line in enumerate(lines):
            self.canvas.drawString(x, start - size - number * size * 1.25, line)
        return len(lines) * size * 1.25

    def rect(
        self, x: float, bottom: float, width: float, height: float, fill: Color | None = None
    ) -> None:
        self.canvas.setStrokeColor(GREY)
        self.canvas.setLineWidth(0.6)
        self.canvas.setFillColor(fill or white)
        self.canvas.rect(x, bottom, width, height, stroke=1, fill=1 if fill is not None else 0)

    def done(self) -> bytes:
        self.turn()
        self.canvas.save()
        return self.buffer.getvalue()


def sheet(title: str, answers: Mapping[str, str]) -> Sheet:
    """An empty one. The bytes are the same at every run (invariant mode)."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    return Sheet(canvas=canvas, buffer=buffer, answers=answers)


def font_for(text: str) -> str:
    """A font that has the letters, where this machine has one."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        if _DEJAVU.exists():
            if "DejaVu" not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont("DejaVu", _DEJAVU))
            return "DejaVu"
    return "Helvetica"


def _fill(canvas: Canvas, place: Place, text: str, *, size: float = 9) -> None:
    """What a typewriter would do: the answer inside its box, or a cross in it."""
    x0, bottom, x1, top = place.box
    canvas.setFillColor(black)
    if place.state:
        if text in (place.state, BOTH):
            canvas.setFont("ZapfDingbats", (top - bottom) * 0.9)
            canvas.drawCentredString((x0 + x1) / 2, bottom + (top - bottom) * 0.2, "✘")
        return
    font = font_for(text)
    canvas.setFont(font, size)
    y = top - size - 2
    for paragraph in text.split("\n"):
        for line in simpleSplit(paragraph, font, size, x1 - x0 - 8) or [""]:
            canvas.drawString(x0 + 4, y, line)
            y -= size * 1.2
