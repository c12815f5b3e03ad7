"""A mailbox on an IMAP server."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TypeVar

from intake.mailboxes import imap_message
from intake.mailboxes.base import (
    Fetched,
    MailboxUnavailableError,
    MessageGoneError,
    MessageRef,
    MessageUnreadableError,
)
from intake.mailboxes.imap_thread import OverdueError, SessionThread
from intake.mailboxes.imap_wire import LARGEST_MESSAGE

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable
    from datetime import datetime

    from intake.mailboxes.imap_session import ImapSession
    from intake.mailboxes.imap_wire import ImapAccount

T = TypeVar("T")

_SLOWEST_LINE = 64_000
"""Bytes a second: how much longer than other calls the fetch of a large message may take."""
_OLDEST_CONNECTION_SECONDS = 50 * 60
"""Servers and the things between end connections of an hour or so; better at a time of our own."""
_GOODBYE_SECONDS = 3.0


class ImapMailbox:
    """Mailbox over one connection that is kept between calls, and renewed when it has failed.

    Messages that the server received before `start_at` are left out of the list. No call takes
    longer than `call_seconds`, and `fetch` longer by the time that a large message needs.
    """

    def __init__(
        self,
        *,
        name: str,
        account: ImapAccount,
        folder: str = "INBOX",
        start_at: datetime | None = None,
        call_seconds: float = 120.0,
    ) -> None:
        self.name = name
        self._account = account
        self._folder = folder
        self._start_at = start_at
        self._call_seconds = call_seconds
        self._lock = threading.Lock()
        self._thread: SessionThread | None = None
        self._is_early: dict[tuple[int, int], bool] = {}
        self._closings = 0

    def list(self) -> list[MessageRef]:
        """All of them, each time: no flag says what is new (people read this mailbox too), and no
        highest UID does (a message can become visible late).
        """
        uidvalidity, uids = self._ask(self._uids)
        return [
            MessageRef(
                mailbox=self.name, key=f"{uidvalidity}/{uid}", uidvalidity=uidvalidity, uid=uid
            )
            for uid in uids
        ]

    def fetch(self, ref: MessageRef) -> Fetched:
        """Two questions to the server: how large, then the bytes, in the time these may need."""

        def size_and_date(session: ImapSession) -> tuple[int, datetime | None]:
            return imap_message.size_and_date(session, self._uid(session, ref))

        def body(session: ImapSession) -> bytes:
            return imap_message.body(session, self._uid(session, ref), size)

        size, received_at = self._ask(size_and_date)
        longer = min(size, LARGEST_MESSAGE) / _SLOWEST_LINE
        return Fetched(raw=self._ask(body, longer=longer), received_at=received_at)

    def file(self, ref: MessageRef, folder: str, before: Callable[[], None] = lambda: None) -> bool:
        """By MOVE alone. COPY and EXPUNGE could double a message, or remove what people marked."""

        def move(session: ImapSession) -> bool:
            try:
                uid = self._uid(session, ref)
            except MessageGoneError:
                return False  # under an older UIDVALIDITY: it is listed again, as another message
            if not session.is_there(uid):
                return True
            if not session.has_move or session.read_only:
                return False
            before()
            return session.move(uid, folder)

        return self._ask(move)

    def check(self) -> builtins.list[str]:
        """See Mailbox."""

        def remarks(session: ImapSession) -> builtins.list[str]:
            session.select(self._folder)
            where = f"mailbox {self.name}: {self._account.where}"
            found = []
            if session.read_only:
                found.append(
                    f"{where} opens {self._folder} read-only: messages stay where they are"
                )
            elif not session.has_move:
                found.append(f"{where} cannot move messages (MOVE): they stay in {self._folder}")
            if not session.has_idle:
                found.append(
                    f"{where} cannot tell of new mail (IDLE): it is found at the next poll"
                )
            return found

        return self._ask(remarks)

    def close(self) -> None:
        """See Mailbox. A call that is still running is ended."""
        self._closings += 1
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.close(_GOODBYE_SECONDS)

    def _uids(self, session: ImapSession) -> tuple[int, builtins.list[int]]:
        uidvalidity = session.select(self._folder)
        uids = session.uids()
        start = self._start_at
        if start is None:
            return uidvalidity, uids
        unknown = [uid for uid in uids if (uidvalidity, uid) not in self._is_early]
        dates = imap_message.dates(session, unknown)
        for uid, date in dates.items():
            self._is_early[uidvalidity, uid] = date is not None and date < start
        # What the server gives no date for is listed: nothing is left out on a doubt.
        return uidvalidity, [uid for uid in uids if not self._is_early.get((uidvalidity, uid))]

    def _uid(self, session: ImapSession, ref: MessageRef) -> int:
        """The message's UID in the folder as it is open now."""
        uidvalidity = session.uidvalidity or session.select(self._folder)
        if ref.uid is None or ref.uidvalidity != uidvalidity:
            raise MessageGoneError
        return ref.uid

    def _ask(self, job: Callable[[ImapSession], T], longer: float = 0.0) -> T:
        """On the connection at hand; where that one has died since the last call, on a new one."""
        with self._lock:
            until = time.monotonic() + self._call_seconds + longer
            kept = self._kept()
            closings = self._closings
            if kept is not None:
                try:
                    return self._ask_on(kept, job, until, kept=True)
                except _StaleError as stale:
                    if closings != self._closings:
                        raise stale.trouble from None
            self._thread = SessionThread(self._account)
            return self._ask_on(self._thread, job, until)

    def _ask_on(
        self,
        thread: SessionThread,
        job: Callable[[ImapSession], T],
        until: float,
        *,
        kept: bool = False,
    ) -> T:
        try:
            return thread.ask(job, until - time.monotonic())
        except (MessageGoneError, MessageUnreadableError):
            raise
        except BaseException as trouble:
            self._thread = None
            thread.give_up()
            waited = isinstance(trouble, OverdueError)
            if kept and isinstance(trouble, MailboxUnavailableError) and not waited:
                raise _StaleError(trouble) from None
            raise

    def _kept(self) -> SessionThread | None:
        thread = self._thread
        if thread is not None and time.monotonic() - thread.born > _OLDEST_CONNECTION_SECONDS:
            self.close()
            return None
        return thread


class _StaleError(Exception):
    """The kept connection failed; a new one may do."""

    def __init__(self, trouble: MailboxUnavailableError) -> None:
        super().__init__()
        self.trouble = trouble
