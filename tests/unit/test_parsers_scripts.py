"""Scripts that are written from the right, and fonts that have shapes of their own."""

from __future__ import annotations

from parsers.pdf.flow import flowed
from parsers.pdf.lines import runs_of
from parsers.pdf.words import Word, words_from

BOX = (0.0, 0.0, 300.0, 40.0)


def word(text: str, x0: float, width: float = 30.0) -> Word:
    return Word(text=text, page=1, x0=x0, top=10.0, x1=x0 + width, bottom=20.0)


def test_words_from_the_right_are_read_from_the_right() -> None:
    shown = [word("נועה", 10), word("ליאה", 45), word("said", 90), word("yes", 125)]
    assert flowed(shown, BOX).text == "ליאה נועה said yes"


def test_words_from_the_left_keep_their_order() -> None:
    assert flowed([word("one", 10), word("two", 45)], BOX).text == "one two"


def test_joined_letters_are_those_that_were_typed() -> None:
    letters = [
        (letter, (10.0 * place, 0.0, 10.0 * place + 9.5, 10.0))
        for place, letter in enumerate("ﻰﻠﻴﻟ")  # as printed: the last letter stands left
    ]
    (read,) = words_from(letters, 1)
    assert read.text == "ليلى"
    (fine,) = words_from([("ﬁ", (0.0, 0.0, 9.0, 10.0)), ("n", (9.5, 0.0, 19.0, 10.0))], 1)
    assert fine.text == "fin"


def test_a_box_to_tick_is_no_part_of_the_question_before_it() -> None:
    shown = [word("Individual", 10), word("☒", 41, 9), word("Yes", 52)]
    assert [run.text for run in runs_of(shown)] == ["Individual", "☒ Yes"]
