"""Messages as referrers' mail programs make them."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from intake.app import utc_now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def mail(
    *,
    sender: str,
    to: str,
    attachments: Sequence[tuple[str, bytes]] = (),
    subject: str = "Referral",
    text: str = "Please find a referral form attached.",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A message with `attachments` of (file name, content), said to be PDF."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = make_msgid(domain="mail.example.org")
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    for name, content in attachments:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()
