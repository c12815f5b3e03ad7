"""The header block of a message, read tolerantly and in linear time."""

from __future__ import annotations

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header

BLOCK = 256 * 1024
FIELDS = 1000
FIELD = 32 * 1024
_DECODED = 8 * 1024
_NAME = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_SEPARATORS = "\u2028\u2029"


def block_of(raw: bytes) -> bytes:
    """The bytes before the first blank line, without what some programs put before the header
    (byte order mark, blank lines, an mbox `From ` line), at most 256 KiB.
    """
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while raw[start : start + 1] in (b"\r", b"\n"):
        start += 1
    if raw[start : start + 5] == b"From ":
        start = raw.find(b"\n", start) + 1 or len(raw)
    window = raw[start : start + BLOCK]
    ends = [found for mark in (b"\r\n\r\n", b"\n\n") if (found := window.find(mark)) >= 0]
    return window[: min(ends)] if ends else window


def scan(raw: bytes) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """((lower-cased name, unfolded text), …) in order, and codes of what was wrong."""
    found: list[tuple[str, bytearray]] = []
    defects: set[str] = set()
    block = block_of(raw)
    if len(block) >= BLOCK:
        defects.add("header-block-too-long")
    for line in block.split(b"\n"):
        line = line.removesuffix(b"\r")  # noqa: PLW2901 - the line as it counts
        if line[:1] in (b" ", b"\t") and found:
            if len(found[-1][1]) < FIELD:
                found[-1][1].extend(b" " + line.strip(b" \t"))
            else:
                defects.add("header-too-long")
            continue
        named = _NAME.match(line)
        if named is None:
            if line.strip():
                defects.add("header-line-without-name")
            continue
        if len(found) >= FIELDS:
            defects.add("too-many-headers")
            break
        found.append((named[1].decode("ascii").lower(), bytearray(line[named.end() :].strip())))
    for _, value in found:
        if b"\r" in value or b"\x00" in value:
            defects.add("bare-cr-or-nul-in-header")
    return tuple((name, _text(bytes(value[:FIELD]))) for name, value in found), tuple(
        sorted(defects)
    )


def decoded(text: str) -> str:
    """A header's text with encoded-words (RFC 2047) decoded, cleaned for showing."""
    if len(text) > _DECODED or "=?" not in text:
        return clean(text[:_DECODED])
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return clean(text)
    words = []
    for part, charset in parts:
        if isinstance(part, str):
            words.append(part)
            continue
        words.append(to_text(part, charset))
    return clean("".join(words))


def to_text(content: bytes, charset: str | None) -> str:
    """Bytes as text: the charset named if it is a real one, else UTF-8, else Windows-1252."""
    for name in (charset, "utf-8", "cp1252"):
        if name is None or name.lower() in _NO_CHARSETS:
            continue
        try:
            return content.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    return content.decode("latin-1")


def clean(text: str) -> str:
    """Without control, direction and line-separating characters; white space as single blanks."""
    kept = (
        " " if c in "\t\r\n" or c in _SEPARATORS else c
        for c in text
        if c in "\t\r\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    return " ".join("".join(kept).split())


_NO_CHARSETS = frozenset(
    {
        "idna",
        "punycode",
        "utf-7",
        "unicode-escape",
        "raw-unicode-escape",
        "undefined",
        "zlib",
        "hex",
        "base64",
        "bz2",
        "rot13",
        "quopri",
        "uu",
    }
)
"""Python codecs that are no charsets, or that have fooled mail readers before."""


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", errors="replace")
