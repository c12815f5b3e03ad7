"""A doorbell that somebody listens to."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any

from intake.mailboxes.doorbell import ImapDoorbell
from tests.servers.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.mailboxes.base import Doorbell
    from intake.mailboxes.imap_wire import ImapAccount


class Rings:
    """How often it rang."""

    def __init__(self) -> None:
        self.count = 0
        self.stop = threading.Event()
        self._heard = 0

    def ring(self) -> None:
        self.count += 1

    def next(self, why: str, *, timeout: float = 20) -> None:
        """Wait until it rings, if it has not since the last time."""
        eventually(lambda: self.count > self._heard, f"it rings: {why}", timeout=timeout)
        self._heard = self.count


def bell(account: ImapAccount, **settings: Any) -> ImapDoorbell:
    """With pauses that tests can bear."""
    times: dict[str, Any] = {
        "pauses": (0.05, 0.1),
        "permanent_pause": 0.1,
        "call_seconds": 5.0,
    }
    jitter = Random(7)
    return ImapDoorbell(account=account, folder="INBOX", random=jitter, **{**times, **settings})


@contextmanager
def listening(doorbell: Doorbell) -> Iterator[Rings]:
    """From its first ring on; at the end it is stopped, and has to be quick about that."""
    rings = Rings()
    thread = threading.Thread(target=doorbell.run, args=[rings.ring, rings.stop], daemon=True)
    thread.start()
    try:
        yield rings
        assert thread.is_alive(), "a doorbell never ends of itself"
    finally:
        rings.stop.set()
        began = time.monotonic()
        thread.join(10)
        took = time.monotonic() - began
    # A second is promised; the machine may be slow.
    assert took < 3, f"it took {took:.1f} s to stop"
