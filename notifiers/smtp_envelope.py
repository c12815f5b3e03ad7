"""What may be put into SMTP commands, and what goes through them unaltered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notifiers.base import DeliveryError, Scope

if TYPE_CHECKING:
    from notifiers.base import Notification

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9._-]{1,253}")
"""Goes on the command line unaltered and unquoted. Whether it exists, the server knows."""
_ADDRESS_LENGTH = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets
_ALTERED_ON_THE_WAY = re.compile(rb"[\x00\x80-\xff]|\r(?!\n)|(?<!\r)\n|(?<!\r\n)\Z")


def refuse_malformed(notification: Notification) -> None:
    """Raise DeliveryError for what can't go out exactly as it is: an address that isn't plain
    ASCII, a body with 8-bit bytes or lines that don't end in CRLF.
    """
    if not _is_plain(notification.recipient):
        raise DeliveryError("bad-address", permanent=True)
    if notification.sender and not _is_plain(notification.sender):
        raise DeliveryError("bad-sender", permanent=True, scope=Scope.LANE)
    if _ALTERED_ON_THE_WAY.search(notification.body):
        raise DeliveryError("bad-body", permanent=True)


def _is_plain(address: str) -> bool:
    return len(address) <= _ADDRESS_LENGTH and _ADDRESS.fullmatch(address) is not None
