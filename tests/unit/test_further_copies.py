"""A form that comes again is linked to its case and told as a further copy: no second case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.cases.copies import said_by
from intake.store.ledger import State
from parsers.model import Reason
from tests.unit.builders import form, reading
from tests.unit.test_pipeline import Desk, desk, mail, said

__all__ = ["desk"]

FIRST, OTHER = "sam@club.example.org", "duty@childrens-services.example.gov.uk"


def receipts(desk: Desk) -> list[str]:
    return [body(desk, each["id"]) for each in owed(desk, "acknowledgement")]


def owed(desk: Desk, kind: str) -> list[dict[str, str]]:
    return [each for each in desk.store.deliveries.listing() if each["kind"] == kind]


def body(desk: Desk, delivery: str) -> str:
    return " ".join((desk.store.deliveries.body(delivery) or b"").decode().split())


def test_the_same_form_from_somebody_else_is_a_further_copy(desk: Desk) -> None:
    (reference,) = desk.take(mail(b"A", sender=FIRST)).references
    again = desk.take(mail(b"A", sender=OTHER, subject="FW: Referral"))
    assert (again.state, again.references) == (State.DUPLICATE, (reference,))
    assert len(desk.cases()) == 1
    assert (desk.row()["state"], desk.row()["case"]) == ("duplicate", reference)
    _, copy = owed(desk, "alert")
    assert copy["case"] == reference
    assert "Further copy" in body(desk, copy["id"])
    assert "somebody at childrens-services.example.gov.uk" in body(desk, copy["id"])
    first, second = receipts(desk)
    assert reference in first
    assert reference in second
    assert "already received" not in second
    assert desk.file_to(desk.row()["id"]) == "Intake/Filed"


def test_the_same_sender_is_told_that_we_have_it(desk: Desk) -> None:
    (reference,) = desk.take(mail(b"A", sender=FIRST)).references
    desk.take(mail(b"A", sender=FIRST, text="In case it got lost."))
    _, second = receipts(desk)
    assert "We had already received this form from you." in second
    assert reference in second


def test_another_file_that_says_the_same_is_a_copy_too(desk: Desk) -> None:
    desk.take(mail(b"A"))
    desk.readings[b"A printed"] = said("A")
    assert desk.take(mail(b"A printed")).state is State.DUPLICATE


def test_a_form_that_differs_in_one_answer_is_a_new_case(desk: Desk) -> None:
    desk.take(mail(b"A"))
    assert desk.take(mail(b"B")).state is State.RECORDED
    assert len(desk.cases()) == 2


@pytest.mark.parametrize("document", [b"locked", b"other", b"blank"])
def test_a_copy_beside_a_document_that_is_new_is_a_case_of_its_own(
    desk: Desk, document: bytes
) -> None:
    desk.readings[b"blank"] = reading(reason=Reason.BLANK_FORM).extraction
    desk.take(mail(b"A"))
    assert desk.take(mail(b"A", document)).state is State.RECORDED
    assert len(desk.cases()) == 2


@pytest.mark.parametrize("document", [b"locked", b"other"])
def test_a_document_that_is_no_filled_form_is_never_a_copy(desk: Desk, document: bytes) -> None:
    desk.take(mail(document))
    assert desk.take(mail(document)).state is State.RECORDED
    assert len(desk.cases()) == 2


def test_messages_without_documents_are_never_copies(desk: Desk) -> None:
    desk.take(mail(text="I am worried."))
    assert desk.take(mail(text="I am worried.")).state is State.RECORDED


def test_two_known_forms_in_one_message_are_linked_to_both_cases(desk: Desk) -> None:
    first = desk.take(mail(b"A", sender=FIRST)).references
    second = desk.take(mail(b"B", sender=FIRST)).references
    both = desk.take(mail(b"B", b"A", sender=OTHER))
    assert (both.state, set(both.references)) == (State.DUPLICATE, {*first, *second})
    assert len(owed(desk, "alert")) == 4
    assert len(owed(desk, "acknowledgement")) == 3


def test_a_known_form_beside_a_new_one_is_recorded_with_it_and_stays_known(desk: Desk) -> None:
    (reference,) = desk.take(mail(b"A")).references
    assert len(desk.take(mail(b"A", b"B")).references) == 2
    assert desk.take(mail(b"A")).references == (reference,)


def test_a_copy_that_comes_again_as_the_same_message_tells_nobody(desk: Desk) -> None:
    desk.take(mail(b"A", sender=FIRST))
    raw = mail(b"A", sender=OTHER)
    desk.take(raw)
    told = len(owed(desk, "alert"))
    assert desk.take(raw).state is State.DUPLICATE
    assert len(owed(desk, "alert")) == told
    assert desk.owed()[-1 - told] == ("acknowledgement", "withheld", "duplicate")


def test_a_machine_that_forwards_a_copy_is_not_answered(desk: Desk) -> None:
    desk.take(mail(b"A"))
    desk.take(mail(b"A", headers={"Auto-Submitted": "auto-generated"}))
    assert ("acknowledgement", "withheld", "auto_submitted") in desk.owed()
    assert len(owed(desk, "alert")) == 2


def test_what_two_forms_say_is_told_apart_by_raw_text_where_no_value_is_certain() -> None:
    one = form({"individual.date_of_birth": None})
    born = one.fields["individual.date_of_birth"]
    other = replace(one, fields={"individual.date_of_birth": replace(born, raw="03/04/24")})
    assert said_by(one) == said_by(form({"individual.date_of_birth": None}))
    assert said_by(one) != said_by(other)
