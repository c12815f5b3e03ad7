"""Finished mail: headers that never come from a referral, and bytes that never change."""

from __future__ import annotations

import base64
import binascii
import re
import textwrap
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MARK = "X-Referral-Intake"
"""The header by which we know our own messages when they come back."""

_LONGEST_LINE = 990  # RFC 5321 §4.5.3.1.6 allows 998
_FOLDED = 76
_POLICY = SMTP.clone(cte_type="7bit")
_LINE_BREAK = re.compile("\r\n?|[\u0085\u2028\u2029]")
_NOT_SENDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_FILE_NAME = re.compile(r"[A-Za-z0-9._-]{1,60}")
_ONE_WORD = re.compile(r"[!-~]{1,400}")


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
    """One mail as bytes: CRLF, 7-bit, one recipient; the same for the same arguments.

    Written out here, since the standard library takes four times as long for our two shapes; the
    tests hold it against what that library makes of the same.

    `auto_submitted` as in RFC 3834 §5. ValueError when an address or identifier is more than one
    word of ASCII.
    """
    head_lines = _words(
        ("To", to),
        ("Message-ID", message_id),
        *(
            ()
            if in_reply_to is None
            else (("In-Reply-To", in_reply_to), ("References", in_reply_to))
        ),
        ("Auto-Submitted", auto_submitted),
        ("X-Auto-Response-Suppress", "All"),
        (MARK, head.mark),
    )
    head_lines += f"Date: {format_datetime(date)}\r\n".encode("ascii")
    head_lines += _titled(subject) if _is_plain(subject) else _folded("Subject", subject)
    head_lines += _folded("From", head.sender) + b"MIME-Version: 1.0\r\n"
    if attachment is None:
        return head_lines + _text_part(text)
    # A boundary by chance would make other bytes of the same letter.
    boundary = "=_" + re.sub(r"[^A-Za-z0-9.]", "", message_id)[:60]
    line = f"--{boundary}".encode("ascii")
    return b"".join(
        (
            head_lines,
            f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'.encode("ascii"),
            *(line, b"\r\n", _text_part(text)),
            *(b"\r\n", line, b"\r\n", _attached(attachment)),
            *(b"\r\n", line, b"--\r\n"),
        )
    )


def _text_part(text: str) -> bytes:
    """A text with its headers; as it is where that is fit for mail, else quoted-printable."""
    text = _sendable(text) + "\n"
    plain = text.isascii() and max(map(len, text.split("\n"))) < _LONGEST_LINE
    content = text.encode("ascii") if plain else binascii.b2a_qp(text.encode("utf-8"))
    return (
        b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: '
        + (b"7bit" if plain else b"quoted-printable")
        + b"\r\n\r\n"
        + content.replace(b"\n", b"\r\n")
    )


def _attached(attachment: Attachment) -> bytes:
    """A JSON file with its headers."""
    if not _FILE_NAME.fullmatch(attachment.name):
        raise ValueError("attachment: its name is not a plain one")
    content = base64.encodebytes(attachment.text.encode("ascii")).replace(b"\n", b"\r\n")
    return (
        b"Content-Type: application/json\r\n"
        b"Content-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="%s"\r\n\r\n%s'
        % (attachment.name.encode("ascii"), content)
    )


def _sendable(text: str) -> str:
    """The text with line breaks as line feeds, and a mark for each character that mail can't hold
    (controls, halves of surrogate pairs).
    """
    return _NOT_SENDABLE.sub("\N{REPLACEMENT CHARACTER}", _LINE_BREAK.sub("\n", text))


def _is_plain(subject: str) -> bool:
    return subject.isascii() and subject.isprintable()


def _titled(subject: str) -> bytes:
    """The subject's lines. The standard library leaves the first one empty when it folds."""
    lines = textwrap.wrap(
        f"Subject: {subject}", _FOLDED, break_long_words=False, break_on_hyphens=False
    )
    return "\r\n ".join(lines).encode("ascii") + b"\r\n"


@lru_cache(maxsize=16)
def _folded(name: str, value: str) -> bytes:
    """The lines of a header as the standard library encodes and folds it: ours hardly ever change,
    and it takes longer than all the rest of a letter.
    """
    mail = EmailMessage(policy=_POLICY)
    mail[name] = value
    return _POLICY.fold_binary(name, mail[name])


def _words(*headers: tuple[str, str]) -> bytes:
    """The lines of headers whose value is one word: addresses, identifiers, codes.

    The standard library folds a long one into encoded words, which makes it another one, and takes
    as long to parse and fold these as for all the rest of a letter.
    """
    for name, value in headers:
        if not _ONE_WORD.fullmatch(value):
            raise ValueError(f"{name}: not one word of ASCII")
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii")
