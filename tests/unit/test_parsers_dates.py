from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.values import Read, read, read_date

TODAY = date(2026, 11, 25)


def born(text: str) -> Read:
    return read_date(text, born=True, today=TODAY)


def arose(text: str) -> Read:
    return read_date(text, born=False, today=TODAY)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("14/02/1991", "1991-02-14"),
        ("03/04/2026", "2026-04-03"),
        ("3.4.2026", "2026-04-03"),
        ("3 - 4 - 2026", "2026-04-03"),
        ("03 04 2026", "2026-04-03"),
        ("2026-04-03", "2026-04-03"),
        ("2026/4/3", "2026-04-03"),
        ("3rd March 2026", "2026-03-03"),
        ("the 3rd March 2026", None),
        ("Tuesday, 3rd of March, 2026", "2026-03-03"),
        ("Weds 4 November 2026", "2026-11-04"),
        ("Wednesday 4 November 2026", "2026-11-04"),
        ("March 3rd, 2026", "2026-03-03"),
        ("3 Mar. 2026", "2026-03-03"),
        ("3-MAR-2026", "2026-03-03"),
        ("3/Mar/2026", "2026-03-03"),
        ("03Mar2026", "2026-03-03"),
        ("29/02/2024", "2024-02-29"),
    ],
)
def test_a_four_digit_year_makes_a_date_certain(text: str, value: str | None) -> None:
    assert arose(text) == Read(value, None if value else "date-unclear")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("13.4.26", "2026-04-13"),
        ("25/12/25", "2025-12-25"),
        ("3 Mar 26", "2026-03-03"),
        ("13/11/19", "2019-11-13"),
    ],
)
def test_a_day_above_twelve_makes_a_short_year_certain_near_today(text: str, value: str) -> None:
    assert arose(text) == Read(value)


@pytest.mark.parametrize("text", ["13/11/91", "25/12/60", "31/12/31"])
def test_a_short_year_far_from_today_is_not_certain(text: str) -> None:
    assert arose(text) == Read(None, "date-ambiguous")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("25/12/30", "1930-12-25"),
        ("25/12/26", "1926-12-25"),
        ("24/11/26", "2026-11-24"),
        ("13/02/91", "1991-02-13"),
        ("29/02/96", "1996-02-29"),
        ("1 May 10", "2010-05-01"),
    ],
)
def test_nobody_was_born_in_the_future(text: str, value: str) -> None:
    assert born(text) == Read(value)


def test_a_birth_in_the_future_is_no_date() -> None:
    assert born("14/02/2031") == Read(None, "date-in-the-future")


@pytest.mark.parametrize("text", ["03/04/24", "3.4.26", "12/12/12", "1-2-03"])
def test_two_small_numbers_and_a_short_year_are_ambiguous(text: str) -> None:
    assert arose(text) == Read(None, "date-ambiguous")
    assert born(text) == Read(None, "date-ambiguous")


@pytest.mark.parametrize(
    "text",
    ["31/02/2026", "4/13/2026", "13/13/26", "2026-13-01", "30 February 2026", "00/01/2026",
     "14/02/0026", "14/02/1026"],
)  # fmt: skip
def test_a_date_that_never_was_is_impossible(text: str) -> None:
    assert arose(text) == Read(None, "date-impossible")


@pytest.mark.parametrize(
    "text",
    ["02/2026", "March 2026", "2026", "unknown", "about 1990?", "yesterday", "14/02/1991 (approx)",
     "03032026", "3 Juin 2026", "14/02/1991 or 15/02/1991", "1" * 500, "14//02/1991"],
)  # fmt: skip
def test_anything_else_is_unclear(text: str) -> None:
    assert arose(text) == Read(None, "date-unclear")


@given(st.dates(min_value=date(1900, 1, 1), max_value=TODAY))
def test_every_date_comes_back_as_it_was_written(day: date) -> None:
    for form in ("%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y"):
        assert born(day.strftime(form)).value == day.isoformat()


@given(st.dates(min_value=TODAY - timedelta(days=3000), max_value=TODAY))
def test_a_short_year_is_never_read_as_another_day(day: date) -> None:
    read_as = arose(day.strftime("%d/%m/%y")).value
    assert read_as == (day.isoformat() if day.day > 12 else None)


@given(st.text())
def test_no_text_breaks_a_date(text: str) -> None:
    found = read("date", text, born=False, today=TODAY)
    assert (found.value is None) == (found.doubt is not None)
