"""From a page's own coordinates to those in which its text is upright, and to those of a viewer."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from pypdfium2 import raw

if TYPE_CHECKING:
    from parsers.model import BBox

_LOOKED_AT = 500
_FEW = 20


class View:
    """A page as it is read: cropped, turned so that its text is upright, from the top left."""

    def __init__(self, box: BBox, rotation: int, shown: int | None = None) -> None:
        """`box` is the crop box in page coordinates, `rotation` in degrees clockwise, `shown` the
        one in which viewers show the page, if it is another.
        """
        self.box = box
        self.rotation = rotation % 360
        self._shown = self.rotation if shown is None else shown % 360

    @property
    def frame(self) -> BBox:
        """The whole page."""
        return self.see(*self.box)

    @property
    def turned(self) -> bool:
        """Whether it is read in another way than viewers show it."""
        return self._shown != self.rotation

    def see(self, left: float, bottom: float, right: float, top: float) -> BBox:
        """A rectangle of page coordinates as (x0, top, x1, bottom)."""
        if not self.rotation:
            x0, _, _, y1 = self.box
            return (left - x0, y1 - top, right - x0, y1 - bottom)
        return _seen(self.box, self.rotation, (left, bottom, right, top))

    def shown(self, box: BBox) -> BBox:
        """A box as it is read, where a viewer shows it."""
        if not self.turned:
            return box
        # From upright to page coordinates is the same turn backwards, within the turned page.
        _, _, wide, high = self.frame
        upside = (box[0], high - box[3], box[2], high - box[1])
        x0, top, x1, bottom = _seen((0.0, 0.0, wide, high), -self.rotation % 360, upside)
        left, _, _, up = self.box
        return _seen(self.box, self._shown, (left + x0, up - bottom, left + x1, up - top))


def _seen(box: BBox, rotation: int, rectangle: BBox) -> BBox:
    x0, y0, x1, y1 = box
    left, bottom, right, top = rectangle
    if rotation == 90:  # noqa: PLR2004 - degrees
        return (bottom - y0, left - x0, top - y0, right - x0)
    if rotation == 180:  # noqa: PLR2004 - degrees
        return (x1 - right, bottom - y0, x1 - left, top - y0)
    if rotation == 270:  # noqa: PLR2004 - degrees
        return (y1 - top, x1 - right, y1 - bottom, x1 - left)
    return (left - x0, y1 - top, right - x0, y1 - bottom)


def view_of(page: Any, text: Any, characters: str) -> View:
    """The view of a page of PDFium's, which is turned upright; `text` is its text page, with these
    characters.
    """
    # What is told for all pages at once counts too, which it does not for get_mediabox.
    box = page.get_bbox()
    if box[0] >= box[2] or box[1] >= box[3]:
        box = _sorted(page.get_mediabox())
    shown = page.get_rotation()
    upright = _upright(text, characters)
    rotation = shown if upright is None else upright
    if rotation != shown:
        page.set_rotation(rotation)
    return View(box, rotation, shown)


def _sorted(box: BBox) -> BBox:
    """A box that may be told by any two of its corners (ISO 32000, 7.9.5)."""
    x0, y0, x1, y1 = box
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _upright(text: Any, characters: str) -> int | None:
    """The rotation in which most letters stand upright; None for a page without text."""
    page, angle_of = text.raw, raw.FPDFText_GetCharAngle
    angles = Counter(
        angle_of(page, index)
        for index, character in enumerate(characters[:_LOOKED_AT])
        if character > " "
    )
    turns: Counter[int] = Counter()
    for angle, letters in angles.items():
        turns[round(math.degrees(angle) / 90) * 90 % 360] += letters
    if sum(turns.values()) < _FEW:
        return None
    return turns.most_common(1)[0][0]
