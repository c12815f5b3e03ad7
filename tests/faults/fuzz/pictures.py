"""Random damage to the headers of pictures."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from tests.faults.fuzz.octets import Change


def front(content: bytes, dice: random.Random) -> bytes:
    """A few of the first bytes, where sizes and kinds stand."""
    damaged = bytearray(content)
    for _ in range(dice.choice([1, 1, 2, 8])):
        damaged[dice.randrange(2, min(len(damaged), 400))] = dice.choice([0, 1, 0x7F, 0x80, 255])
    return bytes(damaged)


def chunks(content: bytes, dice: random.Random) -> bytes:
    """A PNG whose checksums are right, and its chunks not: other numbers, order or count."""
    parts, at = list[tuple[bytes, bytes]](), 8
    while at + 12 <= len(content):
        size = int.from_bytes(content[at : at + 4])
        parts.append((content[at + 4 : at + 8], content[at + 8 : at + 8 + size]))
        at += size + 12
    number = dice.randrange(len(parts))
    kind, held = parts[number]
    match dice.randrange(5):
        case 0:
            del parts[number]
        case 1:
            parts.insert(number, (kind, held))
        case 2:
            dice.shuffle(parts)
        case 3:
            parts.insert(1, (dice.choice([b"iCCP", b"zTXt", b"iTXt", b"eXIf", b"acTL", b"tRNS"]),
                             b"a\0\0" + zlib.compress(bytes(1 << 20))))  # fmt: skip
        case _:
            header = bytearray(parts[0][1])
            place = dice.randrange(len(header))
            header[place] = dice.choice([0, 1, 3, 16, 0x7F, 255])
            parts[0] = (parts[0][0], bytes(header))
    return content[:8] + b"".join(
        len(held).to_bytes(4) + kind + held + zlib.crc32(kind + held).to_bytes(4)
        for kind, held in parts
    )


def segments(content: bytes, dice: random.Random) -> bytes:
    """A JPEG with one segment gone, twice, longer, or with another number in it."""
    places = [at for at in range(min(len(content), 2000) - 4)
              if content[at] == 0xFF and content[at + 1] not in (0, 0xFF, 0xD8, 0xD9)]  # fmt: skip
    if not places:
        return content
    at = dice.choice(places)
    end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
    segment = content[at:end]
    match dice.randrange(4):
        case 0:
            return content[:at] + content[end:]
        case 1:
            return content[:end] + segment * dice.choice([1, 200]) + content[end:]
        case 2:
            return content[: at + 2] + dice.randbytes(2) + content[at + 4 :]
        case _:
            place = at + 4 + dice.randrange(max(1, len(segment) - 4))
            return content[:place] + dice.choice([b"\0", b"\xff", b"\x7f"]) + content[place + 1 :]


def entries(content: bytes, dice: random.Random) -> bytes:
    """A TIFF with other numbers in its first directory, or one that leads back to itself."""
    damaged = bytearray(content)
    at = int.from_bytes(content[4:8], "little")
    count = int.from_bytes(content[at : at + 2], "little")
    if dice.random() < 0.2:
        damaged[at + 2 + 12 * count : at + 6 + 12 * count] = at.to_bytes(4, "little")
    else:
        place = at + 2 + 12 * dice.randrange(max(1, count)) + dice.choice([0, 2, 4, 8, 9, 11])
        damaged[place : place + 1] = bytes([dice.choice([0, 1, 2, 16, 0x7F, 255])])
    return bytes(damaged)


OF: dict[str, tuple[Change, ...]] = {
    "jpeg": (front, segments, segments),
    "png": (front, chunks, chunks),
    "tiff": (front, entries, entries),
    "heic": (front,),
}
