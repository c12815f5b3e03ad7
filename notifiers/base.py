"""The contract of a channel: one finished notification, one try, one clear outcome."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, kw_only=True, slots=True)
class Notification:
    """What is to be sent, finished: `body` goes out byte for byte, to one `recipient`.

    `sender` is the envelope sender ("" for the null path, RFC 5321 §4.5.5). `id` is our delivery's
    id: the only thing of a notification that may stand in a log.
    """

    id: str
    body: bytes
    sender: str
    recipient: str


class Scope(StrEnum):
    """Whose fault a failed try is."""

    RECIPIENT = "recipient"
    """This notification, or the address it goes to: others may still get through."""
    LANE = "lane"
    """The channel itself (not reachable, not verified, log-in or sender refused, throttled): the
    notification is innocent, its attempts don't count, and the others would fare no better now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The other side has taken responsibility. `reply` is its answer, at most 200 characters, from
    the server and not from the referral, with every address in it replaced by "<…>".
    """

    reply: str


class DeliveryError(Exception):
    """A try that is known not to have been accepted.

    `permanent`: trying again as it is would not help. `code` is a short machine word or status
    ("550 5.1.1", "tls", "unreachable") without anything personal; so is `str()`.
    """

    def __init__(self, code: str, *, permanent: bool, scope: Scope = Scope.RECIPIENT) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.scope = scope


class OutcomeUnknownError(Exception):
    """Everything was handed over and no answer came: nobody knows whether it was accepted."""


class Notifier(Protocol):
    """One channel. It tries once and says what happened; the outbox owns retries and time.

    `send` is called by one thread at a time. It calls `before_data()` exactly once, immediately
    before the first byte after which the outcome can be unknown; what `before_data` raises comes
    out unchanged and nothing is sent. It raises DeliveryError or OutcomeUnknownError, nothing else
    of its own. `close` may be called at any time between sends.
    """

    def send(self, notification: Notification, before_data: Callable[[], None]) -> Accepted:
        """Try once."""

    def check(self) -> None:
        """Connect, verify and log in without sending anything; DeliveryError when it fails."""

    def close(self) -> None:
        """Let go of connections; the next send opens new ones."""
