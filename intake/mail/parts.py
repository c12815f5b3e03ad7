"""Every leaf of a message's body, however deep, and the documents among them."""

from __future__ import annotations

import base64
import binascii
import re
from email.message import Message

from intake.mail.headers import clean, decoded, to_text
from intake.mail.model import Document
from parsers.sniff import media_type

DEPTH = 20
PARTS = 300
_NAME_LENGTH = 150
_BODY_TYPES = ("text/plain", "text/html")


class Leaves:
    """The leaves of one message: `documents`, the texts of its body, and what was wrong."""

    def __init__(self, root: Message) -> None:
        self.documents: list[Document] = []
        self.texts: list[str] = []
        self.defects: set[str] = set()
        self._parts = 0
        self._walk(root, "", 0, related=False)

    def _walk(self, part: Message, number: str, depth: int, *, related: bool) -> None:
        self._parts += 1
        if depth > DEPTH or self._parts > PARTS:
            self.defects.add("too-deep" if depth > DEPTH else "too-many-parts")
            return
        inner = part.get_payload()
        if part.is_multipart() and isinstance(inner, list):
            # A forwarded message shares its number with the multipart inside it (RFC 3501 §6.4.5).
            nested = part.get_content_maintype() == "message"
            related = part.get_content_type() == "multipart/related"
            for position, each in enumerate(inner, start=1):
                if isinstance(each, Message):
                    step = f"{number}.{position}" if number else str(position)
                    where = (number or "1") if nested and each.is_multipart() else step
                    self._walk(each, where, depth + 1, related=related)
            return
        self._leaf(part, number or "1", related=related)

    def _leaf(self, part: Message, number: str, *, related: bool) -> None:
        declared = part.get_content_type()
        name = _name(part)
        disposition = part.get_content_disposition()
        content = self._content(part)
        if declared in _BODY_TYPES and name is None and disposition != "attachment":
            self.texts.append(to_text(content, _charset(part)))
            return
        if declared.startswith("message/") or declared == "text/rfc822-headers":
            return
        found = media_type(content)
        self.documents.append(
            Document(
                part=number,
                name=name,
                media_type=found,
                declared_type=declared,
                content=content,
                decoration=related
                and found.startswith("image/")
                and part.get("Content-ID") is not None
                and disposition != "attachment",
            )
        )

    def _content(self, part: Message) -> bytes:
        encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
        payload = part.get_payload(decode=False)
        if encoding == "base64" and isinstance(payload, str):
            return self._base64(payload)
        content = part.get_payload(decode=True)
        return content if isinstance(content, bytes) else b""

    def _base64(self, text: str) -> bytes:
        """Base64 as people's programs really write it: padding in the middle starts a new run."""
        letters = re.sub(r"[^A-Za-z0-9+/=]", "", text)
        if len(letters) != len("".join(text.split())):
            self.defects.add("base64-damaged")
        runs = [run for run in re.split(r"=+", letters) if run]
        if len(runs) > 1:
            self.defects.add("base64-damaged")
        content = bytearray()
        for run in runs:
            whole = run if len(run) % 4 != 1 else run[:-1]
            if whole != run:
                self.defects.add("base64-damaged")
            try:
                content += base64.b64decode(whole + "=" * (-len(whole) % 4))
            except binascii.Error:
                self.defects.add("base64-damaged")
        return bytes(content)


def _name(part: Message) -> str | None:
    try:
        name = part.get_filename()
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    if name is None:
        return None
    return clean(decoded(name))[:_NAME_LENGTH] or None


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
