from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.cases import alert
from intake.cases.age import AgeGroup
from intake.cases.case import Case, open_cases, quarantined_case
from intake.mail.model import Authenticity
from parsers.model import Readability, Reason, Warning_
from tests.unit.builders import FIELDS, NOW, form, is_own, message, reading

REFERENCE = "EX-2026-7KM4X-3"


def case(**changes: object) -> Case:
    [opened] = open_cases(
        message(recipients=("gateway@example.police.uk",)),
        [reading(form({"individual.surname": "Example", "referrer.surname": "Sample"}))],
        received_at=NOW,
        authenticity=Authenticity.PASS,
        is_own=is_own,
        fields=FIELDS,
    )
    return replace(opened, **changes)  # type: ignore[arg-type] # keys as Case has them


def text(of: Case, *, personal: bool = False) -> str:
    return alert.text(of, REFERENCE, FIELDS, personal=personal)


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({}, "[EX-2026-7KM4X-3] Referral received, read in full"),
        (
            {"age_group": AgeGroup.CHILD},
            "[EX-2026-7KM4X-3] Referral received, read in full, child",
        ),
        (
            {"readability": Readability.PARTIAL, "age_group": AgeGroup.UNDER_TEN},
            "[EX-2026-7KM4X-3] Referral received, read in part, child",
        ),
        (
            {"flags": ("unreadable",)},
            "[EX-2026-7KM4X-3] Referral received, read in full, something else NOT READ",
        ),
        (
            {"readability": Readability.NONE, "form": None},
            "[EX-2026-7KM4X-3] Referral message NOT READ: open the original",
        ),
    ],
)
def test_the_subject_says_what_is_to_be_looked_at(changes: dict[str, object], subject: str) -> None:
    assert alert.subject(case(**changes), REFERENCE) == subject


def test_a_time_is_told_as_the_clock_on_the_wall_shows_it() -> None:
    assert alert.shown(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "Wednesday 1 July 2026 at 13:05"
    assert alert.in_numbers(datetime(2026, 7, 1, 23, 5, tzinfo=UTC)) == "02/07/2026, 00:05"


def test_missing_answers_say_whose_they_are() -> None:
    said = text(case(missing=("referrer.contact_number", "first_identified_by.contact_number")))
    assert "- Contact Telephone Number (Person making this referral)" in said
    assert "- Contact Telephone Number (Person who first identified the concerns)" in said


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_in_words(reason: Reason) -> None:
    said = text(case(readability=Readability.NONE, reason=reason, form=None, age_group=None))
    assert "NOT READ: a person has to open the original." in said
    assert f"({reason.value})" not in said


def test_doubts_are_told_in_words() -> None:
    doubtful = (("dates.referral_made", "date-ambiguous"), (None, "read-without-boxes"))
    said = " ".join(text(case(doubtful=doubtful)).split())
    assert "(Relevant dates): day and month could be either way round" in said
    assert "- The form: read by position" in said


def test_every_doubt_of_the_reader_has_words() -> None:
    parsers = Path(__file__).parents[2] / "parsers"
    source = "".join(path.read_text(encoding="utf-8") for path in parsers.rglob("*.py"))
    codes = set(re.findall(r'(?:doubt|note|_warn)\(\s*"([a-z-]+)"|doubt="([a-z-]+)"', source))
    found = {code for pair in codes for code in pair if code}
    assert len(found) > 3
    assert found <= alert._DOUBTS.keys()


def test_an_unknown_doubt_is_shown_as_it_is() -> None:
    assert "The form: something-new" in text(case(doubtful=((None, "something-new"),)))


def test_who_else_was_addressed_is_counted_and_named_only_where_cleared() -> None:
    many = case(other_recipients=tuple(f"duty{n}@team{n}.example.gov.uk" for n in range(9)))
    closed, cleared = text(many), text(many, personal=True)
    assert "9 other addresses at team0.example.gov.uk" in closed
    assert "duty3@" not in closed
    assert "duty3@team3.example.gov.uk" in cleared
    assert max(map(len, closed.splitlines())) <= 76
    assert "Also sent to: nobody else" in text(case())


def test_a_message_to_the_whole_world_makes_no_alert_without_end() -> None:
    many = case(other_recipients=tuple(f"a@team{n}.example.gov.uk" for n in range(200)))
    assert "and 190 more domains" in " ".join(text(many).split())


def test_columns_stand_beneath_each_other() -> None:
    head = text(case(), personal=True).split("\n\n", maxsplit=1)[0].splitlines()
    assert all(line[13] == " " and line[14] != " " for line in head)


def test_a_list_of_answers_is_told_as_it_was_typed() -> None:
    filled = form({"concerns.description": "One.\n\nTwo."})
    assert "    One.\n    \n    Two." in text(case(form=filled), personal=True)


def test_a_quarantined_message_says_that_handling_failed() -> None:
    said = text(quarantined_case(received_at=NOW))
    assert "Handling the message failed repeatedly" in said
    assert f"referral-intake cases show {REFERENCE}" in said


def test_warnings_of_a_form_reach_the_alert() -> None:
    doubt = Warning_(code="yes-no-conflict", field="first_identified_by.anonymous", detail="x")
    [opened] = open_cases(
        message(),
        [reading(form({"individual.surname": "Example"}, warnings=[doubt]))],
        received_at=NOW,
        authenticity=Authenticity.PASS,
        is_own=is_own,
        fields=FIELDS,
    )
    assert "both yes and no are ticked" in " ".join(text(opened).split())
