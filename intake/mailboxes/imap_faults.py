"""What went wrong on an IMAP connection, told without a word of what the server said."""

from __future__ import annotations

import imaplib
import re
import ssl

PASSING = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN"})
"""RFC 5530 response codes of a refusal that waiting may cure."""

_NO = re.compile(r"\w+ failed: ")
_CODE = re.compile(r"\[([A-Z-]+)")


class RefusedError(Exception):
    """The server answered NO: this one thing is refused, and the connection is sound.

    `code` is its response code (RFC 5530), or empty; the server's words are not kept, for they may
    quote a message.
    """

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


def response_code(words: str) -> str:
    """The code in front of a server's words, as in "[INUSE] try later"; empty without one."""
    code = _CODE.match(words)
    return code[1] if code else ""


def code_of_no(error: Exception) -> str | None:
    """The response code of a NO as imapclient raises it; None when `error` is anything worse.

    NO and BAD come as the same class; only NO as "<command> failed: <words>".
    """
    words = str(error)
    no = _NO.match(words)
    if type(error) is not imaplib.IMAP4.error or no is None:
        return None
    return response_code(words[no.end() :])


def reason(error: Exception) -> str:
    """A few words for a sentence. imaplib's own quote the line they broke at, perhaps a referral's:
    only what the operating system and the TLS library say is passed on.
    """
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return error.reason or "TLS failed"
    if isinstance(error, OSError):
        return error.strerror or "connection closed"
    if isinstance(error, imaplib.IMAP4.abort):
        return "the server ended it"
    return "an answer could not be understood"
