"""A form inside of a PDF whose own pages hold none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parsers.model import Readability, Reason
from tests.golden.samples import letter
from tests.samples import docx_form, form, hostile, people
from tests.samples.portfolio import associated, embedded, pinned
from tests.samples.reading import differences, doubts, read

if TYPE_CHECKING:
    from collections.abc import Callable

COVER = letter("For the best experience, open this portfolio in another program.")
INSIDE = form.fillable(people.CHILD)


@pytest.mark.parametrize("carry", [embedded, associated, pinned])
@pytest.mark.parametrize("inside", [INSIDE, docx_form.tables(people.CHILD)])
def test_a_form_inside_is_read(carry: Callable[[bytes, bytes], bytes], inside: bytes) -> None:
    said = read(carry(COVER, inside))
    assert said.readability is Readability.FULL
    assert differences(said.forms[0], people.CHILD) == []
    assert doubts(said.forms[0]) == {"read-from-attachment"}


def test_two_forms_inside_are_two() -> None:
    said = read(embedded(COVER, INSIDE, b"text", form.fillable(people.ADULT)))
    assert len(said.forms) == 2


def test_a_file_inside_that_is_locked_makes_the_others_doubtful() -> None:
    said = read(embedded(COVER, form.password_protected(people.ADULT), INSIDE))
    assert said.readability is Readability.PARTIAL
    assert "attachment-not-read" in doubts(said.forms[0])


def test_a_form_on_the_pages_counts_alone() -> None:
    said = read(embedded(form.fillable(people.ADULT), INSIDE))
    assert len(said.forms) == 1
    assert differences(said.forms[0], people.ADULT) == []


@pytest.mark.parametrize(
    "inside", [COVER, b"", form.blank(), form.password_protected(people.CHILD), b"%PDF-1.7\n"]
)
def test_without_a_form_inside_the_verdict_on_the_pages_stays(inside: bytes) -> None:
    assert read(embedded(COVER, inside)).reason is Reason.NOT_A_FORM


def test_files_inside_of_files_inside_are_not_looked_at() -> None:
    assert read(embedded(COVER, embedded(COVER, INSIDE))).reason is Reason.NOT_A_FORM


def test_after_twenty_files_none_is_looked_at() -> None:
    many = [b"file %d" % number for number in range(19)]
    assert read(embedded(COVER, *many, INSIDE)).readability is Readability.FULL
    assert read(embedded(COVER, *many, b"one more", INSIDE)).reason is Reason.NOT_A_FORM


@pytest.mark.parametrize("start", range(0, 100, 25))
def test_a_portfolio_with_wrong_bytes_ends_as_a_result(start: int) -> None:
    content = hostile.unpacked(embedded(COVER, docx_form.tables(people.CHILD)))
    for seed in range(start, start + 25):
        said = read(hostile.mutated(content, seed=seed, changes=20))
        assert (said.forms == []) == (said.readability is Readability.NONE)
