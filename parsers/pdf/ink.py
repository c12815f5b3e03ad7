"""Whether there is a mark in a small box, looked at as a picture: marks come in every font."""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    """The pages of a PDFium document as pictures."""

    def __init__(self, document: Any, pictures: Mapping[int, Any] | None = None) -> None:
        """`pictures`: pages that are there as pictures already, in grey, `SCALE` pixels a point."""
        self._document = document
        self._pictures = pictures or {}

    def marks(self, page: int, boxes: Sequence[BBox]) -> list[Mark]:
        """What is inside each of the boxes of a page (from 1). Only that part of the page is drawn
        in which they stand: most of a page's cost is in its pixels.
        """
        if not boxes:
            return []
        pixels = [[round(edge * SCALE) for edge in box] for box in boxes]
        if (there := self._pictures.get(page)) is not None:
            return [_mark(there.crop(cut)) for cut in pixels]
        with closing(self._document[page - 1]) as shown:
            wide, high = (math.ceil(each * SCALE) for each in shown.get_size())
            lefts, tops, rights, bottoms = zip(*pixels, strict=True)
            left, top = _inside(min(lefts), wide - 1), _inside(min(tops), high - 1)
            right, bottom = _inside(max(rights), wide), _inside(max(bottoms), high)
            right, bottom = max(right, left + 1), max(bottom, top + 1)
            # pypdfium2 takes points and rounds them up.
            cut = [(each - 0.5) / SCALE for each in (left, high - bottom, wide - right, top)]
            with closing(shown.render(scale=SCALE, grayscale=True, crop=cut)) as bitmap:
                picture = bitmap.to_pil()
                return [
                    _mark(picture.crop((x0 - left, y0 - top, x1 - left, y1 - top)))
                    for x0, y0, x1, y1 in pixels
                ]


def _inside(edge: int, most: int) -> int:
    return min(max(edge, 0), most)


def _mark(whole: Any) -> Mark:
    """What a box holds, of which this is the picture."""
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
