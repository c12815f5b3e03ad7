"""Whether there is a mark in a small box, looked at as a picture: marks come in every font."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parsers.model import BBox

_SCALE = 3.0
_INNER = 0.6
"""The share of a box's width and height that is looked at: its edge is drawn."""
_DIFFERENT = 64
_MARKED_FROM, _EMPTY_BELOW = 0.06, 0.02


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """`sure` is False for a speck that may be a mark or not."""

    on: bool
    sure: bool


class Inks:
    """The pages of a PDFium document as pictures, each rendered once, when first asked for."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._pictures: dict[int, Any] = {}

    def mark(self, page: int, box: BBox) -> Mark:
        """What is inside a box of a page (from 1)."""
        picture = self._picture(page)
        x0, top, x1, bottom = (edge * _SCALE for edge in box)
        margin_x, margin_y = (x1 - x0) * (1 - _INNER) / 2, (bottom - top) * (1 - _INNER) / 2
        inner = picture.crop(
            (
                round(x0 + margin_x),
                round(top + margin_y),
                round(x1 - margin_x),
                round(bottom - margin_y),
            )
        )
        pixels = inner.tobytes()
        if not pixels:
            return Mark(on=False, sure=False)
        # A mark may fill all that is looked at: the ground is what is brightest up to the edge.
        ground = max(picture.crop(tuple(map(round, (x0, top, x1, bottom)))).tobytes())
        share = sum(pixel < ground - _DIFFERENT for pixel in pixels) / len(pixels)
        return Mark(on=share >= _MARKED_FROM, sure=not _EMPTY_BELOW <= share < _MARKED_FROM)

    def _picture(self, number: int) -> Any:
        if number not in self._pictures:
            page = self._document[number - 1]
            try:
                bitmap = page.render(scale=_SCALE, grayscale=True)
                self._pictures[number] = bitmap.to_pil().convert("L").copy()
                bitmap.close()
            finally:
                page.close()
        return self._pictures[number]
