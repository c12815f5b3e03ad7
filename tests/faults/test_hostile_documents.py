from __future__ import annotations

import hashlib
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parsers.isolation import Isolation
from parsers.model import Readability, Reason
from parsers.reader import Reader
from tests.faults.fuzz.watch import kin
from tests.samples import form, hostile, people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from parsers.model import Extraction

CONFIG = Path(__file__).parents[2] / "config"
TODAY = date(2026, 11, 25)
SECONDS = 4.0
ODD = (
    hostile.bomb,
    hostile.bomb_in_a_bomb,
    hostile.endless_pages,
    hostile.many_pages,
    hostile.many_objects,
    hostile.many_widgets,
    hostile.loops,
    hostile.odd_rectangles,
    hostile.deep,
    hostile.deep_parents,
    hostile.form_in_a_form,
    hostile.boxes,
    hostile.letters,
    hostile.huge_page,
    hostile.index_bomb,
)


@pytest.fixture(scope="module")
def isolation() -> Iterator[Isolation]:
    made = Isolation()
    yield made
    made.close()


@pytest.fixture(scope="module")
def reader(isolation: Isolation) -> Reader:
    return Reader(CONFIG, isolation, seconds_per_document=SECONDS, megabytes_per_document=1024)


def settled(reader: Reader, content: bytes) -> Extraction:
    began = time.monotonic()
    extraction = reader.read(content, TODAY)
    assert time.monotonic() - began < SECONDS + 2
    assert extraction.sha256 == hashlib.sha256(content).hexdigest()
    assert (extraction.reason is None) == (extraction.readability is Readability.FULL)
    assert (extraction.forms == []) == (extraction.readability is Readability.NONE)
    return extraction


@pytest.mark.parametrize("make", ODD, ids=lambda make: make.__name__)
def test_a_hostile_file_ends_as_a_result(reader: Reader, make: Callable[[], bytes]) -> None:
    reader.read(form.fillable(people.CHILD), TODAY)
    before = kin()
    extraction = settled(reader, make())
    assert extraction.readability is Readability.NONE
    assert extraction.reason in (
        Reason.TIMEOUT, Reason.TOO_LARGE, Reason.DAMAGED, Reason.NOT_A_FORM
    )  # fmt: skip
    assert kin() <= before
    assert reader.read(form.fillable(people.CHILD), TODAY).readability is Readability.FULL


@pytest.mark.parametrize(
    "whole",
    [form.fillable(people.ADULT), form.flattened(people.ADULT),
     hostile.unpacked(form.fillable(people.ADULT))],
    ids=["fillable", "flattened", "unpacked"],
)  # fmt: skip
def test_a_file_that_is_cut_off_is_never_read_in_full(reader: Reader, whole: bytes) -> None:
    asked = people.ADULT
    for part in hostile.truncated(whole):
        extraction = settled(reader, part)
        assert extraction.readability is not Readability.FULL
        for each in extraction.forms:
            for key, answer in each.fields.items():
                assert answer.raw.split() == asked[key].split()


@pytest.mark.parametrize("start", range(0, 160, 40))
def test_a_file_with_wrong_bytes_ends_as_a_result(reader: Reader, start: int) -> None:
    kinds = (
        form.fillable(people.ADULT),
        form.flattened(people.CHILD),
        hostile.unpacked(form.fillable(people.ADULT)),
        form.printed(people.ADULT),
    )
    for seed in range(start, start + 40):
        settled(reader, hostile.mutated(kinds[seed % len(kinds)], seed=seed))
