from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from intake.app import SAMPLE
from intake.settings_file import config_dir
from parsers import extract, reader
from parsers.isolation import Isolation
from parsers.model import Readability, Reason

if TYPE_CHECKING:
    from pathlib import Path


class NoIsolation:
    def run(self, *_: Any) -> NoReturn:
        raise AssertionError("a child was started")


def test_the_types_for_which_a_child_is_started_are_those_that_can_be_read() -> None:
    assert extract._READERS.keys() == reader.READ


def test_without_ocr_a_picture_needs_no_child(tmp_path: Path) -> None:
    walls: Any = NoIsolation()
    reads = reader.Reader(tmp_path, walls, seconds_per_document=1, megabytes_per_document=128)
    logo = reads.read(b"\x89PNG\r\n\x1a\n" + bytes(99), date(2026, 11, 25))
    assert (logo.media_type, logo.readability) == ("image/png", Readability.NONE)
    assert logo.reason is Reason.SCANNED
    assert reads.read(b"", date(2026, 11, 25)).reason is Reason.DAMAGED


def test_samples_are_read_before_the_first_document_and_a_missing_one_does_no_harm(
    tmp_path: Path,
) -> None:
    prepared = [
        reader.preparation(config_dir(), [SAMPLE]),
        reader.preparation(config_dir(), [tmp_path / "missing.pdf"]),
    ]
    for each in prepared:
        with closing(Isolation(each)) as isolation:
            reads = reader.Reader(
                config_dir(), isolation, seconds_per_document=20, megabytes_per_document=1024
            )
            read = reads.read(SAMPLE.read_bytes(), date(2026, 11, 25))
            assert read.readability is Readability.FULL
