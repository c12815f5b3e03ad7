"""Success is told at once, and letting go is bounded."""

# ruff: noqa: F811, F401 - fixtures are imported, and taken by their names
from __future__ import annotations

import signal
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from notifiers.base import DeliveryError
from notifiers.smtp import SmtpNotifier
from notifiers.smtp_settings import Timeouts
from tests.unit.notifiers_smtp_rig import (
    LANE,
    Never,
    Tower,
    a_notification,
    certificates,
    failure,
    nothing,
    server,
    told,
    tower,
)

if TYPE_CHECKING:
    from notifiers.smtp_settings import Tls

from tests.unit.notifiers_smtp_server import DROP, HANG, TRICKLE, ScriptedSmtp


def test_the_reply_holds_no_address(tower: Tower, server: ScriptedSmtp) -> None:
    said = "250-2.0.0 ok a.b@canary.test\r\n250 queued as <x@canary> é \x1b[1m"
    server.on("DOT", said + "y" * 300)
    reply = tower.to(server).send(a_notification(), nothing).reply
    assert reply.startswith("250 2.0.0 ok <…> queued as <…> ? ?[1myyy")
    assert len(reply) == 200


@pytest.mark.parametrize("answer", [HANG, DROP, "500 no", TRICKLE])
@pytest.mark.parametrize("tls", ["none", "implicit"])
def test_a_farewell_unanswered_costs_neither_the_success_nor_time(
    tower: Tower, tls: Any, answer: str
) -> None:
    with ScriptedSmtp(tls, tower.certified) as server:
        server.on("QUIT", answer)
        notifier = tower.to(server)
        assert notifier.send(a_notification(), nothing).reply.startswith("250")
        began = time.monotonic()
        notifier.close()
        assert time.monotonic() - began < 2


def test_closing_says_goodbye(tower: Tower, server: ScriptedSmtp) -> None:
    notifier = tower.to(server)
    notifier.send(a_notification(), nothing)
    notifier.close()
    assert server.verbs[-1] == "QUIT"


def test_when_before_data_raises_the_server_hears_no_data(
    tower: Tower, server: ScriptedSmtp
) -> None:
    with pytest.raises(AssertionError):
        tower.to(server).send(a_notification(), Never())
    assert "DATA" not in server.verbs


def test_a_check_logs_in_and_leaves(tower: Tower, server: ScriptedSmtp) -> None:
    tower.to(server, login=True).check()
    assert server.verbs == ["EHLO", "AUTH", "QUIT"]


def test_a_check_tells_what_is_wrong(tower: Tower, server: ScriptedSmtp) -> None:
    server.on("AUTH", "535 5.7.8 no")
    with pytest.raises(DeliveryError, match=r"login-refused 535 5\.7\.8"):
        tower.to(server, login=True).check()


@pytest.mark.parametrize("verb", ["RCPT", "DOT"])
def test_an_interrupted_send_leaves_nothing_behind(
    tower: Tower, server: ScriptedSmtp, verb: str
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    server.on(verb, HANG)
    notifier = tower.to(server)
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            notifier.send(a_notification(), nothing)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert notifier._client is None
    notifier.send(a_notification(body=b"second\r\n"), nothing)
    assert server.received[-1] == b"second\r\n"
    assert server.connections == 2


def test_a_black_hole_is_given_up(tower: Tower) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        modes: tuple[Tls, ...] = ("none", "implicit")
        for tls in modes:
            notifier = SmtpNotifier(
                host="127.0.0.1",
                port=port,
                tls=tls,
                timeouts=Timeouts(connect=0.2),
            )
            tower.made.append(notifier)
            assert told(failure(notifier)) == ("timeout", False, LANE)
