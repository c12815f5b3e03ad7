"""Messages written out by hand, so that they may be as wrong as real ones."""

from __future__ import annotations

import base64

PDF = b"%PDF-1.7\nbland content\n%%EOF\n"
DOCX_LIKE = b"PK\x03\x04 not really"
PNG = b"\x89PNG\r\n\x1a\n bland"
TEXT = b"Content-Type: text/plain; charset=utf-8\n\nPlease find a form attached.\n"


def part(content: bytes, *fields: str, encode: bool = True) -> bytes:
    """A part with these header fields; base64 unless told otherwise."""
    head = "".join(f"{field}\n" for field in fields)
    if not encode:
        return head.encode() + b"\n" + content
    return head.encode() + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(content)


def pdf(*fields: str) -> bytes:
    return part(PDF, *(fields or ('Content-Type: application/pdf; name="form.pdf"',)))


def multipart(
    *parts: bytes, subtype: str = "mixed", boundary: str = "b", close: bool = True
) -> bytes:
    mark = f"--{boundary}".encode()
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\n\n'.encode()
    body = b"".join(mark + b"\n" + each + b"\n" for each in parts)
    return head + body + (mark + b"--\n" if close else b"")


def forwarded(message: bytes) -> bytes:
    return b"Content-Type: message/rfc822\n\n" + message


def mail(entity: bytes, *fields: str, message_id: str = "<1@school.example.org>") -> bytes:
    """A message that consists of `entity`; `fields` go above its own."""
    head = [
        *fields,
        "From: Rowan Example <rowan@school.example.org>",
        "To: gateway@example.police.uk",
        "Subject: Referral",
        "Date: Mon, 23 Nov 2026 09:13:41 +0000",
        f"Message-ID: {message_id}",
        "MIME-Version: 1.0",
    ]
    return "".join(f"{field}\n" for field in head).encode() + entity
