"""Doorbells: something may have arrived, look now."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from intake.mailboxes.base import MailboxUnavailableError
from intake.mailboxes.imap_thread import SessionThread

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from intake.mailboxes.imap_session import ImapSession
    from intake.mailboxes.imap_wire import ImapAccount

_PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
_SLICE_SECONDS = 0.4


class ImapDoorbell:
    """Listens by IDLE on a connection of its own, and reads nothing that it hears: any word of the
    server, any error and any new connection is a ring, and whoever hears it looks for themselves.

    Where the server has no IDLE it rings once: the poll interval does the work.
    """

    def __init__(
        self,
        *,
        account: ImapAccount,
        folder: str,
        random: Random,
        round_seconds: float = 60.0,
        call_seconds: float = 60.0,
        pauses: tuple[float, ...] = _PAUSES,
        permanent_pause: float = 300.0,
    ) -> None:
        self._account = account
        self._folder = folder
        self._random = random
        self._round_seconds = round_seconds
        self._call_seconds = call_seconds
        self._pauses = pauses
        self._permanent_pause = permanent_pause
        self._failures = 0

    def run(self, ring: Callable[[], None], stop: threading.Event) -> None:
        """See Doorbell."""
        self._failures = 0
        while not stop.is_set():
            thread = SessionThread(self._account)
            try:
                self._listen(thread, ring, stop)
            except MailboxUnavailableError as trouble:
                pause = self._pauses[min(self._failures, len(self._pauses) - 1)]
                if trouble.permanent:
                    # A log-in refused each minute would lock the account that people use too.
                    pause = max(pause, self._permanent_pause)
                self._failures += 1
                stop.wait(pause * self._random.uniform(0.8, 1.2))
            finally:
                thread.give_up()

    def _listen(
        self, thread: SessionThread, ring: Callable[[], None], stop: threading.Event
    ) -> None:
        """Until `stop` is set, or the connection fails."""
        has_idle = thread.ask(self._enter, self._call_seconds, stop)
        ring()
        if not has_idle:
            stop.wait()
            return
        try:
            while not stop.is_set():
                thread.ask(_begin, self._call_seconds, stop)
                heard = self._wait(thread, stop)
                # Rung only once IDLE has ended: what is said until then is part of this ring.
                if thread.ask(_end, self._call_seconds, stop) or heard:
                    ring()
                self._failures = 0
        except MailboxUnavailableError:
            # It may be mail that broke it: imapclient cannot bear a message's arrival between
            # IDLE and the server's "+".
            if not stop.is_set():
                ring()
            raise

    def _wait(self, thread: SessionThread, stop: threading.Event) -> bool:
        """One round of IDLE: short, for a connection can be dead without either end knowing."""
        until = time.monotonic() + self._round_seconds
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            if thread.ask(
                lambda session: session.heard(_SLICE_SECONDS), left + self._call_seconds, stop
            ):
                return True
        return False

    def _enter(self, session: ImapSession) -> bool:
        session.select(self._folder)
        return session.has_idle


def _begin(session: ImapSession) -> None:
    session.idle()


def _end(session: ImapSession) -> bool:
    return session.idle_done()


class MaildirDoorbell:
    """Rings when a name appears in a Maildir's `new` that was not there at the last look."""

    def __init__(self, *, path: Path, look_seconds: float = 0.5) -> None:
        self._new = path / "new"
        self._look_seconds = look_seconds

    def run(self, ring: Callable[[], None], stop: threading.Event) -> None:
        """See Doorbell."""
        seen = self._names()
        ring()
        while not stop.wait(self._look_seconds):
            names = self._names()
            if names - seen:
                ring()
            seen = names

    def _names(self) -> frozenset[str]:
        """Empty while the directory is not there: what it holds when it comes back rings."""
        with contextlib.suppress(OSError):
            return frozenset(path.name for path in self._new.iterdir())
        return frozenset()
