"""What was received: one message and the documents in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

INCOMPLETE = frozenset(
    {
        "base64-damaged",
        "boundary-guessed",
        "boundary-missing",
        "content-outside-parts",
        "content-type-repeated",
        "encoding-unknown",
        "external-body",
        "header-block-too-long",
        "header-line-without-name",
        "header-too-long",
        "message-partial",
        "multipart-not-closed",
        "too-deep",
        "too-many-addresses",
        "too-many-headers",
        "too-many-parts",
        "too-much",
        "uuencode-damaged",
    }
)
"""The defects after which something in a message may not have been looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One file found in a message.

    `part` is its path inside the message: "2", "2.1" (RFC 3501 §6.4.5 numbering); `name` is as
    sent, cleaned of control and direction characters, at most 150 characters, for showing to
    people and never a path. `media_type` comes from the content; `declared_type` is what the
    sender said.
    `decoration`: an inline image of an HTML body, such as a logo in a signature, or the signature
    of a signed message.
    """

    part: str
    name: str | None
    media_type: str
    declared_type: str
    content: bytes
    decoration: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundMessage:
    """What one message says of itself. Nothing in it is trusted; what can't be read is None.

    Addresses are lower-cased addr-specs. `sender` is the From address when there is exactly one.
    `return_path` is the envelope sender as the server noted it: None when there is no such header,
    "" for the null path of a bounce. `recipients` are To and Cc. `received_at` is the topmost
    Received header's time. `content_digest` names what was said, whoever carried it: the same
    message fetched twice, or re-encoded on its way, has the same one. `headers` are (lower-cased
    name, value) in order. `defects` are short codes of what was wrong with it.
    """

    size: int
    sha256: str
    message_id: str | None
    sender: str | None
    return_path: str | None
    recipients: tuple[str, ...]
    subject: str | None
    received_at: datetime | None
    content_digest: str
    headers: tuple[tuple[str, str], ...]
    documents: tuple[Document, ...]
    has_text: bool
    defects: tuple[str, ...]

    @property
    def incomplete(self) -> bool:
        """Whether something in it could not be looked at: a person has to open the original."""
        return not INCOMPLETE.isdisjoint(self.defects)

    def header(self, name: str) -> list[str]:
        """Every value of a header, topmost first; `name` lower-cased."""
        return [value for key, value in self.headers if key == name]


class Authenticity(StrEnum):
    """What the gateway's own mail server found out about the sender (RFC 8601)."""

    PASS = "pass"  # noqa: S105 - a verdict, not a secret
    FAIL = "fail"
    NONE = "none"
    """The server looked, and the sender's domain publishes nothing to check against."""
    UNKNOWN = "unknown"
    """No verdict that we may believe."""


class Withheld(StrEnum):
    """Why no acknowledgement is sent, in the order in which the gates are tried."""

    DISABLED = "disabled"
    BOUNCE = "bounce"
    AUTO_SUBMITTED = "auto_submitted"
    LIST = "list"
    OWN_ADDRESS = "own_address"
    NO_RETURN_ADDRESS = "no_return_address"
    AUTHENTICATION_FAILED = "authentication_failed"
    STALE = "stale"
    DUPLICATE = "duplicate"
    RATE_LIMIT = "rate_limit"


class Machine(StrEnum):
    """Which kind of machine wrote a message that plainly no person did."""

    BOUNCE = "bounce"
    RECEIPT = "receipt"
    AUTO_REPLY = "auto_reply"
    OWN_MESSAGE = "own_message"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What may be done with a message. Recording a case never depends on `withheld`.

    `machine`: what kind of machine wrote it, None for everything a person may have sent.
    `withheld`: the first gate that forbids an acknowledgement, None when it may be sent to
    `reply_to`.
    """

    machine: Machine | None
    withheld: Withheld | None
    reply_to: str | None
    authenticity: Authenticity
