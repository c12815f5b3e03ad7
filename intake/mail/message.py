"""From the bytes of one message to what it says of itself."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from intake.mail import addresses as mail_addresses
from intake.mail import headers as mail_headers
from intake.mail.model import INCOMPLETE, InboundMessage
from intake.mail.parts import Leaves
from intake.mail.words import decoded

if TYPE_CHECKING:
    from datetime import datetime

    from intake.mail.model import Document

_WHITE = b" \t\r\n\x0b\x0c"
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")


def parse(raw: bytes) -> InboundMessage:
    """What the message says. Pure, and never raises: what can't be read is None, or a defect."""
    text = raw if b"\n" in raw else raw.replace(b"\r", b"\n")
    head = mail_headers.read(text, 0, len(text), outermost=True)
    leaves = Leaves(text, head)
    values = _by_name(head.fields)
    senders = mail_addresses.addresses(values.get("from", []))
    message_id = _message_id(values.get("message-id", []))
    subject = decoded(values["subject"][0]) if values.get("subject") else None
    sha256 = hashlib.sha256(raw).hexdigest()
    recipients = mail_addresses.addresses(values.get("to", []) + values.get("cc", []))
    defects = set(leaves.defects)
    if len(recipients) >= mail_addresses.MOST:
        defects.add("too-many-addresses")
    said = {
        "from": list(senders),
        "date": "".join("".join(values.get("date", [])).split()),
        "message-id": message_id,
        "subject": subject,
        "stray": _squeezed(head.stray),
        "texts": sorted(_squeezed(text.encode("utf-8", "replace")) for text in leaves.texts),
        "reports": sorted(_squeezed(text.encode("utf-8", "replace")) for text in leaves.reports),
        "documents": sorted(_fingerprint(document) for document in leaves.documents),
    }
    if defects & INCOMPLETE or not (message_id or said["date"]):
        # What could not be looked at, or does not say which it is, is only the same byte for byte.
        said["raw"] = sha256
    return InboundMessage(
        size=len(raw),
        sha256=sha256,
        message_id=message_id,
        sender=senders[0] if len(senders) == 1 and len(values["from"]) == 1 else None,
        return_path=mail_addresses.return_path(values.get("return-path", [])),
        recipients=recipients,
        subject=subject,
        received_at=_received_at(values.get("received", [])),
        content_digest=hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest(),
        headers=head.fields,
        documents=tuple(leaves.documents),
        has_text=any(not text.isspace() for text in leaves.texts if text),
        defects=tuple(sorted(defects)),
    )


def _by_name(headers: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    return values


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


def _squeezed(text: bytes) -> str:
    """The text without white space, which relays change (line ends, trailing blanks, wrapping)."""
    return hashlib.sha256(text.translate(None, _WHITE)).hexdigest()


def _fingerprint(document: Document) -> str:
    if document.media_type.startswith("text/"):
        return _squeezed(document.content)
    return hashlib.sha256(document.content).hexdigest()
