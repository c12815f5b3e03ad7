"""Forms laid out by strangers: every answer in its field, whatever made the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.samples import form, people, strangers
from tests.samples.page import sheet
from tests.samples.reading import differences, doubts, read
from tests.samples.strangers import Stranger
from tests.samples.table import spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from parsers.model import ExtractedForm

PLAIN = people.ADULT | {"dates.concern_first_arose": "03/03/2026"}
NUMBERED = ["Section {n}: {}", "PART {n} - {}", "{n}. {}", "{n}.{}", "IV {}"]
STRANGERS = {
    **{f"heading {each}": Stranger(heading=each) for each in NUMBERED},
    **{f"label {each}": Stranger(label=each) for each in ("Q{n}: {}", "{n}.{}", "({n}) {}")},
    "small letters": Stranger(small=True),
    "labels head a row": Stranger(rows=True),
    "a third box": Stranger(third="Not known"),
    "dates in three boxes": Stranger(split=True),
    "persons side by side": Stranger(across=True),
    "labels below": Stranger(below=True),
    "a watermark": Stranger(aslant="DRAFT COPY"),
}


def fillable(stranger: Stranger, answers: Mapping[str, str], *, radios: bool = False) -> bytes:
    return form.with_fields(strangers.draw(stranger), strangers.parted(answers), radios=radios)


MAKERS: dict[str, Callable[[Stranger, Mapping[str, str]], bytes]] = {
    "fillable": fillable,
    "radios": lambda stranger, answers: fillable(stranger, answers, radios=True),
    "flattened": lambda stranger, answers: form.made_flat(fillable(stranger, answers)),
    "printed": lambda stranger, answers: strangers.draw(stranger, strangers.parted(answers)).done(),
}


def only(content: bytes) -> ExtractedForm:
    (found,) = read(content).forms
    return found


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_is_understood(stranger: str, maker: str) -> None:
    said = only(MAKERS[maker](STRANGERS[stranger], PLAIN))
    assert differences(said, PLAIN, lines=maker in ("fillable", "radios")) == []
    assert doubts(said) == set()


@pytest.mark.parametrize("maker", MAKERS)
def test_a_ticked_third_box_is_told_openly(maker: str) -> None:
    question = "safeguarding.conditions"
    said = only(MAKERS[maker](Stranger(third="Not known"), PLAIN | {question: "neither"}))
    assert question not in said.fields
    assert [(each.label[:10], each.value) for each in said.unrecognised] == [
        ("Does the I", "Not known")
    ]
    assert doubts(said) == {"yes-no-unclear"}


def test_what_stands_without_a_box_is_read_beside_what_has_one() -> None:
    said = only(MAKERS["printed"](Stranger(boxed="one"), PLAIN))
    assert differences(said, PLAIN, lines=False) == []
    assert doubts(said) == {"read-without-boxes"}


@pytest.mark.parametrize("maker", MAKERS)
def test_a_form_without_headings_is_read_by_its_order_and_doubtful(maker: str) -> None:
    said = only(MAKERS[maker](Stranger(headings=False), PLAIN))
    assert differences(said, PLAIN, lines=maker in ("fillable", "radios")) == []
    assert doubts(said) == {"headings-not-found"}


QUOTED = {
    "the labels": "He wrote:\nSurname: Bloggs\nEmail Address: jo@example.org\nThen he left.",
    "the headings": "First.\nDESCRIBE CONCERNS\nSECTION 2\nRELEVANT DATES\nLast.",
    "the prompts": "Victim of crime, abuse or bullying.\nYes.\nWork, money or housing.",
    "bullets": "• one thing\n• another",
}


@pytest.mark.parametrize("key", ["concerns.description", "complex_needs.description"])
@pytest.mark.parametrize("quoted", QUOTED)
def test_an_answer_may_quote_the_form(quoted: str, key: str) -> None:
    answers = PLAIN | {key: QUOTED[quoted]}
    for maker in ("fillable", "printed"):
        said = only(MAKERS[maker](Stranger(), answers))
        assert differences(said, answers, lines=maker == "fillable") == []
        assert doubts(said) == set()


def test_what_goes_on_below_a_full_box_after_an_empty_line_is_told() -> None:
    long = "\n\n".join(f"This was seen, number {number}." for number in range(1, 5))
    answers = PLAIN | {"safeguarding.other_agencies_details": long}
    said = only(MAKERS["printed"](Stranger(), answers))
    value = said.fields["safeguarding.other_agencies_details"].value
    assert "number 4" in str(value) or "text-over-the-edge" in doubts(said)


def test_an_answer_on_the_line_of_its_question_keeps_to_that_question() -> None:
    asked = {
        "safeguarding.lead_consulted": "yes",
        "safeguarding.lead_consulted_details": "She advised it.",
    }
    page = sheet("Lines", {})
    page.y -= page.write("PREVENT REFERRAL FORM", 50, 400, size=16) + 8
    for section in spec().sections:
        page.room(80)
        page.y -= page.write(section.heading, 50, 490, size=12) + 4
        for field in section.fields:
            page.room(40)
            page.y -= page.write(f"{field.label} {asked.get(field.key, '').title()}", 50, 490) + 4
    said = only(page.done())
    details = said.fields["safeguarding.lead_consulted_details"]
    assert details.value == asked["safeguarding.lead_consulted_details"].title()
    assert "safeguarding.other_agencies_details" not in said.fields
