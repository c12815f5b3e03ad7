"""Whether there is a mark in a small box, looked at as a picture: marks come in every font."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.model import BBox

SCALE = 3.0
_FRAMED, _HEART = 0.6, 0.4
"""Shares of the width and height of what is drawn in a box: the outer one may hold its frame, or
the ring of a radio button; a tick, a cross and a dot all reach into the inner one.
"""
_DIFFERENT, _DARK = 64, 128
_MARKED_FROM, _EMPTY_BELOW = 0.06, 0.02
_LOPSIDED = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """`sure` is False for a speck that may be a mark or not."""

    on: bool
    sure: bool


class Inks:
    """The pages of a PDFium document as pictures, each rendered once, when first asked for."""

    def __init__(self, document: Any, pictures: Mapping[int, Any] | None = None) -> None:
        """`pictures`: pages that are there as pictures already, in grey, `SCALE` pixels a point."""
        self._document = document
        self._pictures: dict[int, Any] = dict(pictures or {})

    def mark(self, page: int, box: BBox) -> Mark:
        """What is inside a box of a page (from 1)."""
        whole = self._picture(page).crop(tuple(round(edge * SCALE) for edge in box))
        if not whole.tobytes():
            return Mark(on=False, sure=False)
        # A mark may fill all that is looked at: the ground is what is brightest up to the edge.
        ground = max(whole.tobytes())
        ink = whole.point([255 * (value < ground - _DIFFERENT) for value in range(256)])
        around = ink.getbbox()
        if around is None:
            return Mark(on=False, sure=True)
        share = _share(_middle(ink.crop(around), _HEART))
        if share >= _MARKED_FROM:
            # A ground that is merely tinted is no mark.
            dark = whole.point([255 * (value < _DARK) for value in range(256)])
            return Mark(on=True, sure=_share(_middle(dark.crop(around), _HEART)) >= _EMPTY_BELOW)
        ring = _middle(ink.crop(around), _FRAMED)
        return Mark(on=False, sure=share < _EMPTY_BELOW and _is_even(ring))

    def _picture(self, number: int) -> Any:
        if number not in self._pictures:
            page = self._document[number - 1]
            try:
                bitmap = page.render(scale=SCALE, grayscale=True)
                self._pictures[number] = bitmap.to_pil().convert("L").copy()
                bitmap.close()
            finally:
                page.close()
        return self._pictures[number]


def _middle(picture: Any, part: float) -> Any:
    """The part of a picture around its middle."""
    wide, high = picture.size
    x, y = wide * (1 - part) / 2, high * (1 - part) / 2
    return picture.crop((round(x), round(y), round(wide - x), round(high - y)))


def _share(picture: Any) -> float:
    pixels = picture.tobytes()
    return sum(map(bool, pixels)) / len(pixels) if pixels else 0.0


def _is_even(picture: Any) -> bool:
    """Whether there is no ink, or as much on each side as on the other, as a frame has it."""
    wide, high = picture.size
    if _share(picture) < _MARKED_FROM:
        return True
    halves = (
        ((0, 0, wide // 2, high), (wide - wide // 2, 0, wide, high)),
        ((0, 0, wide, high // 2), (0, high - high // 2, wide, high)),
    )
    for one, other in halves:
        least, most = sorted((_share(picture.crop(one)), _share(picture.crop(other))))
        if most > _LOPSIDED * least:
            return False
    return True
