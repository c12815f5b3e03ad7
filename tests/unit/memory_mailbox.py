"""A mailbox in memory, for tests of decisions; it keeps the contract of the real ones."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from intake.mailboxes.base import Fetched, MailboxUnavailableError, MessageGoneError, MessageRef

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable
    from datetime import datetime


class MemoryMailbox:
    """Messages by UID. A test may change everything at any time, and `troubles` makes calls fail:
    what stands under "list", "check", "file" or a UID (its fetch) is raised.
    """

    def __init__(self, name: str = "gateway", *, start_at: datetime | None = None) -> None:
        self.name = name
        self.uidvalidity = 7
        self.inbox: dict[int, tuple[bytes, datetime | None]] = {}
        self.folders: dict[str, list[bytes]] = {}
        self.hidden: set[int] = set()
        """UIDs that the next listing leaves out, though they are there."""
        self.hidden_for = 1
        """For how many listings."""
        self.can_move = True
        self.troubles: dict[str | int, Exception] = {}
        self.calls: list[str] = []
        self._start_at = start_at
        self._next = 1
        self._lock = threading.Lock()

    # What the world does

    def put(self, raw: bytes, received_at: datetime | None = None) -> int:
        """A message arrives; its UID."""
        with self._lock:
            uid, self._next = self._next, self._next + 1
            self.inbox[uid] = (raw, received_at)
            return uid

    def renumber(self) -> None:
        """The server gives every message another UID, under another UIDVALIDITY."""
        with self._lock:
            self.uidvalidity += 1
            kept = list(self.inbox.values())
            self.inbox = dict(enumerate(kept, start=1))
            self._next = len(kept) + 1

    # Mailbox

    def list(self) -> list[MessageRef]:
        """See Mailbox."""
        with self._lock:
            self._call("list")
            left_out = self.hidden if self.hidden_for > 0 else set()
            self.hidden_for -= bool(left_out)
            return [
                self._ref(uid)
                for uid, (_, date) in sorted(self.inbox.items())
                if uid not in left_out and not (self._start_at and date and date < self._start_at)
            ]

    def fetch(self, ref: MessageRef) -> Fetched:
        """See Mailbox."""
        with self._lock:
            self._call("fetch", ref.uid)
            if ref.uid is None or ref.uidvalidity != self.uidvalidity or ref.uid not in self.inbox:
                raise MessageGoneError
            raw, received_at = self.inbox[ref.uid]
            return Fetched(raw=raw, received_at=received_at)

    def file(self, ref: MessageRef, folder: str, before: Callable[[], None] = lambda: None) -> bool:
        """See Mailbox."""
        with self._lock:
            self._call("file")
            if ref.uid is None or ref.uidvalidity != self.uidvalidity:
                return False
            if ref.uid not in self.inbox:
                return True
            if not self.can_move:
                return False
            before()
            raw, _ = self.inbox.pop(ref.uid)
            self.folders.setdefault(folder, []).append(raw)
            return True

    def check(self) -> builtins.list[str]:
        """See Mailbox."""
        with self._lock:
            self._call("check")
        return [] if self.can_move else [f"mailbox {self.name} cannot move messages"]

    def close(self) -> None:
        """See Mailbox."""
        self.calls.append("close")

    def down(self) -> None:
        """Be unreachable."""
        gone = MailboxUnavailableError("the mailbox is out of reach")
        self.troubles |= dict.fromkeys(("list", "check", "file", "fetch"), gone)

    def _ref(self, uid: int) -> MessageRef:
        return MessageRef(
            mailbox=self.name,
            key=f"{self.uidvalidity}/{uid}",
            uidvalidity=self.uidvalidity,
            uid=uid,
        )

    def _call(self, name: str, uid: int | None = None) -> None:
        self.calls.append(name if uid is None else f"{name} {uid}")
        for key in (name, uid):
            if key is not None and key in self.troubles:
                raise self.troubles[key]
