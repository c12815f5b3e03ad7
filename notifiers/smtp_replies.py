"""What a mail server's answer means for a delivery."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from notifiers.base import DeliveryError, Scope


class Phase(Enum):
    """How far a try had come when the server's answer arrived."""

    SESSION = "session"
    """Connecting, greeting, EHLO, STARTTLS: nothing of ours was named yet."""
    LOGIN = "login"
    SENDER = "sender"
    """MAIL FROM: the server judges our own mailbox."""
    RECIPIENT = "recipient"
    """RCPT TO."""
    CONTENT = "content"
    """DATA, before or after the final dot."""

    @property
    def scope(self) -> Scope:
        """Whose fault a failure without a telling status is in this phase.

        From RCPT on it is the notification's: a server that hangs or hangs up whenever it hears one
        address must not hold up everybody else. If the server itself is ill, the next notification
        fails earlier and says so.
        """
        own = self in {Phase.RECIPIENT, Phase.CONTENT}
        return Scope.RECIPIENT if own else Scope.LANE


_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?!\S)")  # RFC 3463 §2, RFC 2034 §4

_TEMPORARY, _PERMANENT = 4, 5  # the first digit of an answer, RFC 5321 §4.2.1
_NOT_AVAILABLE = 421

_LANE_CODES = frozenset({_NOT_AVAILABLE, 432, 530, 535})
"""Closing, not accepting, log in first, log-in not valid: never about one recipient."""

_LANE_STATUSES = frozenset({"3.2", "7.57", "7.60", *(f"2.{detail}" for detail in range(251, 256))})
"""Not accepting mail (x.3.2), and what Exchange says of our own mailbox: client not authenticated
(x.7.57), may not send as this sender (x.7.60, x.2.252), sender throttled (x.2.251 to x.2.255). It
says some of these only after the final dot."""

SESSION_LOST = frozenset({-1, _NOT_AVAILABLE, 503, 530})
"""Answers to MAIL that speak of the session, not of the sender."""

_ADDRESS = re.compile(r"<[^<>]*>?|\"[^\"]*\"@\S*|\S*(?:@|%40)\S*", re.IGNORECASE)
_REPLY_LENGTH = 200


def refusal(phase: Phase, code: int, text: str) -> DeliveryError:
    """The error that an answer of `code` and `text` other than success stands for.

    The enhanced status beats the basic code where both are given and the enhanced one is a failure:
    "550 4.7.1" is temporary. Nothing of `text` but the enhanced status gets into the error.
    """
    enhanced = _ENHANCED.match(text)
    permanent = code // 100 == _PERMANENT
    status = f"{code:03d}" if code > 0 else "protocol-error"
    subject = ""
    if enhanced and enhanced[1] in "45":
        permanent, subject = enhanced[1] == "5", f"{enhanced[2]}.{enhanced[3]}"
        status = f"{status} {enhanced[0]}"
    lane = phase.scope is Scope.LANE or code in _LANE_CODES or subject in _LANE_STATUSES
    word = {Phase.LOGIN: "login-refused ", Phase.SENDER: "sender-refused "}.get(phase, "")
    if code == _NOT_AVAILABLE or phase is Phase.SESSION:
        # Whatever the digits say, nothing of ours has been judged: waiting is right.
        return DeliveryError(status, permanent=False, scope=Scope.LANE)
    return DeliveryError(
        word + status, permanent=permanent, scope=Scope.LANE if lane else Scope.RECIPIENT
    )


def is_refusal(code: int) -> bool:
    """Whether the answer is a definite no (RFC 5321 §4.2.1); anything else that isn't success
    leaves the outcome open.
    """
    return code // 100 in {_TEMPORARY, _PERMANENT}


def presentable(text: str) -> str:
    """A server's text that may be stored: printable ASCII, what looks like an address replaced by
    "<…>", at most 200 characters.
    """
    plain = "".join(
        character if " " <= character <= "~" else " " if character.isspace() else "?"
        for character in unicodedata.normalize("NFKC", text)
    )
    return _ADDRESS.sub("<…>", " ".join(plain.split()))[:_REPLY_LENGTH]
