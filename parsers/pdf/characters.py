"""What each character of a page says, as PDFium tells them."""

from __future__ import annotations

from typing import Any

from pypdfium2 import raw

_HYPHEN, _NOTHING = "\ufffe", "\x00"
"""What PDFium's text has for a hyphen at the end of a line, and for a character without meaning:
asked for the single character, it says something else."""


def characters_of(text: Any) -> str:
    """The characters of a text page, one for each of its indices."""
    count = text.count_chars()
    said: str = text.get_text_range(0, count) if count else ""
    # One call instead of thousands. What PDFium puts into a text or leaves out shifts the indices.
    if len(said) == count and _HYPHEN not in said and _NOTHING not in said:
        return said
    unicode, page = raw.FPDFText_GetUnicode, text.raw
    return "".join(chr(unicode(page, index) or 0x20) for index in range(count))
