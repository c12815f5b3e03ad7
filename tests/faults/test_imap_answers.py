"""Answers of an IMAP server that are lawful and odd, or not lawful at all."""

from __future__ import annotations

import pytest

from intake.mailboxes.base import (
    MailboxUnavailableError,
    MessageGoneError,
    MessageUnreadableError,
)
from tests.faults.scripted_box import about, mailbox, once
from tests.faults.scripted_imap import ScriptedImap, Talk

THREE = {4: b"four", 5: b"five", 9: b"nine"}


def three() -> ScriptedImap:
    return ScriptedImap(messages=dict(THREE))


@pytest.mark.parametrize(
    "odd", [Talk.no, Talk.ok, lambda talk: talk.no("[SERVERBUG] Jane Doe")], ids=["no", "ok", "bug"]
)
def test_a_message_that_the_server_does_not_give_concerns_no_other(odd: object) -> None:
    """Exchange says NO, or OK without data, of a message that it cannot render."""
    with three() as server, mailbox(server) as box:
        server.answers["UID FETCH"] = about(5, odd)  # type: ignore[arg-type] # parametrized
        first, second, third = box.list()
        with pytest.raises(MessageUnreadableError) as caught:
            box.fetch(second)
        assert "Jane" not in str(caught.value)
        assert [box.fetch(ref).raw for ref in (first, third)] == [b"four", b"nine"]
        assert server.connections == 1


@pytest.mark.parametrize("odd", [Talk.no, Talk.ok], ids=["no", "ok"])
def test_the_same_answers_of_a_removed_message_mean_that_it_is_gone(odd: object) -> None:
    with three() as server, mailbox(server) as box:
        _, second, _ = box.list()
        del server.messages[5]
        server.answers["UID FETCH"] = about(5, odd)  # type: ignore[arg-type] # parametrized
        with pytest.raises(MessageGoneError):
            box.fetch(second)


@pytest.mark.parametrize("body", [b'BODY[] ""', b"BODY[] NIL", b"FLAGS (\\Seen)"])
def test_a_size_without_its_bytes_is_unreadable(body: bytes) -> None:
    def odd(talk: Talk) -> None:
        if "BODY" in talk.args:
            talk.line(b"* 2 FETCH (UID 5 " + body + b")")
            talk.ok()
        else:
            talk.default()

    with three() as server, mailbox(server) as box:
        server.answers["UID FETCH"] = odd
        with pytest.raises(MessageUnreadableError):
            box.fetch(box.list()[1])


def test_the_message_of_another_uid_is_never_taken_for_the_one_asked_for() -> None:
    def another(talk: Talk) -> None:
        talk.server.fetched(talk, 9, talk.args.partition(" ")[2])
        talk.ok()

    with three() as server, mailbox(server) as box:
        server.answers["UID FETCH"] = about(5, another)
        with pytest.raises(MessageUnreadableError):
            box.fetch(box.list()[1])


def test_news_of_other_messages_amid_an_answer_changes_nothing() -> None:
    def chatty(talk: Talk) -> None:
        talk.line("* 3 FETCH (UID 9 FLAGS (\\Seen))")
        talk.line("* 4 EXISTS")
        talk.default()
        talk.line("* 1 FETCH (FLAGS (\\Answered))")

    with three() as server, mailbox(server) as box:
        server.answers |= {"UID FETCH": chatty, "UID SEARCH": chatty}
        assert [box.fetch(ref).raw for ref in box.list()] == [b"four", b"five", b"nine"]


def test_a_size_that_is_wrong_loses_nothing() -> None:
    """Exchange makes the bytes anew for each fetch; its RFC822.SIZE is often another."""

    def odd(talk: Talk) -> None:
        if "RFC822.SIZE" in talk.args:
            talk.line("* 2 FETCH (UID 5 RFC822.SIZE 1)")
            talk.ok()
        else:
            talk.default()

    with three() as server, mailbox(server) as box:
        server.answers["UID FETCH"] = odd
        fetched = box.fetch(box.list()[1])
        assert (fetched.raw, fetched.received_at) == (b"five", None)


