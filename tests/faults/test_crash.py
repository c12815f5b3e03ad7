"""The worker is killed after every step of the path, on real servers, and nothing is lost."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.samples import form, messages, people
from tests.servers.waiting import eventually

if TYPE_CHECKING:
    from tests.acceptance.gateway import Gateway

ALERT, RECEIPT = 1, 2
"""Which delivery is under way: alerts go first."""
STEPS = [
    ("seen", 1),
    ("original_kept", 1),
    ("accepted", 1),
    ("understood", 1),
    ("composed", 1),
    ("recorded", 1),
    ("moved", 1),
    ("filed", 1),
    *(
        (step, which)
        for which in (ALERT, RECEIPT)
        for step in ("claimed", "entering_data", "handed_over", "sent")
    ),
]
"""The steps of docs/how-it-works.md, each a place where the process may end."""


def referral(gateway: Gateway, referrer: str) -> bytes:
    return messages.mail(
        sender=referrer,
        to=gateway.user,
        attachments=[("form.pdf", form.fillable(people.CHILD))],
    )


def words(gateway: Gateway, step: str, count: int) -> list[str]:
    steps = gateway.config.parent / "steps"
    config = str(gateway.config)
    return [
        sys.executable,
        "-m",
        "tests.faults.killed_worker",
        config,
        step,
        str(count),
        str(steps),
    ]


def test_the_list_of_steps_is_complete(gateway: Gateway, referrer: str) -> None:
    gateway.receive(referral(gateway, referrer), referrer)
    with gateway.started(words(gateway, "none", 1)) as (process, log):
        eventually(lambda: gateway.mail_of(referrer), "the sender has a receipt", timeout=30)
        eventually(lambda: log.read_text().count("delivery_sent") == RECEIPT, "both are noted")
        eventually(lambda: "message_filed" in log.read_text(), "the message is filed")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    done = (gateway.config.parent / "steps").read_text().split()
    assert sorted(done) == sorted(step for step, _ in STEPS)


@pytest.mark.parametrize(("step", "count"), STEPS)
def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(
    gateway: Gateway, referrer: str, step: str, count: int
) -> None:
    gateway.receive(referral(gateway, referrer), referrer)
    with gateway.started(words(gateway, step, count)) as (process, log):
        assert process.wait(60) == -signal.SIGKILL, log.read_text()
    gateway.deliver_everything()
    (case,) = gateway.cases()
    assert case["acknowledgement"]["status"] == "sent"
    assert [alert["status"] for alert in case["alerts"]] == ["sent"]
    receipts = gateway.mail_of(referrer)
    assert len({receipt["Message-ID"] for receipt in receipts}) == 1
    alerts = gateway.mail_of(gateway.triage)
    assert len({alert["Message-ID"] for alert in alerts}) == 1
    # Only a try that was cut off between the server's answer and our note of it comes twice, as
    # the identical bytes: nobody can know of it.
    assert len(receipts) == (2 if (step, count) == ("handed_over", RECEIPT) else 1)
    assert len(alerts) == (2 if (step, count) == ("handed_over", ALERT) else 1)
    assert gateway.inbox() == []
    assert len(gateway.folder("Intake/Filed")) == 1
    verified = gateway.command("verify")
    assert verified.returncode == 0, verified.stdout
