"""A mailbox in memory, a real SQLite store, and passes over the one into the other."""

from __future__ import annotations

import functools
import random
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake.pipeline import Pipeline
from intake.rounds import Pass, Rounds
from intake.rules import Rules
from intake.store import migrate
from intake.store.store import Store
from parsers.model import Extraction, Readability, Reason
from tests.unit.builders import NOW, is_own, stationery
from tests.unit.memory_mailbox import MemoryMailbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from intake.mailboxes.base import Mailbox

FILED, ATTENTION = "Intake/Filed", "Intake/Attention"


def letter(number: int, sender: str = "rowan@school.example.org") -> bytes:
    """A message without a form, which is a case all the same."""
    return (
        f"Received: from mail.example.org; Tue, 24 Nov 2026 09:00:00 +0000\r\n"
        f"From: {sender}\r\nTo: gateway@example.police.uk\r\nSubject: Referral {number}\r\n"
        f"Message-ID: <{number}@school.example.org>\r\nDate: Tue, 24 Nov 2026 09:00:00 +0000\r\n"
        f"\r\nPlease call me about number {number}.\r\n"
    ).encode()


def unreadable(_content: bytes, _today: date) -> Extraction:
    """No document is ever readable here; none is sent either."""
    return Extraction(
        sha256="0" * 64,
        media_type="application/pdf",
        readability=Readability.NONE,
        reason=Reason.DAMAGED,
        forms=[],
    )


@functools.cache
def _empty_database() -> bytes:
    """An SQLite file with every table, made once: the migrations take longer than a test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "intake.db"
        store = Store.open(f"sqlite:///{path}", path.parent / "originals")
        migrate.upgrade(store.database)
        store.close()
        return path.read_bytes()


class Rig:
    """Everything that a pass needs, in one folder; `crash` and `after` act at its steps."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.box = MemoryMailbox()
        self.folder = folder
        self.url = url or f"sqlite:///{folder / 'intake.db'}"
        self.now: datetime = NOW
        self.after: Callable[[str], None] = lambda _step: None
        self.read: Callable[[bytes, date], Extraction] = unreadable
        self.shadow = False
        if url is None:
            (folder / "intake.db").write_bytes(_empty_database())
        self.store = Store.open(self.url, folder / "originals")
        if url is not None:
            migrate.upgrade(self.store.database)
        self._rounds: Rounds | None = None

    def restart(self) -> None:
        """As a new process: nothing is remembered but what is stored."""
        self._rounds = None

    def rounds(self, mailbox: Mailbox | None = None) -> Rounds:
        """The passes of one process."""
        letters = stationery()
        pipeline = Pipeline(
            self.store,
            self._read,
            letters,
            clock=lambda: self.now,
            rng=random.Random(7),
            after=self._after,
        )
        rules = Rules(
            reference_prefix="EX",
            is_own=is_own,
            trusted="topmost",
            acknowledge=True,
            per_sender_per_day=50,
            exempt=frozenset(),
            filed_folder=FILED,
            attention_folder=ATTENTION,
            shadow=self.shadow,
        )
        return Rounds(
            mailbox or self.box,
            rules,
            pipeline,
            self.store,
            letters,
            clock=lambda: self.now,
            after=self._after,
        )

    def _read(self, content: bytes, today: date) -> Extraction:
        return self.read(content, today)

    def _after(self, step: str) -> None:
        self.after(step)

    def go(self, **how: Any) -> Pass:
        """One pass, a minute after the one before."""
        self.now += timedelta(minutes=1)
        if self._rounds is None:
            self._rounds = self.rounds()
        return self._rounds.run(**how)

    # What came of it

    def ledger(self) -> list[dict[str, Any]]:
        """As `messages list --json`."""
        return list(self.store.ledger.listing())

    def states(self) -> list[str]:
        """In order of arrival."""
        return [row["state"] for row in self.ledger()]

    def filed(self) -> list[str | None]:
        """Where the ledger says that we moved each message."""
        return [row["filed_to"] for row in self.ledger()]

    def cases(self) -> list[dict[str, Any]]:
        """As `cases list --json`."""
        return list(self.store.cases.listing())

    def owed(self, kind: str) -> list[dict[str, Any]]:
        """Deliveries of a kind, as `deliveries list --json`."""
        return [each for each in self.store.deliveries.listing() if each["kind"] == kind]
