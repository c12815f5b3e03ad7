from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from parsers import extract, reader
from parsers.model import Readability, Reason

if TYPE_CHECKING:
    from pathlib import Path


class NoIsolation:
    def run(self, *_: Any) -> NoReturn:
        raise AssertionError("a child was started")


def test_the_types_for_which_a_child_is_started_are_those_that_can_be_read() -> None:
    assert extract._READERS.keys() == reader.READ


def test_a_logo_needs_no_child(tmp_path: Path) -> None:
    walls: Any = NoIsolation()
    reads = reader.Reader(tmp_path, walls, seconds_per_document=1, megabytes_per_document=128)
    logo = reads.read(b"\x89PNG\r\n\x1a\n" + bytes(99), date(2026, 11, 25))
    assert (logo.media_type, logo.readability) == ("image/png", Readability.NONE)
    assert logo.reason is Reason.UNSUPPORTED_TYPE
    assert reads.read(b"", date(2026, 11, 25)).reason is Reason.DAMAGED
