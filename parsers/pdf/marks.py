"""What a letter of a font of pictures means: such fonts call a cross "8" and a box "o"."""

from __future__ import annotations

CHECKED, UNCHECKED = "☒☑✓✔✕✖✗✘🗹", "☐□❏❐❑❒▢"
_FONTS = {
    "dingbats": ("345678", "nopqr"),
    "wingdings2": ("OPRSTUVW", "*0\xa3"),
    "wingdings": ("xýþüû", "o¨qr"),
    "webdings": ("arg", "c"),
}


def meant(said: str, font: str) -> str:
    """A letter of a known font of pictures as ☒ or ☐; any other letter as it is."""
    name = font.casefold().replace(" ", "").replace("-", "")
    if "dings" not in name and "dingbats" not in name:
        return said
    # Symbol fonts may keep their letters in the private area from U+F000 on (Word does).
    letter = chr(ord(said) - 0xF000) if len(said) == 1 and 0xF000 <= ord(said) < 0xF100 else said  # noqa: PLR2004 - the private area
    for known, (checked, unchecked) in _FONTS.items():
        if known in name:
            if letter in checked:
                return "☒"
            if letter in unchecked:
                return "☐"
            break
    return letter
