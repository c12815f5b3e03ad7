from __future__ import annotations

import pytest

from intake.mail.message import parse
from intake.mail.model import Authenticity, Machine, Verdict, Withheld
from intake.mail.screening import screen
from tests.unit.builders import is_own
from tests.unit.mime import TEXT, mail, multipart

REPORT = 'Content-Type: multipart/report; report-type="{}"; boundary=b\n\n--b\n\nhi\n--b--\n'


def verdict(
    raw: bytes,
    *,
    holds: bool = False,
    acknowledge: bool = True,
    authenticity: Authenticity = Authenticity.PASS,
    stale: bool = False,
) -> Verdict:
    return screen(
        parse(raw),
        is_own=is_own,
        mark="EX",
        holds_form_or_unreadable=holds,
        acknowledge=acknowledge,
        authenticity=authenticity,
        stale=stale,
    )


def sent(*fields: str, sender: str | None = None) -> bytes:
    raw = mail(multipart(TEXT), *fields)
    return (
        raw
        if sender is None
        else raw.replace(b"rowan@school.example.org>\nTo", sender.encode() + b">\nTo")
    )


# A person's message


def test_a_persons_message_is_acknowledged_to_its_sender() -> None:
    said = verdict(sent("Return-Path: <rowan@school.example.org>"))
    assert said.machine is None
    assert said.withheld is None
    assert said.reply_to == "rowan@school.example.org"


def test_the_acknowledgement_goes_to_the_sender_and_never_where_replies_are_asked_to_go() -> None:
    said = verdict(sent("Reply-To: other@example.org", "Sender: third@example.org"))
    assert said.reply_to == "rowan@school.example.org"


@pytest.mark.parametrize("authenticity", [Authenticity.NONE, Authenticity.UNKNOWN])
def test_a_sender_nobody_vouches_for_is_acknowledged(authenticity: Authenticity) -> None:
    assert verdict(sent(), authenticity=authenticity).withheld is None


# Whether it is acknowledged


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (sent("Return-Path: <>"), Withheld.BOUNCE),
        (sent("Auto-Submitted: auto-replied"), Withheld.AUTO_SUBMITTED),
        (sent("Auto-Submitted: auto-generated (web form)"), Withheld.AUTO_SUBMITTED),
        (sent("Auto-Submitted: auto-notified; owner-email=x"), Withheld.AUTO_SUBMITTED),
        (sent("Auto-Submitted: "), Withheld.AUTO_SUBMITTED),
        (sent("Auto-Submitted: no", "Auto-Submitted: no"), Withheld.AUTO_SUBMITTED),
        (sent("X-Auto-Response-Suppress: DR, OOF, AutoReply"), Withheld.AUTO_SUBMITTED),
        (sent("X-Auto-Response-Suppress: all"), Withheld.AUTO_SUBMITTED),
        (sent("X-Loop: example"), Withheld.AUTO_SUBMITTED),
        (sent("X-FC-MachineGenerated: true"), Withheld.AUTO_SUBMITTED),
        (sent("X-Referral-Intake: EX"), Withheld.AUTO_SUBMITTED),
        (sent("List-Id: <heads.example.org>"), Withheld.LIST),
        (sent("List-Unsubscribe: <mailto:leave@example.org>"), Withheld.LIST),
        (sent("Precedence: bulk"), Withheld.LIST),
        (sent("Precedence: List"), Withheld.LIST),
        (sent("Precedence: junk"), Withheld.LIST),
        (sent(sender="gateway@example.police.uk"), Withheld.OWN_ADDRESS),
        (sent(sender="gateway@example.pnn.police.uk"), Withheld.OWN_ADDRESS),
        (sent(sender=""), Withheld.NO_RETURN_ADDRESS),
        (sent(sender="a@b.example>, <c@d.example"), Withheld.NO_RETURN_ADDRESS),
        (sent("From: alex@school.example.org"), Withheld.NO_RETURN_ADDRESS),
        (sent(sender="no-reply@forms.example.gov.uk"), Withheld.NO_RETURN_ADDRESS),
        (sent(sender="donotreply@example.gov.uk"), Withheld.NO_RETURN_ADDRESS),
        (sent(sender="heads-request@example.org"), Withheld.NO_RETURN_ADDRESS),
        (sent(sender="bounces+1=a@example.org"), Withheld.NO_RETURN_ADDRESS),
    ],
)
def test_a_receipt_is_withheld_and_the_case_opened_all_the_same(raw: bytes, why: Withheld) -> None:
    said = verdict(raw, holds=True)
    assert said.machine is None
    assert said.withheld is why
    assert said.reply_to is None


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: no",
        "Auto-Submitted: No (typed by a person)",
        "Auto-Submitted: no; x=y",
        "X-Auto-Response-Suppress: None",
        "X-Auto-Response-Suppress: DR, RN",
        "Precedence: first-class",
        "Reply-To: no-reply@example.org",
        "X-Autoreply: no",
        "X-Referral-Intake: NW",
    ],
)
def test_what_says_nothing_against_a_receipt_withholds_none(field: str) -> None:
    assert verdict(sent(field)).withheld is None


