"""One logged-in IMAP connection, the only place that speaks imapclient."""

from __future__ import annotations

import contextlib
import imaplib
import logging
import select
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]

from intake.mailboxes.base import (
    MailboxUnavailableError,
    MessageGoneError,
    MessageUnreadableError,
)
from intake.mailboxes.imap_entry import connect, log_in
from intake.mailboxes.imap_faults import PASSING, RefusedError, code_of_no, reason
from intake.mailboxes.imap_names import Hierarchy
from intake.mailboxes.imap_wire import LARGEST_MESSAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intake.mailboxes.imap_wire import ImapAccount, Lifeline, Wire

_IN_ONE_PIECE = 20_000_000
_PIECE = 4_000_000
_DATES_AT_ONCE = 500
_GOODBYE_SECONDS = 2.0


class ImapSession:
    """Not for use by two threads. Whatever raises MailboxUnavailableError has spoilt the session:
    close it. Nothing here sets a flag, expunges, or puts a word of a message into a command.
    """

    def __init__(self, account: ImapAccount, wire: Wire, lifeline: Lifeline) -> None:
        self._where = account.where
        self._wire = wire
        self._lifeline = lifeline
        self._client: Any = _Client(wire, account)
        self._capabilities: frozenset[bytes] = frozenset()
        self._hierarchy: Hierarchy | None = None
        self.folder = ""
        self.uidvalidity: int | None = None
        self.exists = 0
        self.read_only = False

    @classmethod
    def open(cls, account: ImapAccount, lifeline: Lifeline) -> ImapSession:
        """Connect, verify, log in. `lifeline` can cut all of it short from another thread."""
        _silence()
        session = cls(account, connect(account, lifeline), lifeline)
        try:
            with session._asking():
                log_in(session._wire, account)
            with session._asking():
                # Never from the greeting: Exchange names MOVE only to those who are logged in.
                _, (words,) = session._wire.capability()
                session._capabilities = frozenset(words.upper().split())
        except BaseException:
            session._hang_up()
            raise
        return session

    @property
    def has_move(self) -> bool:
        """RFC 6851."""
        return b"MOVE" in self._capabilities

    @property
    def has_idle(self) -> bool:
        """RFC 2177."""
        return b"IDLE" in self._capabilities

    def select(self, folder: str) -> int:
        """Open the folder anew; its UIDVALIDITY. Read-write, or read-only where that is refused."""
        name = self._name(folder)
        self.uidvalidity = None
        try:
            with self._asking():
                try:
                    answer = self._client.select_folder(name)
                    self.read_only = False
                except imaplib.IMAP4.readonly:
                    answer = self._client.select_folder(name, readonly=True)
                    self.read_only = True
                self.exists = int(answer[b"EXISTS"])
                self.uidvalidity = uidvalidity = int(answer[b"UIDVALIDITY"])
        except RefusedError as refusal:
            raise MailboxUnavailableError(
                f"the folder {folder} cannot be opened on {self._where}",
                permanent=refusal.code not in PASSING,
            ) from None
        self.folder = folder
        return uidvalidity

    def uids(self) -> list[int]:
        """Every UID now in the folder, ascending."""
        found = self._search("ALL")
        if not found and self.exists:
            # Somebody may just have emptied it. An answer without numbers while messages are there
            # would make all of them look removed.
            self.select(self.folder)
            found = self._search("ALL")
            if not found and self.exists:
                raise self._broken("it lists none of the messages that it counts")
        return sorted(found)

    def dates(self, uids: Iterable[int]) -> dict[int, datetime | None]:
        """INTERNALDATE of each message that is there, aware UTC; None where it gives no date."""
        wanted = list(uids)
        dates: dict[int, datetime | None] = {}
        for start in range(0, len(wanted), _DATES_AT_ONCE):
            some = [_checked_uid(uid) for uid in wanted[start : start + _DATES_AT_ONCE]]
            with contextlib.suppress(RefusedError):
                for uid, answer in self._fetch(some, ["INTERNALDATE"]).items():
                    dates[uid] = _utc(answer.get(b"INTERNALDATE"))
        return dates

    def size_and_date(self, uid: int) -> tuple[int, datetime | None]:
        """RFC822.SIZE (a hint: Exchange is often wrong) and INTERNALDATE (aware UTC)."""
        answer = self._fetch_one(uid, ["RFC822.SIZE", "INTERNALDATE"])
        size = answer.get(b"RFC822.SIZE")
        if not isinstance(size, int):
            raise self._without_answer(uid)
        return size, _utc(answer.get(b"INTERNALDATE"))

    def body(self, uid: int, size: int) -> bytes:
        """The message's bytes. `size` as said before: a large message comes in pieces."""
        if size > LARGEST_MESSAGE:
            raise MessageUnreadableError("the message is too large")
        if size <= _IN_ONE_PIECE:
            return self._piece(uid, "BODY.PEEK[]", b"BODY[]") or self._nothing(uid)
        pieces: list[bytes] = []
        got = 0
        while got <= LARGEST_MESSAGE:
            piece = self._piece(uid, f"BODY.PEEK[]<{got}.{_PIECE}>", b"BODY[]<%d>" % got)
            if len(piece) > _PIECE:
                raise self._broken("it answered with more than was asked for")
            pieces.append(piece)
            got += len(piece)
            # Only an empty piece ends a message that is shorter than it was said to be, or a
            # server that gives less at a time than it was asked for would cut the tail off.
            if not piece or (len(piece) < _PIECE and got >= size):
                return b"".join(pieces) or self._nothing(uid)
        raise MessageUnreadableError("the message is too large")

    def move(self, uid: int, folder: str) -> bool:
        """Whether the message is no longer in the selected folder; it is looked for afterwards.
        The target folder is made when it is missing."""
        name = self._name(folder)
        if not self._is_there(uid):
            return True
        try:
            with self._asking():
                self._client.move([uid], name)
        except RefusedError:
            self.ensure_folder(folder)
            with contextlib.suppress(RefusedError), self._asking():
                self._client.move([uid], name)
        # The answer to MOVE says nothing reliable (imapclient returns leftovers of other answers).
        return not self._is_there(uid)

    def ensure_folder(self, folder: str) -> None:
        """Make the folder unless it is there."""
        name = self._name(folder)
        with contextlib.suppress(RefusedError), self._asking():
            self._client.create_folder(name)

    def idle(self) -> None:
        """Ask to be told of changes (RFC 2177); `heard` and `idle_done` follow."""
        with self._asking():
            self._client.idle()

    def heard(self, seconds: float) -> bool:
        """Whether the server said anything while idling, waiting up to `seconds` for it.

        What it said is not read: a line may be half here, and any line is reason enough to look.
        """
        with self._asking(fresh=False):
            if self._wire.peek():
                return True
            poll = select.poll()
            poll.register(self._wire.sock, select.POLLIN)
            if not poll.poll(seconds * 1000):
                return False
            # A readable socket with nothing to read has ended; only TLS can have had other business.
            said = self._wire.peek()
            if said == b"":
                raise self._wire.abort("EOF")
            return bool(said)

    def idle_done(self) -> bool:
        """Stop idling; whether the server had said anything."""
        with self._asking(fresh=False):
            _, lines = self._client.idle_done()
            self._wire.begin()
        return bool(lines)

    def close(self) -> None:
        """Log out, politely if that is quick. CLOSE is never sent: it would expunge."""
        with contextlib.suppress(Exception):
            self._wire.sock.settimeout(_GOODBYE_SECONDS)
            self._wire.logout()
        self._hang_up()

    def _hang_up(self) -> None:
        with contextlib.suppress(Exception):
            self._wire.shutdown()
        self._lifeline.cut()

    def _search(self, *criteria: str) -> set[int]:
        with self._asking():
            kind, lines = self._wire.uid("SEARCH", *criteria)
            if kind != "OK":
                raise self._broken("it refused to list messages")
            # No line at all is no answer (RFC 3501 §7.2.5); several lines are one answer.
            return {int(uid) for line in lines for uid in line.split()}

    def _is_there(self, uid: int) -> bool:
        with self._asking():
            self._wire.noop()  # a server may show a removed message until it is asked for news
        return uid in self._search("UID", str(_checked_uid(uid)))

    def _fetch(self, uids: list[int], what: list[str]) -> dict[int, dict[bytes, Any]]:
        with self._asking():
            answer: dict[int, dict[bytes, Any]] = self._client.fetch(uids, what)
        return answer

    def _fetch_one(self, uid: int, what: list[str]) -> dict[bytes, Any]:
        try:
            answer = self._fetch([_checked_uid(uid)], what).get(uid)
        except RefusedError:
            answer = None
        if answer is None:
            raise self._without_answer(uid)
        return answer

    def _piece(self, uid: int, what: str, key: bytes) -> bytes:
        answer = self._fetch_one(uid, [what])
        if key not in answer:
            raise self._without_answer(uid)
        data = answer[key]
        return data if isinstance(data, bytes) else b""

    def _nothing(self, uid: int) -> bytes:
        raise self._without_answer(uid)

    def _without_answer(self, uid: int) -> Exception:
        """A removed message, and one that the server cannot render, both answer with nothing."""
        if self._is_there(uid):
            return MessageUnreadableError("the server does not give the message")
        return MessageGoneError()

    def _name(self, folder: str) -> str:
        if any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in folder):
            raise ValueError("a folder's name has a control character")
        if folder.upper() == "INBOX":
            return "INBOX"
        if self._hierarchy is None:
            self._hierarchy = self._ask_hierarchy()
        return self._hierarchy.name(folder)

    def _ask_hierarchy(self) -> Hierarchy:
        if b"NAMESPACE" in self._capabilities:
            with contextlib.suppress(RefusedError), self._asking():
                own, *others = self._client.namespace()
                if own:
                    prefix, delimiter = own[0]
                    foreign = tuple(name for kind in others for name, _ in kind or () if name)
                    return Hierarchy(delimiter=delimiter, prefix=prefix, others=foreign)
        with contextlib.suppress(RefusedError), self._asking():
            ((_, delimiter, _),) = self._client.list_folders("", "")
            return Hierarchy(delimiter=delimiter.decode("ascii") if delimiter else None)
        return Hierarchy(delimiter="/")

    @contextlib.contextmanager
    def _asking(self, *, fresh: bool = True) -> Iterator[None]:
        """NO becomes RefusedError; whatever else goes wrong has spoilt the connection.

        `from None` throughout: imaplib's errors quote the line they broke at, perhaps a referral.
        """
        try:
            if fresh:
                self._wire.begin()
            yield
        except (MailboxUnavailableError, RefusedError):
            raise
        except Exception as error:  # noqa: BLE001 - answers can be wrong in every way there is
            code = code_of_no(error)
            if code is not None:
                raise RefusedError(code) from None
            raise self._broken(reason(error)) from None

    def _broken(self, why: str) -> MailboxUnavailableError:
        return MailboxUnavailableError(f"the connection to {self._where} broke off: {why}")


class _Client(IMAPClient):  # type: ignore[misc]
    """imapclient over a connection that we made and verified."""

    def __init__(self, wire: Wire, account: ImapAccount) -> None:
        self._made = wire
        timeout = SocketTimeout(connect=account.connect_seconds, read=account.read_seconds)
        # ssl=False: encryption is the wire's business, and imapclient then has no opinion on ports.
        super().__init__(account.host, account.port, ssl=False, timeout=timeout)
        self.normalise_times = False  # aware datetimes; its default is naive local time
        if hasattr(wire, "debug"):
            wire.debug = 0  # imapclient's 5 formats every message for a log that nobody reads

    def _create_IMAP4(self) -> Wire:  # noqa: N802 - imapclient's name
        return self._made


def _silence() -> None:
    """imapclient's loggers write messages and server lines; nothing of them reaches anybody."""
    logger = logging.getLogger("imapclient")
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())  # or warnings would go to standard error


def _utc(date: datetime | None) -> datetime | None:
    """None for a date that no clock can show, or without a zone."""
    if date is None or date.tzinfo is None:
        return None
    try:
        return date.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _checked_uid(uid: int) -> int:
    if type(uid) is not int or not 0 < uid < 2**32:
        raise ValueError("not a UID")
    return uid
