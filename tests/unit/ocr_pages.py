"""Small pages, drawn as a PDF so that every machine has the same letters, and seen in pixels."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING

from reportlab.pdfgen.canvas import Canvas

from tests.samples.scans import blurred, noisy, pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

    from parsers.model import BBox

WIDE, HIGH = 300, 200
BOLD = "Helvetica-Bold"


def seen(
    draw: Callable[[Canvas], None],
    dpi: int,
    *,
    grain: int = 24,
    size: tuple[float, float] = (WIDE, HIGH),
) -> Image:
    """In grey, as a scanner sees it. `draw` counts in points from the top left."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, bottomup=0)
    draw(canvas)
    canvas.showPage()  # also where nothing was drawn
    canvas.save()
    (page,) = pages(buffer.getvalue(), dpi)
    soft = blurred(page.convert("L"), 0.8 * dpi / 300)
    return noisy(soft, grain, random.Random(1)) if grain else soft


def points(box: tuple[int, int, int, int], dpi: int) -> BBox:
    x0, top, x1, bottom = (edge * 72 / dpi for edge in box)
    return x0, top, x1, bottom
