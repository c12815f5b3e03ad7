"""From the bytes of one message to what it says of itself."""

from __future__ import annotations

import email
import email.policy
import hashlib
import json
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from intake.mail import addresses as mail_addresses
from intake.mail import headers as mail_headers
from intake.mail.model import InboundMessage
from intake.mail.parts import Leaves

if TYPE_CHECKING:
    from datetime import datetime

    from intake.mail.model import Document

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")


def parse(raw: bytes) -> InboundMessage:
    """What the message says. Pure, and never raises: what can't be read is None, or a defect."""
    headers, defects = mail_headers.scan(raw)
    values = _by_name(headers)
    documents: tuple[Document, ...] = ()
    texts: list[str] = []
    wrong = set(defects)
    try:
        leaves = Leaves(email.message_from_bytes(_from_header(raw), policy=email.policy.compat32))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, MemoryError):
        wrong.add("mime-unreadable")
    else:
        documents, texts = tuple(leaves.documents), leaves.texts
        wrong |= leaves.defects
    senders = mail_addresses.addresses(values.get("from", []))
    message_id = _message_id(values.get("message-id", []))
    subject = mail_headers.decoded(values["subject"][0]) if values.get("subject") else None
    return InboundMessage(
        size=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
        message_id=message_id,
        sender=senders[0] if len(senders) == 1 and len(values["from"]) == 1 else None,
        return_path=mail_addresses.return_path(values.get("return-path", [])),
        recipients=mail_addresses.addresses(values.get("to", []) + values.get("cc", [])),
        subject=subject,
        received_at=_received_at(values.get("received", [])),
        content_digest=_digest(senders, values, message_id, subject, texts, documents),
        headers=headers,
        documents=documents,
        has_text=any(text.strip() for text in texts),
        defects=tuple(sorted(wrong)),
    )


def _by_name(headers: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    return values


def _from_header(raw: bytes) -> bytes:
    """The message from its header on: the standard library takes a byte order mark, a blank line
    or an mbox line before it for the end of the header.
    """
    start = raw.find(mail_headers.block_of(raw)[:64]) if raw else 0
    return raw[max(start, 0) :]


def _message_id(values: list[str]) -> str | None:
    found = _MESSAGE_ID.search(values[0]) if values else None
    return found[0] if found else None


def _received_at(values: list[str]) -> datetime | None:
    """The time of the topmost Received header (RFC 5321 §4.4: after its last semicolon)."""
    if not values:
        return None
    stamp = values[0][:1000].rpartition(";")[2].strip()
    try:
        received = parsedate_to_datetime(stamp)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if received.tzinfo is None:
        received = received.replace(tzinfo=UTC)
    try:
        return received.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _digest(  # noqa: PLR0917 - one private call, spelled in order
    senders: tuple[str, ...],
    values: dict[str, list[str]],
    message_id: str | None,
    subject: str | None,
    texts: list[str],
    documents: tuple[Document, ...],
) -> str:
    """Names what was said, by whom and when, whatever encoding or relay carried it."""
    said = [
        list(senders),
        " ".join(" ".join(values.get("date", [])).split()),
        message_id,
        subject,
        sorted(" ".join(text.split()) for text in texts if text.strip()),
        sorted(hashlib.sha256(document.content).hexdigest() for document in documents),
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
