"""IMAP connections that break, stall, drip or lie about sizes."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from typing import TYPE_CHECKING

import pytest

from intake.mailboxes.base import MailboxUnavailableError, MessageUnreadableError
from tests.faults.scripted_box import mailbox, once
from tests.faults.scripted_imap import ScriptedImap, Talk

if TYPE_CHECKING:
    from collections.abc import Callable

JANE = b"Subject: Jane Doe\r\n\r\nJane Doe has said\r\n"


def one() -> ScriptedImap:
    return ScriptedImap(messages={1: JANE})


def half_a_message(talk: Talk) -> None:
    if "RFC822.SIZE" in talk.args:
        talk.default()
        return
    talk.send(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n" % len(JANE) + JANE[:20])
    talk.hang_up()


def half_a_line(talk: Talk) -> None:
    talk.send("* SEARCH 1")
    talk.hang_up()


def goodbye(talk: Talk) -> None:
    talk.line("* BYE Session invalidated - AccessTokenExpired of Jane Doe")
    talk.hang_up()


@pytest.mark.parametrize("odd", [half_a_message, goodbye, Talk.hang_up])
def test_a_fetch_that_broke_off_is_done_again_on_a_new_connection(
    odd: Callable[[Talk], None],
) -> None:
    broken = once(odd)
    with one() as server, mailbox(server) as box:
        (ref,) = box.list()
        server.answers["UID FETCH"] = lambda talk: (
            talk.default() if "RFC822.SIZE" in talk.args else broken(talk)
        )
        assert box.fetch(ref).raw == JANE
        assert server.connections == 2


def test_half_a_message_is_never_a_message() -> None:
    with one() as server, mailbox(server) as box:
        (ref,) = box.list()
        server.answers["UID FETCH"] = half_a_message
        with pytest.raises(MailboxUnavailableError):
            box.fetch(ref)
        assert server.connections == 2, "tried again once, not for ever"
        del server.answers["UID FETCH"]
        assert box.fetch(ref).raw == JANE


def test_half_a_list_is_never_a_list() -> None:
    with one() as server, mailbox(server) as box:
        server.answers["UID SEARCH"] = half_a_line
        with pytest.raises(MailboxUnavailableError):
            box.list()


def test_a_kept_connection_that_died_is_replaced_unnoticed() -> None:
    with one() as server, mailbox(server) as box:
        (ref,) = box.list()
        for talk in server._talks:
            talk.hang_up()
        assert box.fetch(ref).raw == JANE
        for talk in server._talks:
            talk.hang_up()
        assert box.list() == [ref]
        assert server.connections == 3


def test_a_goodbye_while_nothing_was_asked_is_heeded() -> None:
    with one() as server, mailbox(server) as box:
        (ref,) = box.list()
        server._talks[0].line("* BYE idle for too long")
        assert box.fetch(ref).raw == JANE
        assert server.connections == 2


@pytest.mark.parametrize("where", ["UID SEARCH", "UID FETCH", "SELECT", "CAPABILITY", "greeting"])
def test_a_server_that_drips_cannot_hold_a_call(where: str) -> None:
    """Each byte arrives within the read time-out; the call as a whole has a time of its own."""
    over = threading.Event()

    def drip(talk: Talk) -> None:
        talk.send("* ")
        while not over.wait(0.05):
            talk.send("x")

    with one() as server, mailbox(server, call_seconds=1) as box:
        refs = box.list()
        box.close()
        server.answers[where] = drip
        began = time.monotonic()
        with pytest.raises(MailboxUnavailableError) as caught:
            box.fetch(refs[0]) if where == "UID FETCH" else box.list()
        assert time.monotonic() - began < 10
        over.set()
        assert f"127.0.0.1:{server.port}" in str(caught.value)
        del server.answers[where]
        assert box.list() == refs


def test_a_server_that_falls_silent_cannot_hold_a_call() -> None:
    over = threading.Event()
    with one() as server, mailbox(server, call_seconds=60, read_seconds=0.5) as box:
        (ref,) = box.list()

        def silent(_: Talk) -> None:
            over.wait(30)

        server.answers["UID FETCH"] = silent
        with pytest.raises(MailboxUnavailableError):
            box.fetch(ref)
        over.set()


@pytest.mark.parametrize("size", [2**31, 10**15, 10**30])
def test_a_literal_of_absurd_size_is_refused_before_it_is_read(size: int) -> None:
    def boast(talk: Talk) -> None:
        if "BODY" in talk.args:
            talk.send(f"* 1 FETCH (UID 1 BODY[] {{{size}}}\r\nJane Doe")
        else:
            talk.default()

    with one() as server, mailbox(server) as box:
        (ref,) = box.list()
        server.answers["UID FETCH"] = boast
        with pytest.raises(MailboxUnavailableError):
            box.fetch(ref)


def test_a_message_of_absurd_size_is_not_asked_for() -> None:
    def boast(talk: Talk) -> None:
        talk.line("* 1 FETCH (UID 1 RFC822.SIZE 200000000)")
        talk.ok()

    with one() as server, mailbox(server) as box:
        (ref,) = box.list()
        server.answers["UID FETCH"] = boast
        with pytest.raises(MessageUnreadableError, match="too large"):
            box.fetch(ref)
        assert not any("BODY" in line for line in server.heard)


def test_more_than_was_asked_for_is_refused() -> None:
    def generous(talk: Talk) -> None:
        if "BODY" in talk.args:
            talk.send(b"* 1 FETCH (UID 1 BODY[]<0> {5000000}\r\n" + b"x" * 5_000_000 + b")\r\n")
        else:
            talk.line("* 1 FETCH (UID 1 RFC822.SIZE 30000000)")
        talk.ok()

    with one() as server, mailbox(server) as box:
        (ref,) = box.list()
        server.answers["UID FETCH"] = generous
        with pytest.raises(MailboxUnavailableError):
            box.fetch(ref)


def quoting(talk: Talk) -> None:
    talk.send(b"* 1 FETCH (UID 1 BODY[] " + JANE)
    talk.line(f"{talk.tag} NO [Jane Doe] Jane Doe")


@pytest.mark.parametrize("odd", [half_a_message, quoting, goodbye])
@pytest.mark.parametrize("command", ["UID FETCH", "UID SEARCH", "UID MOVE"])
def test_no_word_of_a_message_gets_into_errors_or_logs(
    command: str,
    odd: Callable[[Talk], None],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    logging.getLogger("imapclient").setLevel(logging.DEBUG)
    logging.getLogger("imapclient").propagate = True
    told = ""
    with caplog.at_level(logging.DEBUG), one() as server, mailbox(server) as box:
        (ref,) = box.list()
        server.answers[command] = odd
        calls: list[Callable[[], object]] = [
            lambda: box.fetch(ref),
            box.list,
            lambda: box.file(ref, "Intake/Filed"),
            box.check,
        ]
        for call in calls:
            try:
                call()
            except (MailboxUnavailableError, MessageUnreadableError) as error:
                told += "".join(traceback.format_exception(error))
    assert told
    assert "Jane" not in told + caplog.text + "".join(capfd.readouterr())
