"""The fonts of one document, each understood once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.psparser import PSLiteral

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdfminer.pdffont import PDFFont


class Fonts(PDFResourceManager):
    """pdfminer's, for all pages of a document. A standard font is often written anew into each
    flattened field: it has no number of its own, but what it says is the same.
    """

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[PDFFont, dict[int, tuple[str, float]]] = {}
        """Of each font, what its letters say, and how wide they are."""

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        """The font that is described so; `objid` is the description's number, if it has one."""
        return super().get_font(objid or _content(spec), spec)


def _content(spec: Mapping[str, object]) -> frozenset[tuple[str, object]] | None:
    """What tells a font that is described by names alone; None for any other."""
    if all(isinstance(value, PSLiteral) for value in spec.values()):
        return frozenset(spec.items())
    return None
