"""Passes over a mailbox: what is new is recorded, what is recorded is filed, nothing twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from intake.mailboxes.maildir import MaildirMailbox
from tests.unit.rounds_rig import ATTENTION, Rig, letter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.store.close()


def test_new_messages_become_cases_and_are_filed(rig: Rig) -> None:
    rig.box.put(letter(1))
    rig.box.put(letter(2))
    done = rig.go()
    assert (done.new, done.handled) == (2, 2)
    assert rig.states() == ["recorded", "recorded"]
    assert len(rig.cases()) == 2
    assert rig.box.inbox == {}
    assert sum(map(len, rig.box.folders.values())) == 2
    assert all(rig.filed())


def test_a_second_pass_finds_nothing_to_do(rig: Rig) -> None:
    rig.box.put(letter(1))
    rig.go()
    before = (rig.ledger(), rig.owed("alert"))
    done = rig.go()
    assert (done.new, done.handled, done.vanished) == (0, 0, 0)
    assert (rig.ledger(), rig.owed("alert")) == before


def test_progress_is_told_after_each_message(rig: Rig) -> None:
    for number in range(3):
        rig.box.put(letter(number))
    told: list[tuple[int, int]] = []
    rig.go(progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_when_asked_to_stop_it_finishes_the_message_in_hand(rig: Rig) -> None:
    for number in range(3):
        rig.box.put(letter(number))
    steps: list[str] = []
    rig.after = steps.append
    rig.go(stop=lambda: "composed" in steps)
    assert rig.states() == ["recorded", "seen", "seen"]
    assert len(rig.box.inbox) == 2
    assert steps[-1] == "moved"
    rig.go()
    assert rig.states() == ["recorded"] * 3


def test_what_a_crash_left_in_the_inbox_is_filed(rig: Rig) -> None:
    rig.box.put(letter(1))
    rig.box.can_move = False
    rig.go()
    assert (rig.states(), rig.filed()) == (["recorded"], [None])
    rig.box.can_move = True
    rig.restart()
    done = rig.go()
    assert (done.new, done.handled) == (0, 0)
    assert rig.box.inbox == {}
    assert all(rig.filed())


def test_where_messages_cannot_be_moved_each_is_tried_once_an_hour(rig: Rig) -> None:
    rig.box.put(letter(1))
    rig.box.can_move = False
    for _ in range(5):
        rig.go()
    assert rig.box.calls.count("file") == 1
    rig.now += timedelta(hours=1)
    rig.box.can_move = True
    rig.go()
    assert rig.box.inbox == {}
    assert rig.filed() == [ATTENTION]


def test_what_a_person_moved_is_not_said_to_lie_in_our_folder(rig: Rig) -> None:
    uid = rig.box.put(letter(1))
    rig.box.can_move = False
    rig.go()
    del rig.box.inbox[uid]
    for _ in range(3):
        done = rig.go()
        assert (done.vanished, done.handled) == (0, 0)
    assert (rig.states(), rig.filed()) == (["recorded"], [None])


def test_what_a_person_moved_just_before_us_is_not_said_to_lie_in_our_folder(rig: Rig) -> None:
    uid = rig.box.put(letter(1))
    rig.after = lambda step: rig.box.inbox.pop(uid) and None if step == "recorded" else None
    rig.go()
    rig.after = lambda _step: None
    rig.go()
    assert (rig.states(), rig.filed()) == (["recorded"], [None])
    assert rig.box.folders == {}


def test_a_message_moved_back_by_a_person_is_filed_again(rig: Rig, tmp_path: Path) -> None:
    """In a Maildir it keeps its name, and so is the message that it was."""
    path = tmp_path / "mail"
    for room in ("new", "cur", "tmp"):
        (path / room).mkdir(parents=True)
    (path / "new" / "1.one").write_bytes(letter(1))
    rounds = rig.rounds(MaildirMailbox(name="gateway", path=path))
    rounds.run()
    (filed,) = [found for found in path.glob(".Intake.*/cur/*") if found.is_file()]
    filed.rename(path / "cur" / filed.name)
    done = rounds.run()
    assert (done.new, done.handled) == (0, 0)
    assert list((path / "cur").iterdir()) == []
    assert filed.exists()
    assert len(rig.cases()) == 1


def test_a_message_moved_back_under_another_uid_is_a_duplicate(rig: Rig) -> None:
    rig.box.put(letter(1))
    rig.go()
    rig.box.put(letter(1))
    rig.go()
    assert rig.states() == ["recorded", "duplicate"]
    assert len(rig.cases()) == 1
    assert len(rig.owed("alert")) == 1
    assert rig.box.inbox == {}


def test_another_uidvalidity_doubles_nothing(rig: Rig) -> None:
    rig.box.put(letter(1))
    rig.box.put(letter(2))
    rig.box.can_move = False
    rig.go()
    rig.box.renumber()
    done = rig.go()
    assert (done.new, done.vanished) == (2, 0)
    assert sorted(rig.states()) == ["duplicate", "duplicate", "recorded", "recorded"]
    assert len(rig.cases()) == 2
    assert len(rig.owed("alert")) == 2
    statuses = [each["status"] for each in rig.owed("acknowledgement")]
    assert statuses.count("pending") == len(rig.cases())


def test_two_mailboxes_of_one_store_do_not_see_each_other(rig: Rig) -> None:
    rig.box.put(letter(1))
    rig.go()
    rig.box.name = "second"
    rig.box.put(letter(2))
    rig.restart()
    rig.go()
    assert [row["mailbox"] for row in rig.ledger()] == ["gateway", "second"]
    assert len(rig.cases()) == 2


def test_shadow_mode_reads_and_records_and_changes_nothing_on_the_server(rig: Rig) -> None:
    rig.shadow = True
    uid = rig.box.put(letter(1))
    gone = rig.box.put(letter(2))
    rig.after = lambda step: rig.box.inbox.pop(gone, None) and None if step == "seen" else None
    rig.go()
    rig.go()
    assert rig.states() == ["recorded", "vanished"]
    assert set(rig.box.inbox) == {uid}
    assert "file" not in rig.box.calls
    assert {each["status"] for each in rig.owed("alert")} == {"withheld"}
    assert rig.filed() == [None, None]


def test_after_shadow_mode_what_was_recorded_is_filed(rig: Rig) -> None:
    rig.shadow = True
    rig.box.put(letter(1))
    rig.go()
    rig.shadow = False
    rig.restart()
    rig.go()
    assert rig.box.inbox == {}
    assert len(rig.cases()) == 1


def test_a_preview_writes_nothing_anywhere(rig: Rig) -> None:
    rig.box.put(letter(1))
    rig.box.put(letter(2))
    rig.go()
    rig.box.put(letter(3))
    before = rig.ledger()
    ((ref, understood),) = rig.rounds().preview()
    assert ref.uid == 3
    assert understood is not None
    assert rig.ledger() == before
    assert list(rig.box.inbox) == [3]
