"""The one thread that touches an IMAP session, so that whoever asks can stop waiting for it."""

from __future__ import annotations

import concurrent.futures
import threading
import time
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from intake.mailboxes.base import (
    MailboxUnavailableError,
    MessageGoneError,
    MessageUnreadableError,
)
from intake.mailboxes.imap_session import ImapSession
from intake.mailboxes.imap_wire import Lifeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.mailboxes.imap_wire import ImapAccount

T = TypeVar("T")

_LOOK_FOR_STOP_SECONDS = 0.2


class OverdueError(MailboxUnavailableError):
    """The server took longer than the whole call may take."""


class SessionThread:
    """Opens a session with the first job and does one job after another on it.

    imapclient is not thread-safe, and a socket's time-out is per read: a server that drips holds a
    command for ever. Past its time a job is given up with connection and thread, and neither is
    used again; the thread is a daemon that nobody joins, and ends once its read returns.
    """

    def __init__(self, account: ImapAccount) -> None:
        self.born = time.monotonic()
        self._account = account
        self._lifeline = Lifeline()
        self._door = threading.Lock()
        self._over = False
        self._jobs: SimpleQueue[
            tuple[Callable[[ImapSession], Any], concurrent.futures.Future[Any]] | None
        ] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="imap", daemon=True)
        self._thread.start()

    def ask(
        self,
        job: Callable[[ImapSession], T],
        seconds: float,
        stop: threading.Event | None = None,
    ) -> T:
        """What `job` returns or raises. OverdueError after `seconds`, or soon after `stop` is set.

        After anything but MessageGoneError and MessageUnreadableError the thread is spent.
        """
        answer: concurrent.futures.Future[T] = concurrent.futures.Future()
        with self._door:
            if self._over:
                raise self._ended()
            self._jobs.put((job, answer))
        until = time.monotonic() + seconds
        while not answer.done():
            left = until - time.monotonic()
            if left <= 0 or (stop is not None and stop.is_set()):
                self.give_up()
                raise OverdueError(f"{self._account.where} took too long to answer")
            slice_ = left if stop is None else min(left, _LOOK_FOR_STOP_SECONDS)
            concurrent.futures.wait([answer], slice_)
        return answer.result()

    def give_up(self) -> None:
        """End the connection and the thread, whatever they are stuck in. Does not wait."""
        self._lifeline.cut()
        self._jobs.put(None)

    def close(self, seconds: float) -> None:
        """Log out and end; given up when that takes longer than `seconds`."""
        self._jobs.put(None)
        self._thread.join(seconds)
        self._lifeline.cut()

    def _work(self) -> None:
        session: ImapSession | None = None
        try:
            while (item := self._jobs.get()) is not None:
                job, answer = item
                try:
                    session = session or ImapSession.open(self._account, self._lifeline)
                    answer.set_result(job(session))
                except (MessageGoneError, MessageUnreadableError) as error:
                    answer.set_exception(error)
                except BaseException as error:  # noqa: BLE001 - raised again by whoever asked
                    answer.set_exception(error)
                    return
        finally:
            self._refuse_the_rest()
            if session is not None:
                session.close()
            self._lifeline.cut()

    def _refuse_the_rest(self) -> None:
        """Nobody may wait for an answer to a job that came after the end."""
        with self._door:
            self._over = True
            while not self._jobs.empty():
                if (item := self._jobs.get()) is not None:
                    item[1].set_exception(self._ended())

    def _ended(self) -> MailboxUnavailableError:
        return MailboxUnavailableError(f"the connection to {self._account.where} was closed")
