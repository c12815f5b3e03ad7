"""Two readings of one place are one text, as sure as they agree."""

from __future__ import annotations

import pytest

from parsers.ocr.agreement import agreed
from parsers.pdf.words import Word


def word(text: str, x0: float = 10, confidence: float = 0.9, **how: float) -> Word:
    return Word(
        text=text,
        page=1,
        x0=x0,
        top=how.get("top", 20),
        x1=how.get("x1", x0 + 6 * len(text)),
        bottom=how.get("bottom", 30),
        confidence=confidence,
    )


def said(words: list[Word]) -> list[tuple[str, float]]:
    return [(each.text, each.confidence) for each in words]


def test_what_both_readings_say_is_surer_than_either() -> None:
    ((text, sure),) = said(agreed([word("Lind", confidence=0.7)], [word("Lind", confidence=0.6)]))
    assert text == "Lind"
    assert sure == pytest.approx(0.88)


def test_nothing_in_a_picture_is_certain() -> None:
    ((_, sure),) = said(agreed([word("Lind", confidence=1.0)], [word("Lind", confidence=1.0)]))
    assert sure == 0.97


@pytest.mark.parametrize(("first", "second", "text"), [(0.9, 0.6, "Lind"), (0.6, 0.9, "Land")])
def test_of_two_words_that_differ_the_surer_stands_and_is_doubted(
    first: float, second: float, text: str
) -> None:
    words = agreed([word("Lind", confidence=first)], [word("Land", confidence=second)])
    assert said(words) == [(text, 0.63)]


def test_as_sure_as_a_word_is_its_doubtful_part() -> None:
    first = [word("Okafor", confidence=0.95), word("Lind", 50, confidence=0.3)]
    second = [word("OkaforLund", x1=74, confidence=0.5)]
    assert said(agreed(first, second)) == [("OkaforLund", 0.35)]


def test_a_difference_in_blanks_alone_is_doubted_less() -> None:
    first = [word("Okafor", confidence=0.9), word("Lind", 50, confidence=0.8)]
    second = [word("OkaforLind", x1=74, confidence=0.7)]
    assert said(agreed(first, second)) == [("Okafor", 0.81), ("Lind", 0.72)]


def test_of_two_readings_that_differ_in_accents_the_one_with_accents_stands() -> None:
    first, second = word("Sian", confidence=0.95), word("Siân", confidence=0.85)
    assert agreed([first], [second]) == [second]
    accented, plain = word("Siân", confidence=0.85), word("Sian", confidence=0.95)
    assert agreed([accented], [plain]) == [accented]


def test_a_word_that_one_reading_alone_has_stays_and_is_doubted() -> None:
    assert said(agreed([word("Lind", confidence=0.9)], [])) == [("Lind", 0.72)]
    assert said(agreed([], [word("Lind", confidence=0.9)])) == [("Lind", 0.72)]


@pytest.mark.parametrize("speck", [word("a", 100, 0.3), word(".", 100, 0.95)])
def test_a_speck_that_one_reading_took_for_a_letter_is_left_out(speck: Word) -> None:
    both = word("Lind")
    assert [each.text for each in agreed([both, speck], [both])] == ["Lind"]
    assert [each.text for each in agreed([both], [both, speck])] == ["Lind"]


def test_a_speck_stays_where_there_is_nothing_else() -> None:
    assert said(agreed([word("a", confidence=0.3)], [])) == [("a", 0.24)]


def test_of_nothing_nothing_is_made() -> None:
    assert list(agreed([], [])) == []


@pytest.mark.parametrize(
    "parts",
    [
        [word("sam@", 10, x1=40), word("club.example.org", 44, x1=140)],
        [word("sam", 10, x1=34), word("@club.example.org", 38, x1=140)],
    ],
)
def test_an_address_is_one_word_however_far_its_at_sign_stands(parts: list[Word]) -> None:
    (joined,) = agreed(parts, parts)
    assert said([joined]) == [("sam@club.example.org", 0.97)]
    assert joined.bbox == (10, 20, 140, 30)


def test_words_without_an_at_sign_are_not_joined() -> None:
    parts = [word("sam", 10, x1=34), word("club", 38, x1=60)]
    assert [each.text for each in agreed(parts, parts)] == ["sam", "club"]


@pytest.mark.parametrize("other", [word("Lind", 38, top=40, bottom=50), word("Lind", 80)])
def test_an_at_sign_far_from_a_word_is_not_joined_to_it(other: Word) -> None:
    parts = [word("sam@", 10, x1=34), other]
    assert [each.text for each in agreed(parts, parts)] == ["sam@", "Lind"]


def test_words_on_different_lines_are_not_held_against_each_other() -> None:
    first = [word("Okafor", top=20, bottom=30), word("Lind", top=32, bottom=42)]
    second = [word("Okafor", top=21, bottom=31), word("Lind", top=31, bottom=41)]
    assert [each.text for each in agreed(first, second)] == ["Okafor", "Lind"]
    assert all(each.confidence == 0.97 for each in agreed(first, second))
