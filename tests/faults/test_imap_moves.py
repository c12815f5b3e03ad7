"""Moving a message on IMAP servers that cannot, will not, or only say that they did."""

from __future__ import annotations

import pytest

from intake.mailboxes.base import MailboxUnavailableError
from tests.faults.scripted_box import mailbox, once
from tests.faults.scripted_imap import ScriptedImap, Talk

WITHOUT_MOVE = "IMAP4rev1 AUTH=PLAIN IDLE UIDPLUS"
CHANGING = ("STORE", "EXPUNGE", "COPY", "CLOSE", "DELETE", "RENAME", "APPEND", "SUBSCRIBE")


def two(capabilities: str = "IMAP4rev1 AUTH=PLAIN IDLE MOVE") -> ScriptedImap:
    return ScriptedImap(messages={1: b"a", 2: b"b"}, capabilities=capabilities)


def changed_only_by_move(server: ScriptedImap) -> bool:
    verbs = [word for line in server.commands() for word in line.upper().split()[:2]]
    return not any(verb in CHANGING for verb in verbs)


def test_a_missing_folder_is_made_when_the_move_is_refused() -> None:
    with two() as server, mailbox(server) as box:
        assert box.file(box.list()[0], "Intake/Filed")
        assert server.moved == {"Intake.Filed": [1]}
        assert list(server.messages) == [2]
        assert changed_only_by_move(server)


def test_without_move_a_message_stays_and_nothing_is_changed() -> None:
    with two(WITHOUT_MOVE) as server, mailbox(server) as box:
        ref, gone = box.list()
        assert not box.file(ref, "Intake/Filed", lambda: pytest.fail("nothing can be moved"))
        del server.messages[2]
        assert box.file(gone, "Intake/Filed")
        assert server.messages == {1: b"a"}
        assert not any("MOVE" in line or "CREATE" in line for line in server.heard)
        assert changed_only_by_move(server)
        assert "MOVE" in " ".join(box.check())


def test_in_a_read_only_folder_a_message_stays() -> None:
    with two() as server, mailbox(server) as box:
        server.answers["SELECT"] = lambda talk: (
            talk.no("[READ-ONLY] only EXAMINE") if "x" in talk.args else read_only(talk)
        )
        ref, _ = box.list()
        assert not box.file(ref, "Intake/Filed", lambda: pytest.fail("nothing can be moved"))
        assert box.fetch(ref).raw == b"a"
        assert not any("MOVE" in line for line in server.heard)
        (remark,) = box.check()
        assert "read-only" in remark


def read_only(talk: Talk) -> None:
    talk.line(f"* {len(talk.server.messages)} EXISTS")
    talk.line(f"* OK [UIDVALIDITY {talk.server.uidvalidity}] valid")
    talk.ok("[READ-ONLY] done")


@pytest.mark.parametrize("words", ["[OVERQUOTA] full", "[NOPERM] not allowed", "no"])
def test_a_refused_move_leaves_the_message_and_the_connection(words: str) -> None:
    with two() as server, mailbox(server) as box:
        server.answers["UID MOVE"] = lambda talk: talk.no(words)
        ref, _ = box.list()
        assert not box.file(ref, "Intake/Filed")
        assert box.fetch(ref).raw == b"a"
        assert server.connections == 1


def test_a_folder_that_cannot_be_made_leaves_the_message() -> None:
    with two() as server, mailbox(server) as box:
        server.answers["CREATE"] = Talk.no
        assert not box.file(box.list()[0], "Intake/Filed")
        assert list(server.messages) == [1, 2]


def test_a_move_that_was_answered_and_not_done_is_not_believed() -> None:
    with two() as server, mailbox(server) as box:
        server.answers["UID MOVE"] = Talk.ok
        assert not box.file(box.list()[0], "Intake/Filed")
        assert sum("MOVE" in line for line in server.heard) == 1


def test_a_move_whose_answer_is_lost_is_found_done_the_next_time() -> None:
    def done_in_silence(talk: Talk) -> None:
        del talk.server.messages[1]
        talk.server.moved["Intake.Filed"] = [1]
        talk.hang_up()

    with two() as server, mailbox(server) as box:
        ref, _ = box.list()
        server.answers["UID MOVE"] = once(done_in_silence)
        assert box.file(ref, "Intake/Filed")
        assert server.moved == {"Intake.Filed": [1]}


def test_a_move_that_always_breaks_the_connection_ends_in_an_error() -> None:
    with two() as server, mailbox(server) as box:
        ref, _ = box.list()
        server.answers["UID MOVE"] = Talk.hang_up
        with pytest.raises(MailboxUnavailableError):
            box.file(ref, "Intake/Filed")
        assert list(server.messages) == [1, 2]
        assert box.fetch(ref).raw == b"a"


@pytest.mark.parametrize(
    ("folder", "sent"),
    [
        ('Fi"led\\', '"Fi\\"led\\\\"'),
        ("Ŵyth", '"&AXQ-yth"'),
        ("a b (c) {3}", '"a b (c) {3}"'),
        ("R&D %*", '"R&-D %*"'),
    ],
)
def test_a_folder_name_stays_inside_its_quotes(folder: str, sent: str) -> None:
    with two() as server, mailbox(server) as box:
        box.file(box.list()[0], folder)
        moves = [line for line in server.commands() if "MOVE" in line]
        assert set(moves) == {f"UID MOVE 1 {sent}"}


@pytest.mark.parametrize("folder", ["Filed\r\nZ9 DELETE INBOX", "a\nb", "a\0b", "tab\there"])
def test_a_folder_name_that_could_end_a_command_is_never_sent(folder: str) -> None:
    with two() as server, mailbox(server) as box:
        ref, _ = box.list()
        with pytest.raises(MailboxUnavailableError) as caught:
            box.file(ref, folder)
        assert caught.value.permanent
        assert not any("DELETE" in line or "MOVE" in line for line in server.heard)
    with two() as server, mailbox(server, folder=folder) as box:
        with pytest.raises(MailboxUnavailableError):
            box.list()
        assert not any("SELECT" in line or "DELETE" in line for line in server.heard)
