"""One logged-in IMAP connection, the only place that speaks imapclient."""

from __future__ import annotations

import contextlib
import imaplib
import logging
import select
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]

from intake.mailboxes.base import MailboxUnavailableError
from intake.mailboxes.imap_entry import connect, log_in
from intake.mailboxes.imap_faults import PASSING, RefusedError, code_of_no, reason
from intake.mailboxes.imap_names import Hierarchy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.mailboxes.imap_wire import ImapAccount, Lifeline, Wire

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
        if len(found) < self.exists:
            # Somebody may just have removed some. An answer that leaves out messages which are
            # there would make them look removed.
            self.select(self.folder)
            found = self._search("ALL")
            if not found and self.exists:
                raise self.broken("it lists none of the messages that it counts")
        return sorted(found)

    def fetch(self, uids: list[int], what: list[str]) -> dict[int, dict[bytes, Any]]:
        """What the server answers of these messages: it may leave out any of them, and any item.

        Raises RefusedError. By lists of checked numbers only: imapclient sends a range, then fails.
        """
        if any(type(uid) is not int or not 0 < uid < 2**32 for uid in uids):
            raise self.broken("that is no UID")
        with self._asking():
            answer: dict[int, dict[bytes, Any]] = self._client.fetch(uids, what)
        return answer

    def is_there(self, uid: int) -> bool:
        """Whether the message is in the folder now."""
        with self._asking():
            self._wire.noop()  # a server may show a removed message until it is asked for news
        return uid in self._search("UID", str(int(uid)))

    def move(self, uid: int, folder: str) -> bool:
        """Whether the message is no longer in the selected folder; it is looked for afterwards.

        The target folder is made when it is missing.
        """
        name = self._name(folder)
        try:
            with self._asking():
                self._client.move([uid], name)
        except RefusedError:
            self.ensure_folder(folder)
            with contextlib.suppress(RefusedError), self._asking():
                self._client.move([uid], name)
        # The answer to MOVE says nothing reliable (imapclient returns leftovers of other answers).
        return not self.is_there(uid)

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
            # Readable, and nothing to read: it has ended, or TLS had some business of its own.
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

    def broken(self, why: str) -> MailboxUnavailableError:
        """To raise where the server's answers make no sense."""
        return MailboxUnavailableError(f"the connection to {self._where} broke off: {why}")

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
                raise self.broken("it refused to list messages")
            # No line at all is no answer (RFC 3501 §7.2.5); several lines are one answer.
            return {int(uid) for line in lines for uid in line.split()}

    def _name(self, folder: str) -> str:
        if not folder.isprintable():
            raise MailboxUnavailableError("a folder's name is not printable", permanent=True)
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
            raise self.broken(reason(error)) from None


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
    """The loggers of imapclient quote messages and server lines, warnings too: none may speak."""
    logger = logging.getLogger("imapclient")
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
