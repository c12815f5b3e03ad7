from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.values import Read, emails, phones, read


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("07700 900123", ["07700 900123"]),
        ("07700900123", ["07700900123"]),
        ("(020) 7946 0018", ["(020) 7946 0018"]),
        ("+44 (0)20 7946 0102", ["+44 (0)20 7946 0102"]),
        ("020 7946 0018 ext 1234", ["020 7946 0018 ext 1234"]),
        ("07700 900123 / 020 7946 0018", ["07700 900123", "020 7946 0018"]),
        ("mum: 07700 900456, dad: 07700 900789", ["07700 900456", "07700 900789"]),
        ("07700 900123\n01632 960001", ["07700 900123", "01632 960001"]),
        ("07700 900123 07700 900124", ["07700 900123", "07700 900124"]),
        ("0161 496 0123 07700 900124", ["0161 496 0123", "07700 900124"]),
        ("07700 900123 (after 5)", ["07700 900123"]),
    ],
)
def test_numbers_come_as_typed(text: str, numbers: list[str]) -> None:
    assert phones(text) == numbers


@pytest.mark.parametrize(
    "text",
    ["ask at the desk", "0161 496 0123 or 4567", "020 7946 0018/0019", "7946", "none",
     "x" * 3000 + " 07700 900123"],
)  # fmt: skip
def test_what_can_not_be_told_apart_stays_whole(text: str) -> None:
    assert phones(text) == [text]


@given(st.lists(st.integers(0, 999), min_size=1, max_size=5), st.sampled_from(["\n", ", ", " / "]))
def test_every_number_of_a_list_is_found(lines: list[int], joint: str) -> None:
    numbers = [f"07700 900{line:03}" for line in lines]
    assert phones(joint.join(numbers)) == numbers


@given(st.text(alphabet="0123456789 +()-/,ext.\n"))
def test_no_digits_are_lost(text: str) -> None:
    digits = sum(character.isdecimal() for character in text)
    kept = sum(character.isdecimal() for number in phones(text) for character in number)
    assert digits - kept <= 2


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("a@example.org", ["a@example.org"]),
        ("a@example.org; b@example.com", ["a@example.org", "b@example.com"]),
        ("a@example.org,b@example.com\nc@example.net", ["a@example.org", "b@example.com",
                                                        "c@example.net"]),
        ("Zoë <zoe@example.net>", ["zoe@example.net"]),
        ("Sam.O'Neil@Example.org.", ["Sam.O'Neil@Example.org"]),
        ("work: a@example.org", ["a@example.org"]),
        ("t.okafor-\nlind@example.com", ["t.okafor-lind@example.com"]),
        ("school\na@example.org", ["a@example.org"]),
    ],
)  # fmt: skip
def test_addresses_come_as_typed(text: str, addresses: list[str]) -> None:
    assert emails(text) == addresses


@pytest.mark.parametrize(
    "text",
    ["none", "a at example dot org", "a@example.org b@@x", "a@example.org/b@example.org",
     "a @example.org", "b@x " * 600, "somebody.long\nname@example.org"],
)  # fmt: skip
def test_what_mail_could_not_reach_stays_whole(text: str) -> None:
    assert emails(text) == [text]


@given(st.text())
def test_other_kinds_are_the_text_without_blanks_at_the_ends(text: str) -> None:
    for kind in ("text", "lines", "age"):
        found = read(kind, text, born=False, today=date(2026, 11, 25))
        assert found == Read(text.strip())


@given(st.text())
def test_no_text_breaks_a_list(text: str) -> None:
    assert phones(text)
    assert emails(text)
