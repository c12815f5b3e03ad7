"""A worker that is killed at random moments, again and again: a slice of the long run."""

from __future__ import annotations

import contextlib
import os
import random
import secrets
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.samples import form, messages, people

if TYPE_CHECKING:
    from tests.acceptance.gateway import Gateway

SEED = 20261125
MESSAGES = KILLS = int(os.environ.get("KILLS", "12"))
"""`make soak` asks for a thousand of each."""


def test_random_kills_lose_and_double_nothing(gateway: Gateway) -> None:
    chance = random.Random(SEED)
    senders = [f"sender-{secrets.token_hex(6)}@club.example.org" for _ in range(MESSAGES)]
    for sender in senders:
        document = form.fillable(people.somebody_else())
        raw = messages.mail(sender=sender, to=gateway.user, attachments=[("form.pdf", document)])
        gateway.receive(raw, sender)
    words = [sys.executable, "-m", "intake", "run", "--config", str(gateway.config)]
    for _ in range(KILLS):
        with gateway.started(words) as (process, log):
            # From before it has begun to after some messages.
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.7, 2.2))
            assert process.returncode is None, log.read_text()
            process.send_signal(signal.SIGKILL)
    gateway.deliver_everything()
    assert len(gateway.cases()) == MESSAGES
    assert {case["status"] for case in gateway.cases()} == {"recorded"}
    for sender in senders:
        receipts = gateway.mail_of(sender)
        assert len({receipt["Message-ID"] for receipt in receipts}) == 1
        assert len(receipts) <= 2
    alerts = {alert["Message-ID"] for alert in gateway.mail_of(gateway.triage)}
    assert len(alerts) == MESSAGES
    assert gateway.inbox() == []
    verified = gateway.command("verify")
    assert verified.returncode == 0, verified.stdout
