"""Words as they are compared: letters and digits only, without case or accents' encodings."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """Letters and digits, compatibility-folded and without case."""
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(filter(str.isalnum, folded.casefold()))
