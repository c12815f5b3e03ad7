"""The whole job on real servers: a referral comes in by SMTP, and everybody is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.gateway import Gateway, text_of
from tests.samples import form, messages, people
from tests.servers.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.mail_loop import MailLoop


def referral(gateway: Gateway, referrer: str) -> bytes:
    answers = people.ADULT | {"referrer.email_address": referrer}
    return messages.mail(
        sender=f"Sam Sample <{referrer}>",
        to=gateway.user,
        attachments=[("Prevent referral.pdf", form.fillable(answers))],
    )


def everything_is_there(gateway: Gateway, referrer: str) -> None:
    (case,) = gateway.records("cases", "list")
    reference = case["reference"]
    assert case["status"] == "recorded"
    assert (case["readability"], case["forms"], case["missing"]) == ("full", 1, [])
    assert case["acknowledgement"] == {"status": "sent", "reason": None}
    assert case["alerts"] == [{"channel": "triage-email", "status": "sent"}]
    (receipt,) = gateway.mail_of(referrer)
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["To"] == referrer
    assert reference in receipt["Subject"]
    assert "could be read" in text_of(receipt)
    assert "999" in text_of(receipt)
    (alert,) = gateway.mail_of(gateway.triage)
    assert alert["Auto-Submitted"] == "auto-generated"
    assert reference in alert["Subject"]
    (attached,) = alert.iter_attachments()
    told = json.loads(attached.get_content())
    assert (told["reference"], told["age_group"]) == (reference, "adult")
    assert told["readability"] == "full"
    assert gateway.inbox() == []
    (filed,) = gateway.folder("Intake/Filed")
    assert b"Prevent referral.pdf" in filed
    (message,) = gateway.records("messages", "list")
    assert (message["state"], message["case"]) == ("recorded", reference)
    assert message["filed_to"] == "Intake/Filed"
    shown = gateway.case(reference)
    (document,) = shown["documents"]
    (read,) = document["forms"]
    assert read["fields"]["individual.surname"]["value"] == "Okafor-Lind"
    assert (document["name"], document["part"]) == ("Prevent referral.pdf", "2")
    verified = gateway.command("verify")
    assert verified.returncode == 0, verified.stdout


def test_the_worker_hears_of_a_referral_and_does_the_whole_job(
    gateway: Gateway, referrer: str
) -> None:
    with gateway.worker():
        gateway.receive(referral(gateway, referrer), referrer)
        # The poll interval is an hour: this was IDLE.
        eventually(lambda: gateway.mail_of(referrer), "the sender has a receipt", timeout=30)
        eventually(
            lambda: gateway.folder("Intake/Filed") and not gateway.inbox(), "the message is filed"
        )
    everything_is_there(gateway, referrer)


def test_poll_does_the_whole_job_once(gateway: Gateway, referrer: str) -> None:
    gateway.receive(referral(gateway, referrer), referrer)
    eventually(gateway.inbox, "the message has arrived")
    polled = gateway.command("poll")
    assert polled.returncode == 0, polled.stderr
    again = gateway.command("poll")
    assert again.returncode == 0, again.stderr
    everything_is_there(gateway, referrer)


def test_the_whole_job_on_postgresql(
    tmp_path: Path, mail_loop: MailLoop, mailbox_user: str, postgres_url: str, referrer: str
) -> None:
    gateway = Gateway(tmp_path, mail_loop, mailbox_user, database=postgres_url)
    gateway.receive(referral(gateway, referrer), referrer)
    eventually(gateway.inbox, "the message has arrived")
    refused = gateway.command("poll")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "db upgrade" in refused.stderr
    assert gateway.command("db", "upgrade").returncode == 0
    polled = gateway.command("poll")
    assert polled.returncode == 0, polled.stderr
    everything_is_there(gateway, referrer)


@pytest.mark.parametrize(
    ("sample", "reason", "age_group"),
    [
        (lambda: form.password_protected(people.ADULT), "password", None),
        (form.scanned, "scanned", None),
        (lambda: b"%PDF-1.7\n" + b"nothing of a document" * 50, "damaged", None),
    ],
)
def test_what_cannot_be_read_is_a_case_and_an_alert_all_the_same(
    gateway: Gateway, referrer: str, sample: Any, reason: str, age_group: None
) -> None:
    raw = messages.mail(sender=referrer, to=gateway.user, attachments=[("form.pdf", sample())])
    gateway.receive(raw, referrer)
    eventually(gateway.inbox, "the message has arrived")
    assert gateway.command("poll").returncode == 0
    (case,) = gateway.records("cases", "list")
    assert (case["status"], case["readability"]) == ("needs_review", "none")
    assert {"no_form", "unreadable"} <= set(case["flags"])
    (alert,) = gateway.mail_of(gateway.triage)
    assert "NOT READ" in alert["Subject"]
    (attached,) = alert.iter_attachments()
    told = json.loads(attached.get_content())
    assert (told["reason"], told["age_group"]) == (reason, age_group)
    (receipt,) = gateway.mail_of(referrer)
    assert "could not be read" in text_of(receipt)
    assert len(gateway.folder("Intake/Attention")) == 1
    assert gateway.inbox() == []
