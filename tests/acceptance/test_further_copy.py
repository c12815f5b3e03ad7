"""A form that reaches the gateway twice, directly and forwarded by a council."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.gateway import Gateway, text_of
from tests.samples import form, messages, people
from tests.servers.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.mail_loop import MailLoop


@pytest.fixture(params=["sqlite", "postgresql"])
def any_gateway(
    request: pytest.FixtureRequest, tmp_path: Path, mail_loop: MailLoop, mailbox_user: str
) -> Gateway:
    """A gateway over each database."""
    if request.param == "sqlite":
        return Gateway(tmp_path, mail_loop, mailbox_user)
    url: str = request.getfixturevalue("postgres_url")
    gateway = Gateway(tmp_path, mail_loop, mailbox_user, database=url)
    assert gateway.command("db", "upgrade").returncode == 0
    return gateway


def test_the_same_form_twice_is_one_case_told_twice(any_gateway: Gateway, referrer: str) -> None:
    gateway, council = any_gateway, f"duty-{referrer}"
    answers = people.somebody_else()
    for sender, document in (
        (referrer, form.fillable(answers)),
        (council, form.flattened(answers)),
    ):
        raw = messages.mail(sender=sender, to=gateway.user, attachments=[("form.pdf", document)])
        gateway.receive(raw, sender)
        eventually(gateway.inbox, "the message has arrived")
        assert gateway.command("poll").returncode == 0
    (case,) = gateway.cases()
    first, second = gateway.records("messages", "list")
    assert (first["state"], second["state"]) == ("recorded", "duplicate")
    assert second["case"] == case["reference"]
    for sender in (referrer, council):
        (receipt,) = gateway.mail_of(sender)
        assert case["reference"] in receipt["Subject"]
        assert "already received" not in text_of(receipt)
    _, copy = gateway.mail_of(gateway.triage)
    assert "Further copy" in copy["Subject"]
    assert len(gateway.folder("Intake/Filed")) == 2
    assert gateway.command("verify").returncode == 0
