from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.cases.reference import SYMBOLS, is_reference, new_reference

references = st.builds(
    lambda seed, year: new_reference("EX", year, random.Random(seed)),
    st.integers(),
    st.integers(2000, 2999),
)


def test_a_reference_looks_like_the_one_in_the_interface() -> None:
    reference = new_reference("EX", 2026, random.Random(1))
    prefix, year, body, check = reference.split("-")
    assert (prefix, year, len(body), len(check)) == ("EX", "2026", 5, 1)
    assert not set(reference[3:]) & set("AEIOU")
    assert is_reference(reference)


@given(references, st.data())
def test_one_wrong_symbol_is_always_noticed(reference: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([8, 9, 10, 11, 12, 14]))
    other = data.draw(st.sampled_from([s for s in SYMBOLS if s != reference[place]]))
    assert not is_reference(reference[:place] + other + reference[place + 1 :])


@given(references, st.sampled_from([8, 9, 10, 11]))
def test_two_neighbours_swapped_are_always_noticed(reference: str, place: int) -> None:
    swapped = reference[:place] + reference[place + 1] + reference[place] + reference[place + 2 :]
    assert swapped == reference or not is_reference(swapped)


@pytest.mark.parametrize("text", ["", "EX", "EX-2026-7KM4X", "EX-x-7KM4X-3", "--7KM4X-3"])
def test_what_is_no_reference_is_refused(text: str) -> None:
    assert not is_reference(text)
