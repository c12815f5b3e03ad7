from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parsers.isolation import Isolation
from parsers.model import Readability, Reason
from parsers.reader import Reader
from tests.samples import docx_form, form, hostile, people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.model import Extraction

CONFIG = Path(__file__).parents[2] / "config"
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def isolation() -> Iterator[Isolation]:
    made = Isolation()
    yield made
    made.close()


def read(
    isolation: Isolation, content: bytes, *, seconds: float = 20, megabytes: int = 1024
) -> Extraction:
    reader = Reader(
        CONFIG, isolation, seconds_per_document=seconds, megabytes_per_document=megabytes
    )
    return reader.read(content, TODAY)


def test_a_form_is_read_in_a_child(isolation: Isolation) -> None:
    extraction = read(isolation, form.fillable(people.ADULT))
    assert extraction.readability is Readability.FULL
    assert extraction.forms[0].fields["individual.surname"].value == "Okafor-Lind"
    assert extraction.forms[0].pages == (1, 3)


def test_a_word_document_is_read_in_a_child(isolation: Isolation) -> None:
    extraction = read(isolation, docx_form.tables(people.ADULT))
    assert extraction.readability is Readability.FULL
    assert extraction.forms[0].fields["individual.surname"].value == "Okafor-Lind"


def test_out_of_time_is_a_reason(isolation: Isolation) -> None:
    content = form.fillable(people.ADULT)
    extraction = read(isolation, content, seconds=0.001)
    assert extraction.readability is Readability.NONE
    assert extraction.reason is Reason.TIMEOUT
    assert extraction.sha256 == hashlib.sha256(content).hexdigest()
    assert extraction.media_type == "application/pdf"


def test_out_of_memory_is_a_reason(isolation: Isolation) -> None:
    extraction = read(isolation, hostile.bomb(), megabytes=400)
    assert extraction.readability is Readability.NONE
    assert extraction.reason in (Reason.TOO_LARGE, Reason.DAMAGED)


def test_a_child_that_can_not_read_the_configuration_is_a_reason(isolation: Isolation) -> None:
    reader = Reader(
        CONFIG / "missing", isolation, seconds_per_document=20, megabytes_per_document=1024
    )
    extraction = reader.read(form.fillable(people.ADULT), TODAY)
    assert extraction.readability is Readability.NONE
    assert extraction.reason is Reason.DAMAGED


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x00" * 2000, b"text"])
def test_nothing_that_is_no_form_raises(isolation: Isolation, content: bytes) -> None:
    extraction = read(isolation, content)
    assert extraction.readability is Readability.NONE
    assert extraction.sha256 == hashlib.sha256(content).hexdigest()


def test_after_a_crash_the_next_document_is_read(isolation: Isolation) -> None:
    read(isolation, form.fillable(people.ADULT), seconds=0.001)
    assert read(isolation, form.fillable(people.CHILD)).readability is Readability.FULL
