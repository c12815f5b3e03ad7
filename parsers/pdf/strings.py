"""The strings of PDF syntax as pdfminer understands them (ISO 32000 §7.3.4)."""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPES = {
    b"b": b"\b",
    b"t": b"\t",
    b"n": b"\n",
    b"f": b"\f",
    b"r": b"\r",
    b"(": b"(",
    b")": b")",
    b"\\": b"\\",
}
_SPACE = re.compile(rb"\s+")


class UnusualError(Exception):
    """Something that only pdfminer's own parser may judge."""


def unescaped(said: bytes) -> bytes:
    """A string with its escapes carried out."""
    return _ESCAPE.sub(_one, said)


def _one(found: re.Match[bytes]) -> bytes:
    said = found[1]
    if said[:1].isdigit() and said[:1] < b"8":
        code = int(said, 8)
        if code > 0xFF:  # noqa: PLR2004 - a byte
            raise UnusualError
        return bytes((code,))
    # A line end after the stroke is no part of the string; nor is another letter, by pdfminer.
    return _ESCAPES.get(said, b"")


def from_hex(said: bytes) -> bytes:
    """A string written in hexadecimal digits."""
    digits = _SPACE.sub(b"", said).decode()
    if len(digits) % 2:
        # pdfminer takes a last single digit for itself, not as one followed by 0.
        return bytes.fromhex(digits[:-1]) + bytes((int(digits[-1], 16),))
    return bytes.fromhex(digits)
