"""Random damage to a zip: its list of files, their headers, one file inside."""

from __future__ import annotations

import io
import warnings
import zipfile
from typing import TYPE_CHECKING

from tests.faults.fuzz import markup, octets

if TYPE_CHECKING:
    import random

_MAIN = "word/document.xml"
_CENTRAL, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"


def within(content: bytes, dice: random.Random) -> bytes:
    """The archive is sound; its main part is damaged."""
    parts = _parts(content)
    change = dice.choice([*markup.ALL, *markup.ALL, *octets.ALL])
    parts[_MAIN] = change(parts[_MAIN], dice)
    return _packed(list(parts.items()))


def listed(content: bytes, dice: random.Random) -> bytes:
    """Files gone, twice, renamed, or in another order."""
    parts = list(_parts(content).items())
    at = dice.randrange(len(parts))
    name, held = parts[at]
    match dice.randrange(5):
        case 0:
            del parts[at]
        case 1:
            parts.append((name, b""))
        case 2:
            parts.insert(0, (name, held[: len(held) // 2]))
        case 3:
            odd = ["../../" + name, "/" + name, name.upper(), name + "\0", "word\\document.xml"]
            parts[at] = (dice.choice(odd), held)
        case _:
            dice.shuffle(parts)
    return _packed(parts)


def headers(content: bytes, dice: random.Random) -> bytes:
    """A number in a header that is not true: method, flags, sizes, checksum, place."""
    damaged = bytearray(content)
    mark = dice.choice([_CENTRAL, _LOCAL, b"PK\x05\x06"])
    places = [at for at in range(len(content)) if content.startswith(mark, at)]
    if places:
        at = dice.choice(places) + 4 + 2 * dice.randrange(20)
        damaged[at : at + 2] = dice.choice([b"\0\0", b"\xff\xff", dice.randbytes(2)])
    return bytes(damaged)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # a name twice is what is wanted
        for name, held in parts:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), held)
    return buffer.getvalue()


ALL = (within, within, within, listed, headers)
