"""Doorbells on a server whose every word comes at the wrong moment."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.faults.listening import bell, listening
from tests.faults.scripted_imap import ScriptedImap, Talk
from tests.servers.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable


def idles(server: ScriptedImap) -> int:
    return sum(line == "IDLE" for line in server.commands())


def before_the_plus(talk: Talk) -> None:
    talk.line("* 2 EXISTS")
    talk.line("+ idling")
    talk.reader.readline()
    talk.ok()


def in_one_segment_with_the_plus(talk: Talk) -> None:
    talk.send("+ idling\r\n* 2 EXISTS\r\n")
    talk.reader.readline()
    talk.ok()


def in_two_segments(talk: Talk) -> None:
    talk.line("+ idling")
    talk.send("* 2 EX")
    threading.Event().wait(0.3)  # the pause is the point: the line arrives in two pieces
    talk.line("ISTS")
    talk.reader.readline()
    talk.ok()


def half_a_line_for_ever(talk: Talk) -> None:
    talk.line("+ idling")
    talk.send("* 2 EX")
    talk.reader.readline()


def nothing_but_an_end(talk: Talk) -> None:
    talk.line("+ idling")
    talk.hang_up()


def an_end_before_the_plus(talk: Talk) -> None:
    talk.hang_up()


def goodbye(talk: Talk) -> None:
    talk.line("+ idling")
    talk.line("* BYE Session invalidated - AccessTokenExpired")
    talk.hang_up()


def with_the_answer_to_done(talk: Talk) -> None:
    talk.line("+ idling")
    talk.reader.readline()
    talk.line("* 2 EXISTS")
    talk.ok()


def refusal(talk: Talk) -> None:
    talk.no("[LIMIT] not now")


def no_plus(talk: Talk) -> None:
    talk.ok("what is IDLE?")


def garbage(talk: Talk) -> None:
    talk.send(b"\x00\xff\xfe {99999999999}\r\n")


WORDS = (
    before_the_plus,
    in_one_segment_with_the_plus,
    in_two_segments,
    half_a_line_for_ever,
    nothing_but_an_end,
    an_end_before_the_plus,
    goodbye,
    with_the_answer_to_done,
    refusal,
    no_plus,
    garbage,
)


@pytest.mark.parametrize("odd", WORDS)
def test_whatever_is_said_or_not_said_rings_and_heals(odd: Callable[[Talk], None]) -> None:
    with ScriptedImap() as server:
        server.answers["IDLE"] = odd
        account = server.account(read_seconds=1)
        with listening(bell(account, round_seconds=1, call_seconds=3)) as rings:
            rings.next("it has connected")
            rings.next("something was said")
            before = idles(server)
            server.answers["IDLE"] = in_one_segment_with_the_plus
            eventually(lambda: idles(server) > before, "it goes on listening")
            rings.next("mail")


@pytest.mark.parametrize("odd", [nothing_but_an_end, refusal])
def test_a_server_that_always_ends_it_is_not_hammered(odd: Callable[[Talk], None]) -> None:
    with ScriptedImap() as server:
        server.answers["IDLE"] = odd
        with listening(bell(server.account(), pauses=(0.2, 0.4, 0.8))) as rings:
            eventually(lambda: server.connections >= 2, "it tries again")
            rings.stop.wait(1)
            assert server.connections < 8


def test_a_server_without_idle_rings_once_and_is_left_alone() -> None:
    with ScriptedImap(capabilities="IMAP4rev1 AUTH=PLAIN MOVE") as server:
        with listening(bell(server.account())) as rings:
            rings.next("it has connected")
            rings.stop.wait(0.5)
            assert rings.count == 1
            assert server.connections == 1
        assert idles(server) == 0


@pytest.mark.parametrize("command", ["AUTHENTICATE", "SELECT", "CAPABILITY"])
def test_a_door_that_does_not_open_does_not_ring(command: str) -> None:
    with ScriptedImap() as server:
        server.answers[command] = Talk.no
        with listening(bell(server.account())) as rings:
            eventually(lambda: server.connections >= 3, "it tries again and again")
            assert rings.count == 0
            del server.answers[command]
            rings.next("it has connected")


def test_a_refused_log_in_is_not_repeated_until_the_account_is_locked() -> None:
    with ScriptedImap() as server:
        server.answers["AUTHENTICATE"] = Talk.no
        with listening(bell(server.account(), permanent_pause=60.0)) as rings:
            eventually(lambda: server.connections == 1, "it tries")
            rings.stop.wait(1.0)
            assert server.connections == 1


def test_it_reads_nothing_and_changes_nothing() -> None:
    with ScriptedImap(messages={1: b"a"}) as server:
        server.answers["IDLE"] = in_one_segment_with_the_plus
        with listening(bell(server.account())) as rings:
            rings.next("it has connected")
            rings.next("mail")
        verbs = {line.split(" ")[0] for line in server.commands()}
        assert verbs <= {
            "CAPABILITY", "AUTHENTICATE", "NAMESPACE", "SELECT", "IDLE", "DONE", "LOGOUT",
            "AGdhdGV3YXkAY29ycmVjdCBob3JzZQ==", "",
        }  # fmt: skip
