from __future__ import annotations

import email
import email.policy
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.cases import compose
from intake.cases.case import Case, open_cases
from intake.cases.compose import Kind, Owed, Reply
from intake.cases.wording import load_all
from intake.mail.model import Authenticity
from parsers.model import Reason, Unrecognised
from tests.unit.builders import CONFIG, FIELDS, NOW, form, is_own, message, reading, stationery
from tests.unit.test_letters import fit_to_be_sent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage

    from intake.cases.case import Reading

REFERENCE = "EX-2026-7KM4X-3"
ANSWERS: dict[str, str | list[str] | None] = {
    "individual.surname": "Example",
    "individual.date_of_birth": "2018-05-01",
    "concerns.description": "A bland concern.",
}


def cases(*readings: Reading, **changes: object) -> list[Case]:
    return open_cases(
        message(**changes),  # type: ignore[arg-type] # keys as the builder takes them
        readings,
        received_at=NOW,
        authenticity=Authenticity.PASS,
        is_own=is_own,
        fields=FIELDS,
    )


def receipt(
    opened: Sequence[Case],
    *,
    languages: Sequence[str] = ("en",),
    message_id: str | None = "<1@school.example.org>",
) -> Owed:
    return compose.acknowledgement(
        replace(stationery(), wording=load_all(CONFIG / "wording", languages)),
        [(f"EX-2026-7KM4X-{n}", case) for n, case in enumerate(opened)],
        Reply(to="rowan@school.example.org", message_id=message_id),
        delivery="0" * 32,
        now=NOW,
    )


def alert(case: Case, *, personal: bool = False) -> Owed:
    [owed] = compose.alerts(
        stationery(personal=personal), REFERENCE, case, new_id=lambda: "1" * 32, now=NOW
    )
    return owed


def read(owed: Owed) -> EmailMessage:
    parsed = email.message_from_bytes(owed.body, policy=email.policy.default)
    assert isinstance(parsed, email.message.EmailMessage)
    return parsed


def text_of(owed: Owed) -> str:
    body = read(owed).get_body()
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def record_of(owed: Owed) -> dict[str, object]:
    [attached] = list(read(owed).iter_attachments())
    assert attached.get_filename() == f"{REFERENCE}.json"
    found = json.loads(attached.get_content())
    assert isinstance(found, dict)
    return found


# The acknowledgement


def test_a_receipt_goes_to_one_recipient_and_answers_their_message() -> None:
    owed = receipt(cases(reading(form(ANSWERS))))
    assert owed.kind is Kind.ACKNOWLEDGEMENT
    assert owed.recipient == "rowan@school.example.org"
    assert owed.sender == "gateway@example.police.uk"
    parsed = read(owed)
    assert parsed.get_all("To") == ["rowan@school.example.org"]
    assert parsed["Cc"] is parsed["Bcc"] is None
    assert parsed["Auto-Submitted"] == "auto-replied"
    assert parsed["X-Auto-Response-Suppress"] == "All"
    assert parsed["In-Reply-To"] == parsed["References"] == "<1@school.example.org>"
    assert parsed["Message-ID"] == owed.message_id
    assert not parsed.is_multipart()
    fit_to_be_sent(owed.body)


def test_a_receipt_says_what_was_received_and_when() -> None:
    text = text_of(receipt(cases(reading(form(ANSWERS)))))
    assert "Reference:    EX-2026-7KM4X-0\n" in text
    assert "Received:     24/11/2026, 09:30\n" in text
    assert "Attachments:  1\n" in text


@pytest.mark.parametrize(
    ("readings", "said"),
    [
        ([reading(form(ANSWERS))], "could be read."),
        ([], "No referral form was found"),
        ([reading(reason=Reason.NOT_A_FORM)], "No referral form was found"),
        ([reading(reason=Reason.PASSWORD)], "could not be read automatically"),
        ([reading(form(ANSWERS)), reading(reason=Reason.SCANNED)], "could be read."),
    ],
)
def test_a_receipt_says_whether_a_form_could_be_read(readings: list[Reading], said: str) -> None:
    assert said in text_of(receipt(cases(*readings)))


def test_siblings_share_one_receipt_that_names_both_references() -> None:
    opened = cases(reading(form(ANSWERS)), reading(form({"individual.surname": "Sample"})))
    owed = receipt(opened)
    assert "EX-2026-7KM4X-0, EX-2026-7KM4X-1" in text_of(owed)
    assert read(owed)["Subject"] == (
        "Auto: We have received your message (EX-2026-7KM4X-0, EX-2026-7KM4X-1)"
    )


def test_the_subject_of_a_receipt_for_many_is_short() -> None:
    opened = cases(*[reading(form({"individual.surname": f"Sample{n}"})) for n in range(9)])
    owed = receipt(opened)
    assert read(owed)["Subject"] == "Auto: We have received your message (EX-2026-7KM4X-0 +8)"
    assert all(f"EX-2026-7KM4X-{n}" in text_of(owed) for n in range(9))


