"""Words that strangers wrote, as clean text: charsets, encoded words (RFC 2047), odd characters."""

from __future__ import annotations

import binascii
import re
import unicodedata

DECODED = 8 * 1024
_WORD = re.compile(
    r"=\?([A-Za-z0-9][A-Za-z0-9_.:+-]{0,60})(?:\*[A-Za-z0-9-]{0,20})?"
    r"\?([bBqQ])\?((?:[^?]|\?(?!=)){0,1500}+)\?="
)
"""An encoded word, tolerantly: blanks and question marks inside are wrong, and common."""
_CHARSET = re.compile(
    r"utf-?8|us-ascii|ascii|(?:iso-?)?8859-?[0-9]{1,2}|iso-?8859-[0-9]{1,2}-[ei]|latin-?[0-9]"
    r"|(?:windows-|cp-?)[0-9]{3,4}|koi8-[rtu]|gb2312|gbk|gb18030|big5(?:-?hkscs)?"
    r"|euc-?(?:jp|kr)|iso-2022-(?:jp|kr)(?:-[0-9a-z]{1,4})?|shift-?jis|utf-?(?:16|32)(?:-?[bl]e)?"
    r"|mac-?(?:roman|latin2|cyrillic|greek)|macintosh|tis-?620|hz"
)
"""Charsets as mail names them. Python's other codecs are none (`zlib`, `rot13`, `idna`), or have
fooled mail readers before (`utf-7`)."""
_SEPARATORS = "\u2028\u2029"


def decoded(text: str) -> str:
    """A header's text with encoded words decoded, cleaned for showing; at most 8 KiB of it."""
    text = text[:DECODED]
    if "=?" not in text:
        return clean(text)
    shown: list[str] = []
    pending = bytearray()
    charset = ""
    position = 0
    for word in _WORD.finditer(text):
        between = text[position : word.start()]
        if pending and (between.strip() or word[1].lower() != charset):
            shown.append(to_text(bytes(pending), charset))
            pending.clear()
            between = between if between.strip() else ""
        elif pending or (position and not between.strip()):
            between = ""
        shown.append(between)
        charset = word[1].lower()
        # Neighbours are joined before decoding: some programs cut inside a character.
        pending += _unwrapped(word[2].lower(), word[3])
        position = word.end()
    if pending:
        shown.append(to_text(bytes(pending), charset))
    return clean("".join([*shown, text[position:]]))


def to_text(content: bytes, charset: str | None) -> str:
    """Bytes as text: the charset named if it is a real one, else UTF-8, else Windows-1252."""
    named = (charset or "").strip().lower().replace("_", "-")[:40]
    for name in (named if _CHARSET.fullmatch(named) else "", "utf-8", "cp1252"):
        if not name:
            continue
        try:
            return content.decode(name)
        except (LookupError, UnicodeError):
            continue
    return content.decode("latin-1")


def clean(text: str) -> str:
    """Without control, direction and line-separating characters; white space as single blanks."""
    kept = (
        " " if c in "\t\r\n" or c in _SEPARATORS else c
        for c in text
        if c in "\t\r\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def _unwrapped(encoding: str, word: str) -> bytes:
    content = word.encode("utf-8", "surrogateescape")
    if encoding == "q":
        return binascii.a2b_qp(content, header=True)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
    whole = letters if len(letters) % 4 != 1 else letters[:-1]
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
