from __future__ import annotations

from dataclasses import replace

import pytest

from intake.cases.case import Case, Reading, Status, open_cases
from intake.mail.model import INCOMPLETE, Authenticity
from parsers.model import Readability, Reason, Warning_
from tests.unit.builders import FIELDS, NOW, form, is_own, message, reading

ENOUGH: dict[str, str | list[str] | None] = {
    "individual.forenames": "Robin",
    "individual.surname": "Example",
    "individual.date_of_birth": "2010-05-01",
    "individual.addresses": "1 Example Street",
    "concerns.description": "A bland concern.",
    "referrer.contact_number": ["020 7946 0123"],
    "referrer.email_address": ["rowan@school.example.org"],
}


def opened(*readings: Reading, **changes: object) -> list[Case]:
    return open_cases(
        message(**changes),  # type: ignore[arg-type]
        readings,
        received_at=NOW,
        authenticity=Authenticity.PASS,
        is_own=is_own,
        fields=FIELDS,
    )


def test_a_form_read_in_full_is_recorded() -> None:
    [case] = opened(reading(form(ENOUGH)))
    assert case.status is Status.RECORDED
    assert case.flags == ("child",)
    assert case.missing == ()


def test_missing_answers_alone_do_not_demote() -> None:
    [case] = opened(reading(form({"individual.surname": "Example"})))
    assert case.status is Status.RECORDED
    assert case.missing == (
        "individual.forenames",
        "individual.date_of_birth",
        "individual.approximate_age",
        "individual.addresses",
        "concerns.description",
        "first_identified_by.contact_number",
        "first_identified_by.email_address",
    )


def test_an_approximate_age_will_do_instead_of_a_date_of_birth() -> None:
    answers = {k: v for k, v in ENOUGH.items() if k != "individual.date_of_birth"}
    [case] = opened(reading(form({**answers, "individual.approximate_age": "19"})))
    assert case.missing == ()
    assert case.flags == ()


def test_the_referrers_block_counts_once_anything_stands_in_it() -> None:
    answers = {k: v for k, v in ENOUGH.items() if not k.startswith("referrer.")}
    [case] = opened(reading(form({**answers, "referrer.surname": "Sample"})))
    assert case.missing == ("referrer.contact_number", "referrer.email_address")


def test_a_message_without_a_form_is_a_case_for_a_person() -> None:
    [case] = opened()
    assert case.status is Status.NEEDS_REVIEW
    assert case.readability is Readability.NONE
    assert case.flags == ("no_form",)
    assert case.missing == ()


def test_an_unreadable_document_beside_a_form_needs_review() -> None:
    [case] = opened(reading(form(ENOUGH)), reading(reason=Reason.PASSWORD, part="3"))
    assert case.status is Status.NEEDS_REVIEW
    assert "unreadable" in case.flags
    assert case.readability is Readability.FULL


def test_a_form_read_in_part_demotes_itself_and_no_other() -> None:
    doubtful = form({"individual.surname": "Other"}, readability=Readability.PARTIAL)
    both = reading(form(ENOUGH), doubtful)
    partial = replace(
        both,
        extraction=replace(
            both.extraction, readability=Readability.PARTIAL, reason=Reason.LOW_CONFIDENCE
        ),
    )
    first, second = opened(partial)
    assert (first.status, second.status) == (Status.RECORDED, Status.NEEDS_REVIEW)
    assert "unreadable" not in first.flags + second.flags


def test_a_logo_in_a_signature_demotes_nothing() -> None:
    logo = reading(reason=Reason.UNSUPPORTED_TYPE, decoration=True)
    [case] = opened(reading(form(ENOUGH)), logo)
    assert case.status is Status.RECORDED
    assert case.attachments == 1


def test_two_forms_are_two_cases_and_the_same_form_twice_is_one() -> None:
    sibling = {**ENOUGH, "individual.forenames": "Alex"}
    cases = opened(reading(form(ENOUGH)), reading(form(sibling)), reading(form(ENOUGH), part="4"))
    assert [case.position for case in cases] == [1, 2]
    assert all("several_forms" in case.flags for case in cases)


@pytest.mark.parametrize(
    ("answer", "flagged"), [("yes", True), ("conflict", True), ("no", False), (None, False)]
)
def test_a_conflict_about_anonymity_counts_as_anonymous(answer: str | None, flagged: bool) -> None:  # noqa: FBT001
    [case] = opened(reading(form({**ENOUGH, "first_identified_by.anonymous": answer})))
    assert ("anonymous" in case.flags) is flagged


def test_sender_not_referrer_only_where_there_is_an_address_to_compare() -> None:
    other = opened(reading(form(ENOUGH)), sender="officer@council.example.gov.uk")[0]
    assert "sender_not_referrer" in other.flags
    nothing = {k: v for k, v in ENOUGH.items() if k != "referrer.email_address"}
    unknown = opened(reading(form(nothing)), sender="officer@council.example.gov.uk")[0]
    assert "sender_not_referrer" not in unknown.flags
    nobody = opened(reading(form(ENOUGH)), sender=None)[0]
    assert "sender_not_referrer" not in nobody.flags


def test_who_else_was_addressed_is_noted() -> None:
    [case] = opened(
        reading(form(ENOUGH)),
        recipients=("gateway@example.police.uk", "duty@childrens.example.gov.uk"),
    )
    assert "other_recipients" in case.flags
    assert case.other_recipients == ("duty@childrens.example.gov.uk",)


def test_doubts_are_carried() -> None:
    doubt = Warning_(code="date-ambiguous", field="dates.referral_made", detail="03/04/24")
    [case] = opened(reading(form(ENOUGH, warnings=[doubt])))
    assert case.doubtful == (("dates.referral_made", "date-ambiguous"),)


def test_a_message_that_could_not_be_looked_at_in_full_needs_review() -> None:
    [case] = opened(reading(form(ENOUGH)), defects=("too-deep",))
    assert case.status is Status.NEEDS_REVIEW
    assert case.flags == ("child", "unreadable")
    assert case.readability is Readability.FULL


@pytest.mark.parametrize("code", sorted(INCOMPLETE))
def test_a_message_cut_by_a_limit_and_without_a_form_says_that_it_is_damaged(code: str) -> None:
    [case] = opened(defects=(code,))
    assert case.status is Status.NEEDS_REVIEW
    assert case.flags == ("no_form", "unreadable")
    assert case.reason is Reason.DAMAGED


def test_a_mere_oddity_demotes_nothing() -> None:
    [case] = opened(reading(form(ENOUGH)), defects=("bare-cr-or-nul-in-header",))
    assert case.status is Status.RECORDED
