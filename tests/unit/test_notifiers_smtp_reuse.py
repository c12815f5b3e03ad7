"""One connection serves many notifications, and a stale one costs none."""

# ruff: noqa: F811, F401 - fixtures are imported, and taken by their names
from __future__ import annotations

from typing import Any

import pytest

from notifiers.smtp_settings import Reuse, Timeouts
from tests.unit.notifiers_smtp_rig import (
    BODY,
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
from tests.unit.notifiers_smtp_server import DROP, HANG, ScriptedSmtp


def test_a_connection_serves_the_next_notification_too(tower: Tower, server: ScriptedSmtp) -> None:
    notifier = tower.to(server, login=True)
    for _ in range(3):
        notifier.send(a_notification(), nothing)
    assert (server.connections, server.verbs.count("AUTH")) == (1, 1)
    assert server.received == [BODY] * 3


@pytest.mark.parametrize("verb", ["RCPT", "DATA", "DOT"])
def test_after_a_refusal_the_connection_serves_the_next(
    tower: Tower, server: ScriptedSmtp, verb: str
) -> None:
    server.on(verb, "550 5.7.1 no")
    notifier = tower.to(server)
    failure(notifier)
    notifier.send(a_notification(), nothing)
    assert server.connections == 1


def test_a_connection_is_left_after_so_many_messages(tower: Tower, server: ScriptedSmtp) -> None:
    notifier = tower.to(server, reuse=Reuse(messages=2))
    for _ in range(5):
        notifier.send(a_notification(), nothing)
    assert (server.connections, server.verbs.count("QUIT")) == (3, 2)


def test_a_connection_is_left_after_so_long_a_silence(tower: Tower, server: ScriptedSmtp) -> None:
    now = [0.0]
    notifier = tower.to(server, reuse=Reuse(idle=30), clock=lambda: now[0])
    for pause, connections in ((0.0, 1), (29.0, 1), (31.0, 2)):
        now[0] += pause
        notifier.send(a_notification(), nothing)
        assert server.connections == connections


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("MAIL", DROP),
        ("MAIL", HANG),
        ("MAIL", "421 4.4.2 idle"),
        ("MAIL", "503 5.5.1 log in"),
    ],
)
def test_a_stale_connection_is_replaced_within_the_same_try(
    tower: Tower, server: ScriptedSmtp, verb: str, answer: str
) -> None:
    notifier = tower.to(server, timeouts=Timeouts(reused=0.2))
    notifier.send(a_notification(), nothing)
    server.on(verb, answer)
    called: list[int] = []
    notifier.send(a_notification(body=b"second\r\n"), lambda: called.append(1))
    assert called == [1]
    assert server.received == [BODY, b"second\r\n"]
    assert server.connections == 2


@pytest.mark.parametrize("answer", [DROP, HANG, "421 4.4.2 idle", "500 what"])
def test_a_connection_that_forgets_no_refused_envelope_is_replaced(
    tower: Tower, server: ScriptedSmtp, answer: str
) -> None:
    notifier = tower.to(server, timeouts=Timeouts(reused=0.2))
    server.on("RCPT", "550 5.1.1 no such user")
    failure(notifier)
    server.on("RSET", answer)
    notifier.send(a_notification(), nothing)
    assert (server.received, server.connections) == ([BODY], 2)


def test_an_envelope_is_taken_back_only_where_it_stayed_open(
    tower: Tower, server: ScriptedSmtp
) -> None:
    notifier = tower.to(server)
    notifier.send(a_notification(), nothing)
    notifier.send(a_notification(), nothing)
    assert "RSET" not in server.verbs
    server.on("RCPT", "550 5.1.1 no such user")
    failure(notifier)
    notifier.send(a_notification(), nothing)
    assert server.verbs.count("RSET") == 1
    notifier.send(a_notification(), nothing)
    assert server.verbs.count("RSET") == 1


@pytest.mark.parametrize("tls", ["none", "implicit", "starttls"])
def test_a_connection_the_server_has_left_is_replaced(tower: Tower, tls: Any) -> None:
    with ScriptedSmtp(tls, tower.certified) as server:
        notifier = tower.to(server)
        notifier.send(a_notification(), nothing)
        server.hang_up()
        notifier.send(a_notification(body=b"second\r\n"), nothing)
        assert server.received == [BODY, b"second\r\n"]


def test_a_stale_connection_is_replaced_only_once(tower: Tower, server: ScriptedSmtp) -> None:
    notifier = tower.to(server)
    notifier.send(a_notification(), nothing)
    server.on("MAIL", DROP, DROP)
    assert told(failure(notifier, before_data=Never())) == ("unreachable", False, LANE)
    assert server.connections == 2


def test_a_refused_sender_is_not_mistaken_for_a_stale_connection(
    tower: Tower, server: ScriptedSmtp
) -> None:
    notifier = tower.to(server)
    notifier.send(a_notification(), nothing)
    server.on("MAIL", "550 5.2.251 throttled")
    assert failure(notifier).code == "sender-refused 550 5.2.251"
    assert server.connections == 1


def test_a_farewell_that_came_in_between_is_no_answer(tower: Tower, server: ScriptedSmtp) -> None:
    server.on("DOT", "250 2.0.0 taken\r\n421 4.4.2 bye")
    notifier = tower.to(server)
    assert notifier.send(a_notification(), nothing).reply == "250 2.0.0 taken"
    notifier.send(a_notification(), nothing)
    assert server.connections == 2


def test_what_is_said_between_two_sends_answers_nothing(tower: Tower, server: ScriptedSmtp) -> None:
    notifier = tower.to(server)
    notifier.send(a_notification(), nothing)
    server.delay = 0.02
    server.blurt("250 by the way")
    server.on("RCPT", "550 5.1.1 no such user")
    assert failure(notifier, before_data=Never()).code == "550 5.1.1"


def test_a_server_that_says_too_much_is_not_used_again(tower: Tower, server: ScriptedSmtp) -> None:
    server.on("DOT", "250 2.0.0 taken\r\n250 taken again")
    notifier = tower.to(server)
    notifier.send(a_notification(), nothing)
    notifier.send(a_notification(), nothing)
    assert (server.connections, len(server.received)) == (2, 2)


def test_a_server_out_of_step_is_not_given_the_data(tower: Tower, server: ScriptedSmtp) -> None:
    server.on("MAIL", "250 ok\r\n250 again")
    server.on("RCPT", "550 5.1.1 no such user")
    error = failure(tower.to(server), before_data=Never())
    assert told(error) == ("protocol-error", False, LANE)
