"""One process at a time over a mailbox, on this machine."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


class MailboxBusyError(Exception):
    """Another process of this program holds the mailbox. One sentence."""


class MailboxLock:
    """Held from `with` to the end of it, or of the process: the kernel lets go of it even after
    SIGKILL (flock(2)), so that no stale lock can ever keep a mailbox from being read.
    """

    def __init__(self, folder: Path, mailbox: str) -> None:
        self._path = folder / f"{mailbox}.lock"
        self._mailbox = mailbox
        self._descriptor: int | None = None

    def __enter__(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise MailboxBusyError(
                f"mailbox {self._mailbox}: another referral-intake process holds it; try again "
                f"when that one has ended"
            ) from None
        self._descriptor = descriptor

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
