"""The value of Content-Type or Content-Disposition, with its parameters, as programs write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from intake.mail.words import to_text

_MOST = 200
_LONGEST = 16 * 1024
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_PARAMETER = re.compile(
    r";\s*+([^=;\s\"]{1,64})\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)\"?|([^;]*+))", re.DOTALL
)
_PIECE = re.compile(r"(.+?)(?:\*([0-9]{1,3}))?(\*)?")
_CHARSET_AND_LANGUAGE = re.compile(r"([^']{0,40})'[^']{0,40}'")


@dataclass(frozen=True, slots=True)
class Value:
    """`main` is lower-cased ("text/plain", "attachment", "" when there is none); `parameters` have
    lower-cased names, and RFC 2231's pieces and percent signs resolved.
    """

    main: str
    parameters: dict[str, str]


def parse(header: str | None) -> Value:
    """The value and its parameters. Names repeat: the first counts; `name*` goes before `name`."""
    text = (header or "")[:_LONGEST]
    main = _COMMENT.sub(" ", text.partition(";")[0]).strip().strip('"').lower()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(text)):
        if count >= _MOST:
            break
        quoted, bare = found[2], found[3]
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else (bare or "").strip()
        split = _PIECE.fullmatch(found[1].lower())
        if split is None or (split[2] is None and split[3] is None):
            plain.setdefault(found[1].lower(), value)
        else:
            numbered = pieces.setdefault(split[1], {})
            numbered.setdefault(int(split[2] or 0), (value, split[3] is not None))
    extended = {name: _joined(numbered) for name, numbered in pieces.items()}
    # A type is one word: what follows it without a semicolon is not part of it.
    words = main.split()
    return Value(words[0] if words else "", plain | extended)


def _joined(numbered: dict[int, tuple[str, bool]]) -> str:
    """The pieces of one parameter (RFC 2231 §3, §4); the first names the charset of all."""
    charset = None
    content = bytearray()
    for count, index in enumerate(sorted(numbered)):
        value, encoded = numbered[index]
        if not encoded:
            content += value.encode("utf-8", "replace")
            continue
        if count == 0 and (named := _CHARSET_AND_LANGUAGE.match(value)) is not None:
            charset = named[1] or None
            value = value[named.end() :]
        content += unquote_to_bytes(value)
    return to_text(bytes(content), charset)
