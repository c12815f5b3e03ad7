"""Messages that go away, come back, hide, or cannot be fetched: none is lost, each is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake.mailboxes.base import MailboxUnavailableError, MessageUnreadableError
from tests.unit.rounds_rig import Rig, letter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.store.close()


def seen_and_left(rig: Rig, *numbers: int) -> list[int]:
    """Messages that an earlier pass has seen and could not fetch."""
    uids = [rig.box.put(letter(number)) for number in numbers]
    for uid in uids:
        rig.box.troubles[uid] = MessageUnreadableError("not now")
    assert rig.go().unreadable == len(uids)
    rig.box.troubles.clear()
    return uids


def test_a_message_removed_before_it_was_stored_is_told_once(rig: Rig) -> None:
    (uid,) = seen_and_left(rig, 1)
    del rig.box.inbox[uid]
    assert rig.go().vanished == 1
    for _ in range(3):
        assert rig.go().vanished == 0
        rig.restart()
    (row,) = rig.ledger()
    assert (row["state"], row["reason"]) == ("vanished", "removed")
    assert len(rig.owed("alert")) == 1
    assert rig.cases() == []


def test_a_message_removed_between_list_and_fetch_is_told_and_stops_no_other(rig: Rig) -> None:
    gone = rig.box.put(letter(1))
    rig.box.put(letter(2))
    rig.after = lambda step: rig.box.inbox.pop(gone, None) and None if step == "seen" else None
    done = rig.go()
    assert (done.vanished, done.handled) == (1, 1)
    assert rig.states() == ["vanished", "recorded"]


def test_a_message_that_comes_back_is_a_case(rig: Rig) -> None:
    (uid,) = seen_and_left(rig, 1)
    kept = rig.box.inbox.pop(uid)
    rig.go()
    assert rig.states() == ["vanished"]
    rig.box.inbox[uid] = kept
    assert rig.go().handled == 1
    assert rig.states() == ["recorded"]
    assert len(rig.cases()) == 1
    assert rig.box.inbox == {}


def test_a_message_that_comes_back_and_goes_again_is_told_once(rig: Rig) -> None:
    (uid,) = seen_and_left(rig, 1)
    kept = rig.box.inbox.pop(uid)
    rig.go()
    rig.box.inbox[uid] = kept
    rig.after = lambda _step: None
    rig.box.troubles[uid] = MessageUnreadableError("not now")
    rig.go()
    del rig.box.inbox[uid]
    assert rig.go().vanished == 0
    assert len(rig.owed("alert")) == 1


def test_a_message_that_one_listing_leaves_out_has_not_vanished(rig: Rig) -> None:
    first, second = seen_and_left(rig, 1, 2)
    rig.box.hidden, rig.box.hidden_for = {first, second}, 1
    done = rig.go()
    assert (done.vanished, done.handled) == (0, 2)
    assert "close" in rig.box.calls, "the second listing is on a connection of its own"


def test_a_message_that_no_listing_shows_is_asked_for_by_name(rig: Rig) -> None:
    (uid,) = seen_and_left(rig, 1)
    rig.box.hidden, rig.box.hidden_for = {uid}, 99
    done = rig.go()
    assert (done.vanished, done.handled) == (0, 1)
    assert rig.states() == ["recorded"]


def test_a_listing_that_leaves_out_what_is_recorded_changes_nothing(rig: Rig) -> None:
    uid = rig.box.put(letter(1))
    rig.box.can_move = False
    rig.go()
    rig.box.hidden, rig.box.hidden_for = {uid}, 1
    rig.go()
    assert rig.filed() == [None]
    rig.box.can_move = True
    rig.restart()
    rig.go()
    assert rig.box.inbox == {}
    assert len(rig.cases()) == 1


def test_a_message_accepted_before_it_was_removed_is_a_case_and_not_filed(rig: Rig) -> None:
    uid = rig.box.put(letter(1))

    def die(step: str) -> None:
        if step == "accepted":
            raise KeyboardInterrupt

    rig.after = die
    with pytest.raises(KeyboardInterrupt):
        rig.go()
    rig.after = lambda _step: None
    rig.restart()
    del rig.box.inbox[uid]
    assert rig.go().handled == 1
    assert (rig.states(), rig.filed()) == (["recorded"], [None])


@pytest.mark.parametrize(
    "step",
    ["seen", "original_kept", "accepted", "understood", "composed", "recorded", "filed", "moved"],
)
def test_a_death_at_any_step_heals(rig: Rig, step: str) -> None:
    rig.box.put(letter(1))

    def die(at: str) -> None:
        if at == step:
            raise KeyboardInterrupt

    rig.after = die
    with pytest.raises(KeyboardInterrupt):
        rig.go()
    rig.after = lambda _step: None
    rig.restart()
    rig.go()
    assert rig.states() == ["recorded"]
    assert rig.box.inbox == {}
    assert sum(map(len, rig.box.folders.values())) == 1
    assert rig.filed() == list(rig.box.folders)
    assert len(rig.cases()) == 1
    assert len(rig.owed("alert")) == 1
    assert len(rig.owed("acknowledgement")) == 1


def test_a_message_that_cannot_be_given_stops_no_other_and_is_tried_again(rig: Rig) -> None:
    uid = rig.box.put(letter(1))
    rig.box.put(letter(2))
    rig.box.troubles[uid] = MessageUnreadableError("the server does not give the message")
    for _ in range(5):
        done = rig.go()
        assert (done.unreadable, done.quarantined, done.vanished) == (1, 0, 0)
    assert rig.states() == ["seen", "recorded"]
    rig.box.troubles.clear()
    rig.go()
    assert rig.states() == ["recorded", "recorded"]


def test_people_are_told_once_of_a_message_that_the_server_never_gives(rig: Rig) -> None:
    uid = rig.box.put(letter(1))
    rig.box.troubles[uid] = MessageUnreadableError("the server does not give the message")
    for _ in range(15):
        rig.go()
    assert rig.owed("alert") == []
    for _ in range(10):
        rig.go()
    [alert] = rig.owed("alert")
    assert (alert["case"], alert["status"]) == (None, "pending")
    body = rig.store.deliveries.body(alert["id"]) or b""
    assert b"CANNOT BE FETCHED" in body
    rig.restart()
    rig.go()
    assert len(rig.owed("alert")) == 1
    rig.box.troubles.clear()
    rig.go()
    assert rig.states() == ["recorded"]
    assert len(rig.owed("alert")) == 2


def test_a_message_that_breaks_the_connection_each_time_stops_no_other(rig: Rig) -> None:
    uid = rig.box.put(letter(1))
    rig.box.put(letter(2))
    rig.box.troubles[uid] = MailboxUnavailableError("it broke off")
    done = rig.go()
    assert (done.unreadable, done.handled) == (1, 1)
    assert rig.states() == ["seen", "recorded"]
    rig.box.put(letter(3))
    rig.box.calls.clear()
    assert rig.go().handled == 1
    fetches = [call for call in rig.box.calls if call.startswith("fetch")]
    assert fetches == ["fetch 3", "fetch 1", "fetch 1"], "the troublesome one comes last"


def test_a_connection_that_broke_once_costs_nothing(rig: Rig) -> None:
    rig.box.put(letter(1))
    rig.box.troubles["fetch"] = MailboxUnavailableError("it broke off")
    calls = rig.box.calls

    class Mended(dict[str | int, Exception]):
        def __contains__(self, key: object) -> bool:
            return super().__contains__(key) and calls.count("fetch 1") < 2

    rig.box.troubles = Mended(rig.box.troubles)
    done = rig.go()
    assert (done.handled, done.unreadable) == (1, 0)


@pytest.mark.parametrize("when", ["list", "fetch", "file"])
def test_a_mailbox_that_goes_away_ends_the_pass_and_loses_nothing(rig: Rig, when: str) -> None:
    for number in range(3):
        rig.box.put(letter(number))
    step = {"list": "", "fetch": "seen", "file": "filed"}[when]
    rig.after = lambda at: rig.box.down() if at == step else None
    if when == "list":
        rig.box.down()
    if when == "file":
        rig.after = lambda at: rig.box.down() if at == "recorded" else None
    with pytest.raises(MailboxUnavailableError):
        rig.go()
    rig.after = lambda _step: None
    rig.box.troubles.clear()
    rig.go()
    assert rig.states() == ["recorded"] * 3
    assert len(rig.cases()) == 3
    assert rig.box.inbox == {}
