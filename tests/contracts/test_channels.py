"""What is true of every channel."""

from __future__ import annotations

import contextlib
import ssl
from typing import TYPE_CHECKING, Protocol

import pytest
import trustme

from notifiers.base import Accepted, DeliveryError, Notification, Notifier, OutcomeUnknownError
from notifiers.recording import RecordingNotifier
from notifiers.smtp import SmtpNotifier
from notifiers.smtp_settings import Timeouts
from tests.unit.notifiers_smtp_server import DROP, ScriptedSmtp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECIPIENT = "canary.recipient@example.org"
SENDER = "canary.sender@example.org"
PASSWORD = "canary-password"
BODY = b"Subject: Alert\r\n\r\ncanary-body\r\n.\r\n..dots\r\n"
CANARIES = ("canary", "Y2FuYXJ5", "example.org")  # the second is "canary" as AUTH would send it


class Rig(Protocol):
    """A channel with its other side."""

    notifier: Notifier

    def next_is(self, outcome: str) -> None: ...

    def received(self) -> list[bytes]: ...


class RecordingRig:
    def __init__(self) -> None:
        self.recording = RecordingNotifier()
        self.notifier: Notifier = self.recording

    def next_is(self, outcome: str) -> None:
        script: dict[str, Accepted | DeliveryError | OutcomeUnknownError] = {
            "accepted": Accepted(reply="250 taken"),
            "later": DeliveryError("451 4.7.1", permanent=False),
            "refused": DeliveryError("550 5.1.1", permanent=True),
            "unknown": OutcomeUnknownError("outcome-unknown"),
        }
        self.recording.outcomes.append(script[outcome])

    def received(self) -> list[bytes]:
        return [notification.body for notification in self.recording.received]


class SmtpRig:
    def __init__(self, server: ScriptedSmtp, ca_file: Path) -> None:
        self.server = server
        self.notifier: Notifier = SmtpNotifier(
            host="localhost",
            port=server.port,
            tls="starttls",
            ca_file=ca_file,
            username="canary-user",
            password=lambda: PASSWORD,
            helo="gateway.test",
            timeouts=Timeouts(connect=10, command=10, data=10),
        )

    def next_is(self, outcome: str) -> None:
        verb, answer = {
            "accepted": ("DOT", f"250 2.0.0 taken for <{RECIPIENT}>"),
            "later": ("RCPT", f"451 4.7.1 <{RECIPIENT}>: greylisted"),
            "refused": ("RCPT", f"550 5.1.1 {RECIPIENT}: no such user"),
            "unknown": ("DOT", DROP),
        }[outcome]
        self.server.on(verb, answer)

    def received(self) -> list[bytes]:
        return self.server.received


@pytest.fixture(params=["recording", "smtp"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    if request.param == "recording":
        yield RecordingRig()
        return
    ca = trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    with ScriptedSmtp("starttls", context) as server:
        smtp = SmtpRig(server, tmp_path / "ca.pem")
        try:
            yield smtp
        finally:
            smtp.notifier.close()


def a_notification() -> Notification:
    return Notification(id="delivery-1", body=BODY, sender=SENDER, recipient=RECIPIENT)


class Entered:
    """A `before_data` that notes what the other side had received when it was called."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self.seen: list[int] = []

    def __call__(self) -> None:
        self.seen.append(len(self._rig.received()))


def test_what_is_accepted_arrived_byte_for_byte(rig: Rig) -> None:
    rig.next_is("accepted")
    entered = Entered(rig)
    accepted = rig.notifier.send(a_notification(), entered)
    assert rig.received() == [BODY]
    assert entered.seen == [0]
    assert accepted.reply.startswith("250")
    assert not any(canary in accepted.reply for canary in CANARIES)


@pytest.mark.parametrize(("outcome", "permanent"), [("later", False), ("refused", True)])
def test_what_is_refused_did_not_arrive(rig: Rig, outcome: str, permanent: bool) -> None:  # noqa: FBT001
    rig.next_is(outcome)
    with pytest.raises(DeliveryError) as caught:
        rig.notifier.send(a_notification(), Entered(rig))
    assert caught.value.permanent is permanent
    assert rig.received() == []


def test_an_unknown_outcome_is_neither_success_nor_refusal(rig: Rig) -> None:
    rig.next_is("unknown")
    entered = Entered(rig)
    with pytest.raises(OutcomeUnknownError):
        rig.notifier.send(a_notification(), entered)
    assert entered.seen == [0]


@pytest.mark.parametrize("outcome", ["accepted", "later", "refused", "unknown"])
def test_the_next_notification_is_not_concerned(rig: Rig, outcome: str) -> None:
    rig.next_is(outcome)
    with contextlib.suppress(DeliveryError, OutcomeUnknownError):
        rig.notifier.send(a_notification(), Entered(rig))
    before = len(rig.received())
    entered = Entered(rig)
    rig.notifier.send(a_notification(), entered)
    assert entered.seen == [before]
    assert len(rig.received()) == before + 1


@pytest.mark.parametrize("problem", [RuntimeError("lease lost"), KeyboardInterrupt()])
def test_what_before_data_raises_comes_out_unchanged_and_nothing_is_sent(
    rig: Rig, problem: BaseException
) -> None:
    def refuse() -> None:
        raise problem

    with pytest.raises(type(problem)) as caught:
        rig.notifier.send(a_notification(), refuse)
    assert caught.value is problem
    assert rig.received() == []
    rig.notifier.send(a_notification(), Entered(rig))
    assert rig.received() == [BODY]


@pytest.mark.parametrize("outcome", ["later", "refused", "unknown"])
def test_errors_hold_nothing_personal_and_no_secret(rig: Rig, outcome: str) -> None:
    rig.next_is(outcome)
    with pytest.raises((DeliveryError, OutcomeUnknownError)) as caught:
        rig.notifier.send(a_notification(), Entered(rig))
    error: BaseException = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    told = f"{error} {error!r} {error.args} {vars(error)} {rig.notifier!r}"
    assert not any(canary in told for canary in CANARIES)


def test_a_check_sends_nothing(rig: Rig) -> None:
    rig.notifier.check()
    assert rig.received() == []


def test_a_closed_channel_opens_again_at_the_next_send(rig: Rig) -> None:
    rig.notifier.close()
    rig.notifier.send(a_notification(), Entered(rig))
    rig.notifier.close()
    rig.notifier.close()
    rig.notifier.send(a_notification(), Entered(rig))
    assert rig.received() == [BODY, BODY]
