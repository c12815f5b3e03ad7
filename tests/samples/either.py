"""A form that prints "Yes / No" after each question, and what a pen does to one of the words."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
from reportlab.pdfbase.pdfmetrics import stringWidth

from tests.samples.page import WIDTH, Place, Sheet, sheet
from tests.samples.table import captions, spec

if TYPE_CHECKING:
    from collections.abc import Mapping

INNER = WIDTH - 80
QUESTION = "safeguarding.lead_consulted"
OTHERS = {"individual.forenames": "Robin", "individual.surname": "Tester"}
Words = dict[str, tuple[float, float, float, float]]


def drawn(
    version: str = "2018",
    *,
    joined: str = " / ",
    boxed: bool = True,
    answers: Mapping[str, str] = OTHERS,
) -> tuple[Sheet, Words]:
    """The form, and where both words stand at one question."""
    page, found = sheet("Form", answers), {}
    for section in spec(version).sections:
        page.room(120)
        page.y -= 12
        page.y -= page.write(section.heading, 40, INNER, size=12, font="Helvetica-Bold") + 6
        for field in section.fields:
            page.room(40)
            if boxed:
                page.rect(40, page.y - 36, 300, 36)
                page.rect(340, page.y - 36, INNER - 300, 36)
            page.write(field.label, 44, 290, size=9, top=page.y - 4)
            if field.kind == "yes_no":
                yes, no = captions(version, field)
                page.canvas.setFont("Helvetica", 10)
                page.canvas.drawString(350, page.y - 20, f"{yes}{joined}{no}")
                if field.key == QUESTION:
                    after = 350 + stringWidth(yes + joined, "Helvetica", 10)
                    found = {
                        "yes": _box(350, page.y - 20, yes), "no": _box(after, page.y - 20, no)
                    }  # fmt: skip
                    found["page"] = (page.page - 1, 0, 0, 0)
            else:
                box = (342.0, page.y - 34, 38 + INNER, page.y - 2)
                page.place(Place(key=field.key, page=page.page, box=box, multiline=True))
            page.y -= 36
    return page, found


def _box(x: float, base: float, text: str) -> tuple[float, float, float, float]:
    return (x, base - 2, x + stringWidth(text, "Helvetica", 10), base + 8)


def with_strokes(content: bytes, strokes: str, page: int) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.pages[page].contents_add(f"q {strokes} Q".encode())
        buffer = io.BytesIO()
        pdf.save(buffer, static_id=True)
        return buffer.getvalue()


def line(word: tuple[float, ...], *, at: float = 0.5, slant: float = 0.0) -> str:
    y = word[1] + at * (word[3] - word[1])
    return f"1 w {word[0] - 1} {y - slant} m {word[2] + 1} {y + slant} l S"


def ring(word: tuple[float, ...], *, by: float = 4.0) -> str:
    """Four Bézier curves."""
    x0, y0, x1, y1 = word[0] - by, word[1] - by, word[2] + by, word[3] + by
    x, y, k = (x0 + x1) / 2, (y0 + y1) / 2, 0.5523
    a, b = (x1 - x0) / 2, (y1 - y0) / 2
    return (
        f"1 w {x1} {y} m {x1} {y + k * b} {x + k * a} {y1} {x} {y1} c "
        f"{x - k * a} {y1} {x0} {y + k * b} {x0} {y} c "
        f"{x0} {y - k * b} {x - k * a} {y0} {x} {y0} c "
        f"{x + k * a} {y0} {x1} {y - k * b} {x1} {y} c S"
    )


def bar(word: tuple[float, ...]) -> str:
    """As a word processor strikes out: a thin rectangle."""
    middle = (word[1] + word[3]) / 2
    return f"{word[0]} {middle} {word[2] - word[0]} 0.7 re f"


def cross(word: tuple[float, ...]) -> str:
    x0, y0, x1, y1 = word
    return f"{x0} {y0} m {x1} {y1} l S {x0} {y1} m {x1} {y0} l S"
