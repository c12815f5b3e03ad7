"""Transfer encodings undone (RFC 2045 §6), and uuencoded files found in text."""

from __future__ import annotations

import binascii
import contextlib
import re
from dataclasses import dataclass, field

RUNS = 1000
UU_FILES = 100
UU_SHORT = 5
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(byte for byte in range(256) if byte not in _ALPHABET)
_WHITE = b" \t\r\n\x0b\x0c"
_IDENTITY = ("", "7bit", "8bit", "binary")
_RUN = re.compile(rb"[^=]+")
_UU_BEGIN = re.compile(rb"begin [0-7]{3,4} ([^\r\n]{1,255})\r*\n")
_UU_FULL = re.compile(rb"(?:M[ -`]{40,63}+\r*+\n)*+")
_UU_SHORT_LINE = re.compile(rb"([ -`e][ -`nd]{0,63})?+\r*+(?:\n|\Z)")


@dataclass(slots=True)
class Content:
    """What was encoded, and codes of what was wrong with the encoding."""

    content: bytes
    defects: set[str] = field(default_factory=set)


def named(header: str | None) -> str:
    """The encoding that a Content-Transfer-Encoding header names: lower-case letters and digits
    only, for `"Base64"`, `8-bit` and `base64;` are all seen.
    """
    return re.sub(r"[^a-z0-9]", "", (header or "").partition(";")[0][:100].lower())


def decode(content: bytes, encoding: str) -> Content:
    """The content without its encoding; `encoding` as `named` gives it. What is not known to be
    encoded comes out as it is.
    """
    if encoding == "base64":
        return _base64(content)
    if encoding == "quotedprintable":
        return Content(binascii.a2b_qp(content))
    if encoding in ("xuuencode", "uuencode", "xuue", "uue"):
        files, _ = uuencoded(content)
        if files:
            return files[0][1]
        return Content(content, {"uuencode-damaged"})
    return Content(content, set() if encoding in _IDENTITY else {"encoding-unknown"})


def uuencoded(text: bytes) -> tuple[list[tuple[str, Content]], bool]:
    """(name, content) of the uuencoded files in a text, and whether these are all: only the first
    100 lines that look like the beginning of one are tried.
    """
    found: list[tuple[str, Content]] = []
    position = 0 if text.startswith(b"begin ") else _next_begin(text, 0)
    for _ in range(UU_FILES):
        if position < 0:
            return found, True
        begin = _UU_BEGIN.match(text, position)
        if begin is None:
            position = _next_begin(text, position)
            continue
        content, after = _uu_lines(text, begin.end())
        if content.content:
            found.append((begin[1].decode("utf-8", "replace").strip(), content))
        position = _next_begin(text, after - 1)
    return found, position < 0


def _next_begin(text: bytes, position: int) -> int:
    found = text.find(b"\nbegin ", position)
    return found if found < 0 else found + 1


def _base64(text: bytes) -> Content:
    """Base64 as people's programs really write it: padding in the middle starts a new run."""
    closed_up = text.translate(None, _WHITE)
    with contextlib.suppress(binascii.Error):
        # Nearly all of it is without a fault, and then this is the same in half the time.
        return Content(binascii.a2b_base64(closed_up, strict_mode=True))
    letters = closed_up.translate(None, _NOT_BASE64)
    done = Content(b"")
    if len(letters) != len(closed_up):
        done.defects.add("base64-damaged")
    unpadded = letters.strip(b"=")
    if b"=" not in unpadded:
        runs = [unpadded] if unpadded else []
    else:
        done.defects.add("base64-damaged")
        runs = [found[0] for found, _ in zip(_RUN.finditer(unpadded), range(RUNS), strict=False)]
    content = bytearray()
    for run in runs:
        whole = run[:-1] if len(run) % 4 == 1 else run
        if whole is not run:
            done.defects.add("base64-damaged")
        content += binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
    if letters and not content:
        done.defects.add("base64-damaged")
    done.content = bytes(content)
    return done


def _uu_lines(text: bytes, position: int) -> tuple[Content, int]:
    """What stands between `begin` and `end`: full lines, then a few short ones."""
    done = Content(b"", {"uuencode-damaged"})
    content = bytearray()
    full = _UU_FULL.match(text, position)
    stop = position if full is None else full.end()
    for line in text[position:stop].splitlines():
        content += _uu_line(line)
    for _ in range(UU_SHORT):
        found = _UU_SHORT_LINE.match(text, stop)
        if found is None:
            break
        stop = found.end()
        if found[1] == b"end":
            done.defects.clear()
            break
        content += _uu_line(found[1] or b"")
    done.content = bytes(content)
    return done, stop


def _uu_line(line: bytes) -> bytes:
    if not line:
        return b""
    # Some programs write more after the last group than the line's length says.
    length = (((line[0] - 32) & 63) * 4 + 5) // 3
    try:
        return binascii.a2b_uu(line[: length + 1])
    except binascii.Error:
        return b""
