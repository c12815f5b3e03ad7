"""Messages that break the program, disks and databases that fail it: each in its own way."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from intake.store.engine import StoreUnavailableError
from tests.samples import messages
from tests.unit.rounds_rig import ATTENTION, Rig, letter, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from intake.store.originals import Originals
    from parsers.model import Extraction


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.store.close()


def poison(name: str = "form.pdf") -> bytes:
    return messages.mail(
        sender="rowan@school.example.org",
        to="gateway@example.police.uk",
        attachments=[(name, b"%PDF-1.7\npoison")],
    )


def raising(trouble: Exception) -> Callable[[bytes, date], Extraction]:
    def read(content: bytes, today: date) -> Extraction:
        if b"poison" in content:
            raise trouble
        return unreadable(content, today)

    return read


class Disk:
    """Originals on a disk that can fail."""

    def __init__(self, kept: Originals) -> None:
        self.kept = kept
        self.writing: OSError | None = None
        self.reading: dict[bytes, OSError] = {}

    def put(self, key: str, raw: bytes) -> None:
        if self.writing is not None:
            raise self.writing
        self.kept.put(key, raw)

    def get(self, key: str) -> bytes:
        raw = self.kept.get(key)
        for mark, trouble in self.reading.items():
            if mark in raw:
                raise trouble
        return raw

    def keys(self) -> Iterator[str]:
        return self.kept.keys()


def on_disk(rig: Rig) -> Disk:
    disk = Disk(rig.store.originals)
    rig.store = replace(rig.store, originals=disk)
    return disk


def attempts(rig: Rig) -> list[int]:
    return [row.attempts for row in rig.store.ledger.rows_of("gateway").values()]


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
BAD_SECTOR = OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize("trouble", [ValueError("Jane Doe"), RecursionError(), BAD_SECTOR])
def test_a_message_that_breaks_the_program_is_quarantined_and_stops_no_other(
    rig: Rig, trouble: Exception
) -> None:
    rig.read = raising(trouble)
    rig.box.put(poison())
    rig.box.put(letter(2))
    assert (rig.go().troubled, rig.states()) == (1, ["accepted", "recorded"])
    assert rig.go().troubled == 1
    assert rig.go().troubled == 1
    rig.box.put(letter(3))
    done = rig.go()
    assert (done.quarantined, done.troubled) == (1, 0)
    assert rig.states() == ["quarantined", "recorded", "recorded"]
    assert rig.filed()[0] == ATTENTION
    assert (len(rig.cases()), len(rig.owed("alert"))) == (3, 3)
    assert rig.box.inbox == {}
    assert rig.go().quarantined == 0


def test_an_original_that_went_bad_is_quarantined_and_stops_no_other(rig: Rig) -> None:
    disk = on_disk(rig)
    disk.reading[b"form.pdf"] = BAD_SECTOR
    rig.box.put(poison())
    rig.box.put(letter(2))
    for _ in range(4):
        rig.go()
    assert rig.states() == ["quarantined", "recorded"]
    assert len(rig.owed("alert")) == 2


def test_a_full_disk_stops_the_pass_and_counts_against_no_message(rig: Rig) -> None:
    disk = on_disk(rig)
    rig.box.put(letter(1))
    rig.box.put(letter(2))
    disk.writing = FULL
    for _ in range(6):
        with pytest.raises(OSError, match="No space"):
            rig.go()
    assert (rig.states(), attempts(rig)) == (["seen", "seen"], [0, 0])
    assert len(rig.box.inbox) == 2
    disk.writing = None
    rig.go()
    assert rig.states() == ["recorded", "recorded"]
    assert len(rig.cases()) == 2


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.ENOMEM, errno.EMFILE, errno.EAGAIN])
def test_a_machine_that_fails_while_reading_counts_against_no_message(
    rig: Rig, number: int
) -> None:
    rig.read = raising(OSError(number, os.strerror(number)))
    rig.box.put(poison())
    for _ in range(6):
        with pytest.raises(OSError, match=os.strerror(number)):
            rig.go()
    assert (rig.states(), attempts(rig)) == (["accepted"], [0])
    rig.read = unreadable
    rig.go()
    assert rig.states() == ["recorded"]


def test_a_full_database_counts_against_no_message(rig: Rig) -> None:
    """The try can still be counted, but the case and what is owed no longer fit."""

    def limit(pages: str) -> None:
        with rig.store.database.reading() as connection:
            connection.execute(sa.text(f"PRAGMA max_page_count = {pages}"))

    for number in range(8):  # until the first page of each table is full
        rig.box.put(letter(number))
    rig.go()
    rig.after = lambda step: limit("1") if step == "composed" else None
    rig.box.put(poison())
    for _ in range(6):
        with pytest.raises(StoreUnavailableError):
            rig.go()
        limit("1000000")
    assert (rig.states()[-1], attempts(rig)[-1]) == ("accepted", 0)
    assert len(rig.cases()) == 8
    assert len(rig.box.inbox) == 1
    rig.after = lambda _step: None
    rig.go()
    assert rig.states() == ["recorded"] * 9
    assert len(rig.owed("alert")) == 9


def test_a_database_that_is_away_stops_the_pass_before_anything_is_fetched(
    rig: Rig, tmp_path: Path
) -> None:
    rig.box.put(letter(1))
    rig.store.close()
    (tmp_path / "intake.db").rename(tmp_path / "away")
    (tmp_path / "intake.db").mkdir()
    with pytest.raises(StoreUnavailableError):
        rig.go()
    assert len(rig.box.inbox) == 1
    assert not any(call.startswith("fetch") for call in rig.box.calls)
    (tmp_path / "intake.db").rmdir()
    (tmp_path / "away").rename(tmp_path / "intake.db")
    rig.go()
    assert rig.states() == ["recorded"]


def test_what_the_database_will_not_hold_is_quarantined_and_stops_no_other(
    tmp_path: Path, postgres_url: str
) -> None:
    """PostgreSQL holds no NUL in a text: a sender must not be able to stop the mailbox by one."""
    rig = Rig(tmp_path, postgres_url)

    def read(content: bytes, today: date) -> Extraction:
        media_type = "application/\0pdf" if b"poison" in content else "application/pdf"
        return replace_type(unreadable(content, today), media_type)

    rig.read = read
    rig.box.put(poison())
    rig.box.put(letter(2))
    for _ in range(3):
        assert rig.go().troubled == 1
    assert rig.go().quarantined == 1
    assert rig.states() == ["quarantined", "recorded"]
    assert rig.box.inbox == {}
    rig.store.close()


def replace_type(extraction: Extraction, media_type: str) -> Extraction:
    return replace(extraction, media_type=media_type)
