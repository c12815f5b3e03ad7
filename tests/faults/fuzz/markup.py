"""Random damage to XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from tests.faults.fuzz.octets import Change

_TAG = re.compile(rb"<[^<>]*>")
_VALUE = re.compile(rb'"([^"]*)"')
_TEXT = re.compile(rb">([^<>]+)<")
_LAUGHS = b"<!DOCTYPE a [<!ENTITY a0 'ha'>%b]>" % b"".join(
    b"<!ENTITY a%d '%b'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
)
_DOCTYPES = (
    _LAUGHS,
    b'<!DOCTYPE a [<!ENTITY a11 SYSTEM "file:///etc/hostname">]>',
    b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
    b'<!DOCTYPE a [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>',
)
_PIECES = (
    b"&#0;", b"&#x110000;", b"&#xD800;", b"&amp", b"&a11;", b"<![CDATA[", b"]]>", b"<!--", b"-->",
    b"<?x?>", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"<a>" * 300, b"</a>", b"<a/>" * 2000,
    b" " * 5000, b"<w:p>", b"<w:tbl>", b"<w:sdt>", b"</w:tc>", b"<w:t>Surname</w:t>",
    b"<a " + b"".join(b'b%d="" ' % n for n in range(3000)) + b"/>",
)  # fmt: skip


def _at(pattern: re.Pattern[bytes], content: bytes, dice: random.Random) -> re.Match[bytes] | None:
    start = dice.randrange(len(content))
    return pattern.search(content, start) or pattern.search(content)


def defined(content: bytes, dice: random.Random) -> bytes:
    """Entities that grow, or lie elsewhere, and one of them used."""
    head = content.find(b"?>") + 2 if content.startswith(b"<?xml") else 0
    place = _at(_TEXT, content[head:], dice)
    used = head + place.start(1) if place else head
    doctype = dice.choice(_DOCTYPES)
    return content[:head] + doctype + content[head:used] + b"&a11;" + content[used:]


def pieces(content: bytes, dice: random.Random) -> bytes:
    """Something strange between two tags."""
    place = _at(_TAG, content, dice)
    at = place.end() if place else 0
    return content[:at] + dice.choice(_PIECES) + content[at:]


def tags(content: bytes, dice: random.Random) -> bytes:
    """Tags gone, doubled, or others."""
    for _ in range(dice.choice([1, 1, 3])):
        first, second = _at(_TAG, content, dice), _at(_TAG, content, dice)
        if first is None or second is None:
            return content
        other = dice.choice([b"", first[0] * 2, second[0]])
        content = content[: first.start()] + other + content[first.end() :]
    return content


def spans(content: bytes, dice: random.Random) -> bytes:
    """What stands from one tag to another, gone, doubled or moved."""
    places = [place.start() for place in _TAG.finditer(content)]
    if len(places) < 20:
        return content
    begin = dice.randrange(len(places) - 15)
    start, end = places[begin], places[begin + dice.randrange(1, 15)]
    piece, rest = content[start:end], content[:start] + content[end:]
    match dice.randrange(3):
        case 0:
            return rest
        case 1:
            return content[:end] + piece * dice.choice([1, 30]) + content[end:]
        case _:
            place = _at(_TAG, rest, dice)
            at = place.start() if place else 0
            return rest[:at] + piece + rest[at:]


def values(content: bytes, dice: random.Random) -> bytes:
    """An attribute that says something else."""
    first, second = _at(_VALUE, content, dice), _at(_VALUE, content, dice)
    if first is None or second is None:
        return content
    other = dice.choice([b"", b"-1", b"99999999999", second[1], b"x" * 70_000, b"1" * 5000])
    return content[: first.start(1)] + other + content[first.end(1) :]


def encodings(content: bytes, dice: random.Random) -> bytes:
    """Another encoding than is said, or said than is."""
    if dice.random() < 0.5:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            return content
        return text.encode(dice.choice(["utf-16", "utf-16-be", "utf-32", "cp037"]), "replace")
    said = dice.choice([b"utf-16", b"us-ascii", b"EBCDIC-CP-US", b"utf-7", b"\xff"])
    return re.sub(rb'encoding="[^"]*"', b'encoding="%b"' % said, content, count=1)


ALL: tuple[Change, ...] = (defined, pieces, pieces, tags, spans, spans, values, encodings)
