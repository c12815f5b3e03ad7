"""Random damage to the words of a PDF, without knowledge of what they mean together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from tests.faults.fuzz.octets import Change

_NUMBER = re.compile(rb"(?<![\w.#])-?\d+(?:\.\d+)?")
_NAME = re.compile(rb"/[A-Za-z]\w*")
_LENGTH = re.compile(rb"/Length \d+")
_REFERENCE = re.compile(rb"\b\d+ 0 R\b")
_OBJECT = re.compile(rb"\b\d+ 0 obj\b(.*?)\bendobj\b", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_ODD = (
    b"0", b"-1", b"1", b"7", b"255", b"65536", b"2147483647", b"2147483648", b"-2147483649",
    b"9223372036854775808", b"1" + b"0" * 40, b"0.000000001", b"1e9", b"nan", b"--5", b"1.2.3",
    b"null", b"true", b"()", b"<>", b"[]", b"<<>>", b"/",
)  # fmt: skip


def _one(pattern: re.Pattern[bytes], content: bytes, dice: random.Random) -> re.Match[bytes] | None:
    """One of its matches near a random place."""
    start = dice.randrange(len(content))
    return pattern.search(content, start) or pattern.search(content)


def _put(content: bytes, place: re.Match[bytes] | None, text: bytes, group: int = 0) -> bytes:
    if place is None:
        return content
    return content[: place.start(group)] + text + content[place.end(group) :]


def numbers(content: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.choice([1, 1, 3, 10])):
        content = _put(content, _one(_NUMBER, content, dice), dice.choice(_ODD))
    return content


def digits(content: bytes, dice: random.Random) -> bytes:
    """Numbers that are others of the same length: every place in the file stays right."""
    for _ in range(dice.choice([1, 1, 3, 10])):
        place = _one(_NUMBER, content, dice)
        if place is not None:
            wide = re.sub(rb"\d", lambda _: b"%d" % dice.randrange(10), place[0])
            content = _put(content, place, wide)
    return content


def lengths(content: bytes, dice: random.Random) -> bytes:
    long = dice.choice([b"0", b"-5", b"1000000000", b"99999999999999999999", b"17", b"1 0 R"])
    return _put(content, _one(_LENGTH, content, dice), b"/Length " + long)


def names(content: bytes, dice: random.Random) -> bytes:
    """Two names in each other's place."""
    first, second = _one(_NAME, content, dice), _one(_NAME, content, dice)
    if first is None or second is None:
        return content
    if first.start() < second.start():
        first, second = second, first
    return _put(_put(content, first, second[0]), second, first[0])


def references(content: bytes, dice: random.Random) -> bytes:
    """One that leads elsewhere."""
    first, second = _one(_REFERENCE, content, dice), _one(_REFERENCE, content, dice)
    other = dice.choice([b"0 0 R", b"99999 0 R", second[0] if second else b"1 0 R"])
    return _put(content, first, other)


def objects(content: bytes, dice: random.Random) -> bytes:
    """One object that says what another says, or nothing."""
    first, second = _one(_OBJECT, content, dice), _one(_OBJECT, content, dice)
    other = dice.choice([b" null ", b" ", second[1] if second else b""])
    return _put(content, first, other, 1)


def streams(content: bytes, dice: random.Random) -> bytes:
    """A stream that is cut off, emptied or damaged."""
    place = _one(_STREAM, content, dice)
    if place is None or not place[1]:
        return content
    held = place[1]
    end = dice.randrange(len(held))
    torn = dice.choice([b"", held[:end], held[end:], held + held, held[:end] + b"\0" * 9])
    return _put(content, place, torn, 1)


ALL: tuple[Change, ...] = (
    numbers, digits, lengths, names, references, objects, streams
)  # fmt: skip
