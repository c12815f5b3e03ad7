"""A mailbox in a Maildir on this machine."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from intake.mailboxes.base import (
    Fetched,
    MailboxUnavailableError,
    MessageGoneError,
    MessageRef,
    MessageUnreadableError,
)

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterator
    from datetime import datetime

_LARGEST_MESSAGE = 150_000_000
_ROOMS = ("new", "cur")


class MaildirMailbox:
    """Mailbox over a Maildir that other programs use at the same time.

    The directory is the delivering program's: without `new` or `cur` it is refused, never made, or
    a wrong path would be a mailbox that is quiet for ever. Folders are Maildir++: "Intake/Filed" is
    `.Intake.Filed`, and those are made. The unique part of a file's name (before ":") is the key;
    the rest, and whether it lies in `new` or `cur`, changes with every flag that somebody sets.

    A Maildir knows no time of receipt; with `start_at`, the file's modification time stands for it,
    which a delivery sets and a move keeps.
    """

    def __init__(self, *, name: str, path: Path, start_at: datetime | None = None) -> None:
        self.name = name
        self._path = path
        self._start_at = start_at.timestamp() if start_at else None

    def list(self) -> list[MessageRef]:
        """Oldest first by the file's time, then by name."""
        times: dict[str, float] = {}
        for entry in self._entries():
            try:
                found = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # renamed while we looked: see below
            if stat.S_ISDIR(found.st_mode):
                continue
            times[_key(entry.name)] = found.st_mtime
        # A file that went from new/ to cur/ behind our back was seen in neither: look once more.
        for entry in self._entries():
            with contextlib.suppress(FileNotFoundError):
                times.setdefault(_key(entry.name), entry.stat(follow_symlinks=False).st_mtime)
        return [
            MessageRef(mailbox=self.name, key=key)
            for key, time in sorted(times.items(), key=lambda item: (item[1], item[0]))
            if self._start_at is None or time >= self._start_at
        ]
