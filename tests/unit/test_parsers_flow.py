"""Printed lines as the text that was typed."""

from __future__ import annotations

from parsers.pdf.flow import flowed
from parsers.pdf.words import Word

NARROW = (0.0, 0.0, 120.0, 60.0)


def _word(text: str, wide: float, line: int = 1) -> Word:
    top = line * 14.0
    return Word(text=text, page=1, x0=10.0, top=top, x1=10 + wide, bottom=top + 10)


def test_a_line_that_ends_at_a_hyphen_goes_on_without_a_blank() -> None:
    said = flowed([_word("Okafor-", 72), _word("Lind", 40, 2)], NARROW)
    assert (said.raw, said.text, said.broken) == ("Okafor-\nLind", "Okafor-Lind", False)


def test_a_word_that_fills_its_line_may_be_broken() -> None:
    said = flowed([_word("somebody.longname@e", 98), _word("xample.org", 50, 2)], NARROW)
    assert (said.text, said.broken) == ("somebody.longname@example.org", True)


def test_a_line_with_room_for_a_letter_ended_at_a_blank() -> None:
    said = flowed([_word("considerably", 80), _word("worse", 50, 2)], NARROW)
    assert (said.text, said.broken) == ("considerably worse", False)