def test_a_sender_who_failed_authentication_gets_no_receipt() -> None:
    assert (
        verdict(sent(), authenticity=Authenticity.FAIL).withheld is Withheld.AUTHENTICATION_FAILED
    )


def test_an_old_message_gets_no_receipt() -> None:
    assert verdict(sent(), stale=True).withheld is Withheld.STALE


def test_receipts_may_be_switched_off() -> None:
    said = verdict(sent(), acknowledge=False)
    assert said.withheld is Withheld.DISABLED
    assert said.machine is None


def test_the_first_reason_in_the_documented_order_counts() -> None:
    raw = sent("Return-Path: <>", "Auto-Submitted: auto-replied", "Precedence: bulk")
    assert verdict(raw, authenticity=Authenticity.FAIL, stale=True).withheld is Withheld.BOUNCE
    assert verdict(sent(), authenticity=Authenticity.FAIL, stale=True).withheld is (
        Withheld.AUTHENTICATION_FAILED
    )


# Whether it opens a case

MACHINES = [
    (mail(REPORT.format("delivery-status").encode()), Machine.BOUNCE),
    (mail(REPORT.format("feedback-report").encode()), Machine.BOUNCE),
    (mail(REPORT.format("disposition-notification").encode()), Machine.RECEIPT),
    (mail(REPORT.format("Disposition-Notification").encode()), Machine.RECEIPT),
    (sent("Return-Path: <>", sender="MAILER-DAEMON@mx.example.org"), Machine.BOUNCE),
    (sent("Return-Path: <>", sender="postmaster@school.example.org"), Machine.BOUNCE),
    (sent("Auto-Submitted: auto-replied"), Machine.AUTO_REPLY),
    (sent("Auto-Submitted: auto-replied (vacation)"), Machine.AUTO_REPLY),
    (sent("Precedence: auto_reply"), Machine.AUTO_REPLY),
    (sent("X-Autoreply: yes"), Machine.AUTO_REPLY),
    (sent("X-Autorespond: Thank you"), Machine.AUTO_REPLY),
    (
        sent("Auto-Submitted: auto-generated", "Subject: Automatic reply: Referral"),
        Machine.AUTO_REPLY,
    ),
    (
        sent("Auto-Submitted: auto-generated", "Subject: =?utf-8?q?Ateb_awtomatig:_x?="),
        Machine.AUTO_REPLY,
    ),
    (
        sent("Return-Path: <>", "Auto-Submitted: auto-generated", "In-Reply-To: <ack.1@x.example>"),
        Machine.AUTO_REPLY,
    ),
    (sent("X-Referral-Intake: EX"), Machine.OWN_MESSAGE),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "kind"), MACHINES)
def test_a_machines_message_opens_no_case_and_is_never_answered(raw: bytes, kind: Machine) -> None:
    said = verdict(raw)
    assert said.machine is kind
    assert said.withheld is not None


@pytest.mark.parametrize(("raw", "kind"), MACHINES)
def test_a_machines_message_with_a_form_is_a_referral_without_a_receipt(
    raw: bytes, kind: Machine
) -> None:
    said = verdict(raw, holds=True)
    assert said.machine is None, kind
    assert said.withheld in (Withheld.BOUNCE, Withheld.AUTO_SUBMITTED)


def test_a_bounce_that_could_not_be_looked_at_in_full_is_a_case_without_a_receipt() -> None:
    said = verdict(mail(REPORT.format("delivery-status").replace("--b--", "").encode()))
    assert said.machine is None
    assert said.withheld is Withheld.BOUNCE


@pytest.mark.parametrize(
    "raw",
    [
        sent("Auto-Submitted: auto-generated", sender="no-reply@forms.example.gov.uk"),
        sent("Auto-Submitted: auto-generated", "References: <thread@forms.example.gov.uk>"),
        sent("Return-Path: <>", sender="forms@example.gov.uk"),
        sent("Return-Path: <>", sender=""),
        sent("Return-Path: <>", "From: a@b.example"),
        sent("List-Id: <heads.example.org>", "Precedence: bulk"),
        mail(b"Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n"),
        sent("X-Spam-Flag: YES"),
        sent(sender="officer@example.police.uk"),
        sent("Subject: Out of office"),
        sent("Auto-Submitted: auto-notified"),
        mail(b"Content-Type: multipart/report; boundary=b\n\n--b\n\nhi\n--b--\n"),
        mail(multipart(TEXT, b"Content-Type: message/delivery-status\n\nStatus: 5.1.1\n")),
        b"Hello",
        b"",
    ],
)
def test_whatever_a_person_may_have_sent_is_a_case(raw: bytes) -> None:
    assert verdict(raw).machine is None
