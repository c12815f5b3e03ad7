"""What every mailbox keeps to: the real servers, the Maildir and the fake."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from intake.mailboxes.base import MailboxUnavailableError, MessageGoneError, MessageRef
from tests.contracts.mailbox_places import THEN, ImapPlace, MaildirPlace, MemoryPlace, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from intake.mailboxes.base import Mailbox

FILED = "Intake/Filed"
ODD = (
    b"From: sam@club.example.org\r\nSubject: {12}\r\n\r\n"
    b"caf\xe9 \xf0\x9f\x99\x82 \x7f\r\n.\r\n..\r\n) FLAGS (\\Seen)\r\n* 3 EXISTS\r\n"
    b"A1 OK done\r\nFrom here on\r\n" + b"x" * 70_000 + b"\r\n\r\nno end of line"
)
"""Bytes that a careless reader would change, or take for the server's own words."""


def letter(number: int) -> bytes:
    return b"Subject: number %d\r\n\r\nHello %d\r\n" % (number, number)


@pytest.fixture(params=["implicit", "starttls", "maildir", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "maildir":
        return MaildirPlace(tmp_path / "mail")
    if request.param == "memory":
        return MemoryPlace()
    dovecot = request.getfixturevalue("dovecot")
    return ImapPlace(dovecot, request.getfixturevalue("mailbox_user"), request.param)


@pytest.fixture
def box(place: Place) -> Iterator[Mailbox]:
    with closing(place.box()) as made:
        yield made


def test_an_empty_mailbox_lists_nothing(box: Mailbox) -> None:
    assert box.list() == []
    assert box.check() == []


def test_messages_are_listed_oldest_first_under_keys_that_stay(place: Place, box: Mailbox) -> None:
    place.put(letter(1), letter(2))
    first = box.list()
    place.put(letter(3))
    place.mark(0, "FRS")
    with closing(place.box()) as another:
        listed = another.list()
    assert [ref.key for ref in box.list()] == [ref.key for ref in listed]
    assert [ref.key for ref in listed[:2]] == [ref.key for ref in first]
    assert len({ref.key for ref in listed}) == 3
    assert {ref.mailbox for ref in listed} == {"gateway"}
    assert [box.fetch(ref).raw for ref in listed] == [letter(1), letter(2), letter(3)]


def test_what_is_fetched_is_what_was_sent_byte_for_byte(place: Place, box: Mailbox) -> None:
    place.put(ODD)
    (ref,) = box.list()
    fetched = box.fetch(ref)
    assert fetched.raw == ODD
    assert fetched.received_at == (THEN if place.knows_dates else None)


def test_looking_changes_nothing(place: Place, box: Mailbox) -> None:
    place.put(letter(1), letter(2), letter(3))
    place.mark(0, "S")
    place.mark(1, "FR")
    before = place.marks()
    for _ in range(2):
        for ref in box.list():
            box.fetch(ref)
        box.check()
        box.close()
    assert place.marks() == before


def test_a_message_is_filed_once_and_whole(place: Place, box: Mailbox) -> None:
    place.put(letter(1), ODD, letter(3))
    place.mark(1, "FS")
    _, ref, _ = box.list()
    noted: list[int] = []
    assert box.file(ref, FILED, lambda: noted.append(len(place.folder(FILED))))
    assert noted == [0], "noted once, and before anything moved"
    assert place.inbox() == [letter(1), letter(3)]
    assert place.folder(FILED) == [ODD]
    assert len(box.list()) == 2


def test_a_message_that_was_filed_already_is_not_filed_again(place: Place, box: Mailbox) -> None:
    place.put(letter(1))
    (ref,) = box.list()
    assert box.file(ref, FILED)
    with closing(place.box()) as another:
        for mailbox in (box, another):
            assert mailbox.file(ref, FILED, lambda: pytest.fail("there is nothing to move"))
    assert place.folder(FILED) == [letter(1)]


def test_two_messages_that_say_the_same_are_two(place: Place, box: Mailbox) -> None:
    place.put(letter(1), letter(1))
    assert [box.file(ref, FILED) for ref in box.list()] == [True, True]
    assert place.folder(FILED) == [letter(1), letter(1)]


def test_a_filed_message_leaves_others_that_people_marked_as_deleted(
    place: Place, box: Mailbox
) -> None:
    place.put(letter(1), letter(2))
    place.mark(0, "T")
    assert box.file(box.list()[1], FILED)
    box.close()
    assert place.inbox() == [letter(1)]


@pytest.mark.parametrize("folder", ["Cyfeiriadau/Ŵyth", 'A & B/"quoted"', "Intake/Filed 100%"])
def test_a_folder_may_have_any_printable_name(place: Place, box: Mailbox, folder: str) -> None:
    place.put(letter(1), letter(2))
    assert [box.file(ref, folder) for ref in box.list()] == [True, True]
    if not isinstance(place, MaildirPlace):  # whose names on disk are coded
        assert place.folder(folder) == [letter(1), letter(2)]
    assert place.inbox() == []


def test_a_message_that_a_person_removed_is_gone(place: Place, box: Mailbox) -> None:
    place.put(letter(1), letter(2))
    gone, kept = box.list()
    place.take_away(0)
    with pytest.raises(MessageGoneError):
        box.fetch(gone)
    assert box.file(gone, FILED, lambda: pytest.fail("there is nothing to move"))
    assert place.folder(FILED) == []
    assert box.fetch(kept).raw == letter(2)


def test_a_name_that_never_was_is_gone(place: Place, box: Mailbox) -> None:
    place.put(letter(1))
    (ref,) = box.list()
    never = MessageRef(mailbox="gateway", key="7/99", uidvalidity=ref.uidvalidity, uid=99)
    with pytest.raises(MessageGoneError):
        box.fetch(never)


def test_two_at_once_see_and_file_the_same_mailbox(place: Place, box: Mailbox) -> None:
    place.put(letter(1), letter(2))
    with closing(place.box()) as another:
        ours, theirs = box.list(), another.list()
        assert box.file(ours[0], FILED)
        assert another.file(theirs[1], FILED)
        assert another.file(theirs[0], FILED)
        assert (box.list(), another.list()) == ([], [])
    assert sorted(place.folder(FILED)) == [letter(1), letter(2)]


def test_a_huge_message_comes_whole(place: Place, box: Mailbox) -> None:
    huge = b"Subject: photographs\r\n\r\n" + b"".join(
        b"%075d\r\n" % number for number in range(25_000_000 // 77)
    )
    place.put(huge, letter(2))
    first, second = box.list()
    assert box.fetch(first).raw == huge
    assert box.fetch(second).raw == letter(2)


def test_a_thousand_messages_are_listed(place: Place, box: Mailbox) -> None:
    place.put(*(letter(number) for number in range(1000)))
    listed = box.list()
    assert len({ref.key for ref in listed}) == 1000
    assert [box.fetch(listed[n]).raw for n in (0, 567, 999)] == [
        letter(0),
        letter(567),
        letter(999),
    ]


def test_what_came_before_the_start_is_left_alone(place: Place) -> None:
    place.put(letter(1), at=THEN - timedelta(days=2))
    place.put(letter(2), at=THEN)
    with closing(place.box(start_at=THEN - timedelta(days=1))) as box:
        for _ in range(2):
            assert [box.fetch(ref).raw for ref in box.list()] == [letter(2)]
        place.put(letter(3), at=THEN + timedelta(days=1))
        assert len(box.list()) == 2
    with closing(place.box()) as box:
        assert len(box.list()) == 3


def test_a_closed_mailbox_may_be_used_again(place: Place, box: Mailbox) -> None:
    place.put(letter(1))
    (ref,) = box.list()
    box.close()
    box.close()
    assert box.fetch(ref).raw == letter(1)
    box.close()
    assert box.file(ref, FILED)
    assert place.folder(FILED) == [letter(1)]


def test_many_threads_each_get_the_message_that_they_asked_for(place: Place, box: Mailbox) -> None:
    place.put(*(letter(number) for number in range(8)))
    listed = box.list()

    def work(seed: int) -> bool:
        for step in range(12):
            number = (seed * 5 + step * 3) % 8
            if box.fetch(listed[number]).raw != letter(number) or len(box.list()) != 8:
                return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(work, range(6)))


def test_closing_meanwhile_harms_nobody(place: Place, box: Mailbox) -> None:
    place.put(*(letter(number) for number in range(4)))
    listed = box.list()
    over = threading.Event()

    def work(number: int) -> int:
        fetched = 0
        while not over.is_set():
            try:
                assert box.fetch(listed[number]).raw == letter(number)
            except MailboxUnavailableError:
                continue  # the call that was running was ended
            fetched += 1
        return fetched

    with ThreadPoolExecutor(4) as threads:
        working = [threads.submit(work, number) for number in range(4)]
        for _ in range(10):
            box.close()
            box.list()
        over.set()
        assert all(future.result(timeout=30) > 0 for future in working)
