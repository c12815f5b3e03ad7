"""Which pages of a PDF are pictures of pages."""

from __future__ import annotations

from typing import Any

from pdfminer.pdftypes import resolve1
from pypdfium2 import raw

from parsers.pdf.geometry import area

DEEP = 3
"""So deep in forms within forms images are looked for."""
_COVERS = 0.5
_LARGE = 300_000
"""Pixels; a picture of a page has more."""


def is_picture(page: Any, text: Any, few: int) -> tuple[bool, bool]:
    """Whether a page of PDFium's is a picture of a page: an image over most of it, and fewer than
    so many letters that anybody sees; and whether it has letters that nobody sees, which another
    program once read from the picture.
    """
    count = text.count_chars()
    images = list(page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=DEEP))
    if not images:
        return False, False
    wide, high = page.get_size()
    # Some machines cut a page into strips.
    covered = sum(map(area, {image.get_bounds() for image in images}))
    if covered < _COVERS * wide * high:
        return count < few, False
    seen = sum(1 for index in range(count) if not _is_hidden(text, index))
    return seen < few, seen < few <= count


def pictured(page: Any) -> bool:
    """Whether a page of pdfplumber's has a large image among its resources, or among those of what
    is drawn on it.
    """
    return _pictured(page.page_obj.resources, DEEP, {})


def _pictured(resources: Any, deep: int, known: dict[int, Any]) -> bool:
    resources = resolve1(resources)
    things = resolve1(resources.get("XObject")) if isinstance(resources, dict) else None
    for thing in (things if isinstance(things, dict) else {}).values():
        stream = resolve1(thing)
        if id(stream) in known:
            continue
        known[id(stream)] = stream  # kept, so that no other gets its number
        attributes = getattr(stream, "attrs", {})
        wide, high = (resolve1(attributes.get(side)) for side in ("Width", "Height"))
        if isinstance(wide, int) and isinstance(high, int) and wide * high > _LARGE:
            return True
        if deep > 1 and _pictured(attributes.get("Resources"), deep - 1, known):
            return True
    return False


def _is_hidden(text: Any, index: int) -> bool:
    thing = raw.FPDFText_GetTextObject(text.raw, index)
    mode = raw.FPDFTextObj_GetTextRenderMode(thing) if thing else raw.FPDF_TEXTRENDERMODE_FILL
    blank = raw.FPDFText_GetUnicode(text.raw, index) <= 0x20  # noqa: PLR2004 - a blank
    return blank or bool(mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE)
