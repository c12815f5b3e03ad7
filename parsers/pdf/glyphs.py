"""pdfminer's layout of a page, with letters that know only what is asked of them."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.utils import apply_matrix_rect, translate_matrix

from parsers.pdf.marks import meant
from parsers.pdf.words import is_slanting

if TYPE_CHECKING:
    from parsers.model import BBox
    from parsers.pdf.fonts import Fonts

LOST = "\ufffd"
"""Stands for a character to which the file gives no meaning."""
_LINE_ENDS = (10, 13)
_UNUSED = frozenset({0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D})


class Glyph:
    """One letter: what it says and its box, in pdfminer's coordinates (y upwards)."""

    __slots__ = ("bbox", "said")

    def __init__(self, said: str, bbox: BBox) -> None:
        self.said = said
        self.bbox = bbox


def said_by(text: str, font: str) -> str:
    """A letter as it is understood: marks of picture fonts as ☒ or ☐, ligatures as letters."""
    said = meant(text, font)
    return unicodedata.normalize("NFKC", said) if "\ufb00" <= said[:1] <= "\ufb06" else said


class Device(PDFPageAggregator):
    """pdfminer's layout of a page, in which a line end without a glyph stays a line end: qpdf
    writes the lines of a flattened field as one. Letters of horizontal fonts are Glyphs.

    `incomplete`: something that the page shows is not there, or can't be understood.
    """

    incomplete = False

    def __init__(self, fonts: Fonts, page: int) -> None:
        super().__init__(fonts, pageno=page)
        self._known = fonts.known

    def handle_undefined_char(self, font: Any, cid: int) -> str:
        """What a letter says that the font gives no meaning. In WinAnsi, codes without a letter of
        their own are bullets (ISO 32000 Annex D).
        """
        if cid in _UNUSED and font.unicode_map is None and _is_winansi(font):
            return "•"
        return "\n" if cid in _LINE_ENDS and not font.is_multibyte() else LOST

    def render_string_horizontal(  # noqa: PLR0917 - pdfminer's
        self,
        seq: Any,
        matrix: Any,
        pos: Any,
        font: Any,
        fontsize: float,
        scaling: float,
        charspace: float,
        wordspace: float,
        rise: float,
        dxscale: float,
        ncs: Any,
        graphicstate: Any,
    ) -> Any:
        """The same sums as pdfminer's, in the same order, so that no box differs in a digit."""
        del ncs, graphicstate
        x, y = pos
        a, b, c, d, _, _ = matrix
        upright = b == 0 and c == 0
        descent = font.get_descent() * fontsize
        low = descent + rise
        high = low + fontsize
        known = self._known.setdefault(font, {})
        # What lies aslant over the page (a watermark) is not read.
        add = _unread if is_slanting(math.atan2(b, a)) else self.cur_item.add
        spaced = False
        for each in seq:
            if isinstance(each, (int, float)):
                x -= each * dxscale
                spaced = True
                continue
            if not isinstance(each, bytes):
                continue
            for cid in font.decode(each):
                if spaced:
                    x += charspace
                said, wide = known.get(cid) or self._learnt(font, cid)
                advance = wide * fontsize * scaling
                placed = translate_matrix(matrix, (x, y))
                if upright:
                    _, _, _, _, left, up = placed
                    right, bottom, top = a * advance + left, d * low + up, d * high + up
                    if right < left:
                        left, right = right, left
                    if top < bottom:
                        bottom, top = top, bottom
                    add(Glyph(said, (left, bottom, right, top)))  # type: ignore[arg-type] # taken apart by us
                else:
                    box = apply_matrix_rect(placed, (0, low, advance, high))
                    add(Glyph(said, box))  # type: ignore[arg-type] # taken apart by us
                x += advance
                if cid == 32 and wordspace:  # noqa: PLR2004 - a blank
                    x += wordspace
                spaced = True
        return (x, y)

    def _learnt(self, font: Any, cid: int) -> tuple[str, float]:
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = self.handle_undefined_char(font, cid)
        learnt = self._known[font][cid] = (said_by(text, font.fontname), font.char_width(cid))
        return learnt


def _unread(_: Any) -> None:
    """Where a letter goes that is not read."""


def _is_winansi(font: Any) -> bool:
    """Only there the euro stands at this code."""
    return not font.is_multibyte() and font.cid2unicode.get(0x80) == "€"