@pytest.mark.parametrize("claim", [30_000_000, 20_000_001])
def test_a_large_size_that_is_wrong_loses_nothing(claim: int) -> None:
    def odd(talk: Talk) -> None:
        if "RFC822.SIZE" in talk.args:
            talk.line(f"* 2 FETCH (UID 5 RFC822.SIZE {claim})")
            talk.ok()
        else:
            talk.default()

    with ScriptedImap(messages={5: b"y" * 9_000_000}) as server, mailbox(server) as box:
        server.answers["UID FETCH"] = odd
        assert box.fetch(box.list()[0]).raw == b"y" * 9_000_000


def test_a_list_in_two_lines_is_one_list() -> None:
    def two_lines(talk: Talk) -> None:
        talk.line("* SEARCH 9 4")
        talk.line("* SEARCH 5")
        talk.ok()

    with three() as server, mailbox(server) as box:
        server.answers["UID SEARCH"] = two_lines
        assert [ref.uid for ref in box.list()] == [4, 5, 9]


@pytest.mark.parametrize("words", ["* SEARCH", "* SEARCH 4"])
def test_a_list_that_is_too_short_is_asked_for_again(words: str) -> None:
    def short(talk: Talk) -> None:
        talk.line(words)
        talk.ok()

    with three() as server, mailbox(server) as box:
        server.answers["UID SEARCH"] = once(short)
        assert [ref.uid for ref in box.list()] == [4, 5, 9]


@pytest.mark.parametrize(
    "odd",
    [
        Talk.ok,
        lambda talk: (talk.line("* SEARCH"), talk.ok()),
        lambda talk: (talk.line("* SEARCH 4 five"), talk.ok()),
        Talk.no,
        lambda talk: talk.line(f"{talk.tag} BAD what?"),
    ],
    ids=["no line", "none of three", "no number", "no", "bad"],
)
def test_no_list_is_not_an_empty_mailbox(odd: object) -> None:
    with three() as server, mailbox(server) as box:
        server.answers["UID SEARCH"] = odd  # type: ignore[assignment] # parametrized
        with pytest.raises(MailboxUnavailableError):
            box.list()


def test_a_mailbox_that_was_emptied_meanwhile_is_empty() -> None:
    def emptied(talk: Talk) -> None:
        talk.server.messages.clear()
        talk.default()

    with three() as server, mailbox(server) as box:
        server.answers["UID SEARCH"] = emptied
        assert box.list() == []


def test_a_folder_without_uidvalidity_cannot_be_used() -> None:
    def without(talk: Talk) -> None:
        talk.line("* 3 EXISTS")
        talk.ok("[READ-WRITE] done")

    with three() as server, mailbox(server) as box:
        server.answers["SELECT"] = without
        with pytest.raises(MailboxUnavailableError):
            box.list()


def test_under_another_uidvalidity_a_message_is_another() -> None:
    with three() as server, mailbox(server) as box:
        old, *_ = box.list()
        server.uidvalidity = 8
        new, *_ = box.list()
        assert (old.key, new.key) == ("7/4", "8/4")
        with pytest.raises(MessageGoneError):
            box.fetch(old)
        assert not box.file(old, "Intake/Filed", lambda: pytest.fail("it is another message"))
        assert not any("MOVE" in line for line in server.heard)
        assert box.fetch(new).raw == b"four"


def test_a_uidvalidity_that_changed_while_away_is_noticed() -> None:
    with three() as server, mailbox(server) as box:
        old, *_ = box.list()
        box.close()
        server.uidvalidity = 8
        with pytest.raises(MessageGoneError):
            box.fetch(old)
        box.close()
        assert not box.file(old, "Intake/Filed")
        assert server.messages == THREE
