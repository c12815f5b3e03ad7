"""Finished mail: headers that never come from a referral, and bytes that never change."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MARK = "X-Referral-Intake"
"""The header by which we know our own messages when they come back."""

_LONGEST_LINE = 990  # RFC 5321 §4.5.3.1.6 allows 998
_POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """Who our mail is from. `sender` is a header value (`Name <address>`)."""

    sender: str
    mark: str

    @property
    def domain(self) -> str:
        """The domain under which our Message-IDs are unique."""
        return parseaddr(self.sender)[1].rpartition("@")[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A JSON file beside the text."""

    name: str
    text: str


def letter(
    head: Letterhead,
    *,
    to: str,
    message_id: str,
    subject: str,
    text: str,
    date: datetime,
    auto_submitted: str,
    in_reply_to: str | None = None,
    attachment: Attachment | None = None,
) -> bytes:
    """One mail as bytes: CRLF, 7-bit, one recipient. `auto_submitted` as in RFC 3834 §5."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = head.sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = message_id
    if in_reply_to is not None:
        mail["In-Reply-To"] = in_reply_to
        mail["References"] = in_reply_to
    mail["Auto-Submitted"] = auto_submitted
    mail["X-Auto-Response-Suppress"] = "All"
    mail[MARK] = head.mark
    plain = text.isascii() and max(map(len, text.splitlines()), default=0) < _LONGEST_LINE
    mail.set_content(text + "\n", charset="utf-8", cte="7bit" if plain else "quoted-printable")
    if attachment is not None:
        mail.add_attachment(
            attachment.text.encode("ascii"),
            maintype="application",
            subtype="json",
            filename=attachment.name,
        )
    return mail.as_bytes()
