"""The parts of a Word file: a zip archive, opened within limits."""

from __future__ import annotations

import io
import zipfile
import zlib

from parsers.model import Reason
from parsers.unreadable import UnreadableError

MAIN = "word/document.xml"
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
            listed = archive.infolist()
            if len(listed) > _ENTRIES or sum(each.file_size for each in listed) > _WHOLE:
                raise UnreadableError(Reason.TOO_LARGE)
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
