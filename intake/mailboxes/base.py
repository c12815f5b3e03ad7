"""The contract of a mailbox: list, fetch, file. Nothing is ever deleted, no flag is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import builtins
    import threading
    from collections.abc import Callable
    from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRef:
    """Where a message lies.

    `key` is unique and stable within the mailbox (IMAP: "uidvalidity/uid"; Maildir: the unique part
    of the file's name). `uidvalidity` and `uid` are None where the mailbox has none.
    """

    mailbox: str
    key: str
    uidvalidity: int | None = None
    uid: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A message's bytes, and when the server received it (INTERNALDATE, aware UTC) if it knows."""

    raw: bytes
    received_at: datetime | None


class MailboxUnavailableError(Exception):
    """The mailbox as a whole can't be used now. `str()` is one sentence for the operator, without
    secrets and without anything from a message. `permanent`: waiting alone won't cure it (log-in
    refused, certificate not verifiable, folder missing).
    """

    def __init__(self, sentence: str, *, permanent: bool = False) -> None:
        super().__init__(sentence)
        self.permanent = permanent


class MessageGoneError(Exception):
    """The message isn't where it was: somebody moved or removed it."""


class MessageUnreadableError(Exception):
    """The server refuses this one message, or answers without its bytes. Others are not concerned.
    `str()` is a short reason without anything from the message.
    """


class Mailbox(Protocol):
    """One mailbox. Every method raises MailboxUnavailableError when the mailbox can't be used; the
    next call starts afresh on a new connection. May be called from any thread.
    """

    name: str

    def list(self) -> list[MessageRef]:
        """Every message now in the intake folder, oldest first. Changes nothing."""

    def fetch(self, ref: MessageRef) -> Fetched:
        """The message's bytes, exactly. Changes nothing, not even a flag.

        Raises MessageGoneError and MessageUnreadableError.
        """

    def file(self, ref: MessageRef, folder: str, before: Callable[[], None] = lambda: None) -> bool:
        """Move the message out of the intake folder. Creates the folder when it is missing.

        `before` is called right before a move is tried, and never where there is nothing to move
        or no way to. (A connection that breaks meanwhile may have it called twice.)

        True when the message has left the intake folder (moved now, or not there any more), False
        when it is still there because it cannot be moved (the server has no MOVE, RFC 6851; it
        refuses this move; the folder is read-only; its UIDVALIDITY is another): nothing changed.
        """

    def check(self) -> builtins.list[str]:
        """Connect, log in, open the folder, without changing anything. One sentence for each thing
        an operator should mend though the mailbox works (no MOVE, no IDLE); empty when all is well.
        """

    def close(self) -> None:
        """Let go of connections and threads. The mailbox may be used again afterwards."""


class Doorbell(Protocol):
    """Tells that something may have arrived. It carries no message: whoever hears it scans."""

    def run(self, ring: Callable[[], None], stop: threading.Event) -> None:
        """Block until `stop` is set (return within a second of it), calling `ring` whenever mail
        may have arrived, and once after each (re)connection. Never raises: it reconnects with
        backoff.
        """
