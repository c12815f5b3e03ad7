"""Random damage to bytes of any kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

Change = Callable[[bytes, "random.Random"], bytes]
"""Some damage; nothing of an empty content can be damaged, and it stays as it is."""


def bits(content: bytes, dice: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(dice.choice([1, 1, 4, 16, 64])):
        damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
    return bytes(damaged)


def _span(content: bytes, dice: random.Random) -> tuple[int, int]:
    start = dice.randrange(len(content))
    return start, start + dice.randrange(1, 1 << dice.randrange(1, 13))


def deleted(content: bytes, dice: random.Random) -> bytes:
    start, end = _span(content, dice)
    return content[:start] + content[end:]


def doubled(content: bytes, dice: random.Random) -> bytes:
    start, end = _span(content, dice)
    return content[:end] + content[start:end] * dice.choice([1, 1, 50]) + content[end:]


def moved(content: bytes, dice: random.Random) -> bytes:
    start, end = _span(content, dice)
    piece, rest = content[start:end], content[:start] + content[end:]
    place = dice.randrange(len(rest) + 1)
    return rest[:place] + piece + rest[place:]


def overwritten(content: bytes, dice: random.Random) -> bytes:
    start, end = _span(content, dice)
    end = min(end, len(content))
    filled = dice.choice([bytes(end - start), b"\xff" * (end - start), dice.randbytes(end - start)])
    return content[:start] + filled + content[end:]


def inserted(content: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(content))
    return content[:place] + dice.randbytes(dice.choice([1, 2, 16, 1000])) + content[place:]


def cut(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(len(content))]


def beheaded(content: bytes, dice: random.Random) -> bytes:
    return content[dice.randrange(min(len(content), 2000)) :]


def spliced(first: bytes, second: bytes, dice: random.Random) -> bytes:
    """The beginning of one and the end of the other."""
    return first[: dice.randrange(len(first))] + second[dice.randrange(len(second)) :]


ALL: tuple[Change, ...] = (
    bits, deleted, doubled, moved, overwritten, inserted, cut, beheaded
)  # fmt: skip