def test_a_receipt_in_both_languages_has_both_subjects_and_both_texts() -> None:
    owed = receipt(cases(), languages=["cy", "en"])
    assert read(owed)["Subject"] == (
        "Awto: Rydym wedi derbyn eich neges (EX-2026-7KM4X-0) / "
        "Auto: We have received your message (EX-2026-7KM4X-0)"
    )
    text = text_of(owed)
    assert 0 <= text.index("Diolch") < text.index("-" * 40) < text.index("Thank you")
    assert "Tuesday" not in text
    fit_to_be_sent(owed.body)


@pytest.mark.parametrize("languages", [["en"], ["cy"], ["cy", "en"]])
def test_a_receipt_is_wrapped_and_its_bytes_are_the_same_each_time(languages: list[str]) -> None:
    owed = receipt(cases(reading(form(ANSWERS))), languages=languages)
    assert max(map(len, text_of(owed).splitlines())) <= 76
    assert receipt(cases(reading(form(ANSWERS))), languages=languages) == owed


@pytest.mark.parametrize(
    "message_id",
    [
        None,
        "",
        "<a b@c.example>",
        "<a@b.example>\r\nBcc: c@d.example",
        "<a@b.example>\n",
        "<siân@b.example>",
        "<no-at-sign>",
        f"<{'a' * 200}@b.example>",
    ],
)
def test_an_unsafe_message_id_is_not_answered_to(message_id: str | None) -> None:
    parsed = read(receipt(cases(), message_id=message_id))
    assert parsed["In-Reply-To"] is parsed["References"] is parsed["Bcc"] is None


# Alerts


def test_an_alert_goes_to_each_address_of_each_channel() -> None:
    [case] = cases(reading(form(ANSWERS)))
    many = stationery(to=("one@example.police.uk", "two@example.police.uk"))
    ids = iter("ab")
    owed = compose.alerts(many, REFERENCE, case, new_id=lambda: next(ids) * 32, now=NOW)
    assert [each.recipient for each in owed] == ["one@example.police.uk", "two@example.police.uk"]
    assert len({each.message_id for each in owed}) == 2
    assert all(read(each).get_all("To") == [each.recipient] for each in owed)
    assert all(each.kind is Kind.ALERT and each.reference == REFERENCE for each in owed)


def test_an_alert_carries_its_record() -> None:
    [case] = cases(
        reading(form(ANSWERS)),
        recipients=("gateway@example.police.uk", "duty@childrens.example.gov.uk"),
    )
    owed = alert(case)
    fit_to_be_sent(owed.body)
    record = record_of(owed)
    assert record["reference"] == REFERENCE
    assert record["received_at"] == "2026-11-24T09:30:00Z"
    assert record["readability"] == "full"
    assert record["age_group"] == "under_ten"
    assert "individual.forenames" in str(record["missing"])
    assert record["other_recipients"] == {"count": 1, "domains": ["childrens.example.gov.uk"]}


def test_a_channel_cleared_for_personal_data_gets_everything_that_was_written() -> None:
    answers = {**ANSWERS, "concerns.description": "A bland concern.\n" + "x" * 3000}
    whole = form(answers)
    extra = Unrecognised(section=None, label="Shoe size", value="Nine", page=2)
    [case] = cases(
        reading(replace(whole, unrecognised=[extra])),
        recipients=("gateway@example.police.uk", "duty@childrens.example.gov.uk"),
    )
    owed = alert(case, personal=True)
    fit_to_be_sent(owed.body)
    for said in ("Example", "A bland concern.", "x" * 3000, "Shoe size", "Nine", "rowan@school"):
        assert said in text_of(owed)
    record = record_of(owed)
    assert record["sender"] == "rowan@school.example.org"
    assert record["other_recipients"] == {
        "count": 1,
        "domains": ["childrens.example.gov.uk"],
        "addresses": ["duty@childrens.example.gov.uk"],
    }
    assert "x" * 3000 in json.dumps(record["answers"])
    assert "Shoe size" in json.dumps(record["unrecognised"])


def test_an_alert_is_the_same_each_time() -> None:
    [case] = cases(reading(form(ANSWERS)))
    assert alert(case) == alert(case)


def test_a_vanished_message_is_told_to_everybody() -> None:
    many = stationery(to=("one@example.police.uk", "two@example.police.uk"))
    ids = iter("ab")
    owed = compose.vanished_alerts(many, "gateway", new_id=lambda: next(ids) * 32, now=NOW)
    assert [each.recipient for each in owed] == ["one@example.police.uk", "two@example.police.uk"]
    assert all(each.reference is None for each in owed)
    assert "went away before it could be read" in text_of(owed[0])
    fit_to_be_sent(owed[0].body)


@settings(max_examples=40)
@given(st.text(st.characters(), max_size=100))
def test_whatever_was_typed_the_alert_can_be_sent(typed: str) -> None:
    [case] = cases(reading(form({"concerns.description": typed})))
    owed = alert(case, personal=True)
    fit_to_be_sent(owed.body)
    assert json.dumps(typed) in json.dumps(record_of(owed)["answers"])
