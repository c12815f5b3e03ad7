"""The parts of a Word file: a zip archive, opened within limits."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from parsers.model import Reason
from parsers.unreadable import UnreadableError

MAIN = "word/document.xml"
_BESIDE = re.compile(r"word/(header|footer|footnote|endnote|comment)s?\d*\.xml")
_MOST_BESIDE = 60
_ENTRIES = 2000
_PART = 40 << 20
_WHOLE = 200 << 20
_RATIO = 400
"""Text packs well, a thousandfold only what was made to."""
_SMALL = 1 << 20
_LOCKED = 1


def part(content: bytes, name: str) -> bytes:
    """A part's bytes. UnreadableError: `password`, `too-large` for an archive or a part beyond the
    limits (which are kept while unpacking, whatever the archive says), else `damaged`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _bounded(archive)
            wanted = archive.getinfo(name)
            if wanted.flag_bits & _LOCKED:
                raise UnreadableError(Reason.PASSWORD)
            if wanted.file_size > max(_SMALL, _RATIO * wanted.compress_size):
                raise UnreadableError(Reason.TOO_LARGE)
            with archive.open(wanted) as opened:
                found = opened.read(_PART + 1)
    except (
        zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, NotImplementedError,
        RuntimeError, EOFError,
    ):  # fmt: skip
        raise UnreadableError(Reason.DAMAGED) from None
    if len(found) > _PART:
        raise UnreadableError(Reason.TOO_LARGE)
    return found


def beside(content: bytes) -> list[tuple[str, str]]:
    """(what it is, its name) of each part that holds text besides the main one: `header`, `footer`,
    `footnote`, `endnote`, `comment`. None of an archive that can't be opened.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _bounded(archive)
            names = sorted({each.filename for each in archive.infolist()})
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return []
    found = [(match[1], name) for name in names if (match := _BESIDE.fullmatch(name))]
    return found[:_MOST_BESIDE]


def _bounded(archive: zipfile.ZipFile) -> None:
    listed = archive.infolist()
    if len(listed) > _ENTRIES or sum(each.file_size for each in listed) > _WHOLE:
        raise UnreadableError(Reason.TOO_LARGE)
