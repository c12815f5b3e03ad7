"""One message on an IMAP server: its size, its date, its bytes."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from intake.mailboxes.base import MessageGoneError, MessageUnreadableError
from intake.mailboxes.imap_faults import RefusedError
from intake.mailboxes.imap_wire import LARGEST_MESSAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.mailboxes.imap_session import ImapSession

_IN_ONE_PIECE = 20_000_000
_PIECE = 4_000_000
_DATES_AT_ONCE = 500


def dates(session: ImapSession, uids: Sequence[int]) -> dict[int, datetime | None]:
    """INTERNALDATE of each message that is there, aware UTC; None where the server gives none."""
    found: dict[int, datetime | None] = {}
    for start in range(0, len(uids), _DATES_AT_ONCE):
        with contextlib.suppress(RefusedError):
            answers = session.fetch(list(uids[start : start + _DATES_AT_ONCE]), ["INTERNALDATE"])
            found |= {uid: _utc(answer.get(b"INTERNALDATE")) for uid, answer in answers.items()}
    return found


def size_and_date(session: ImapSession, uid: int) -> tuple[int, datetime | None]:
    """RFC822.SIZE (a hint: Exchange is often wrong), and INTERNALDATE (aware UTC)."""
    answer = _fetch(session, uid, "RFC822.SIZE", "INTERNALDATE")
    size = answer.get(b"RFC822.SIZE")
    if not isinstance(size, int):
        raise _absent(session, uid)
    return size, _utc(answer.get(b"INTERNALDATE"))


def body(session: ImapSession, uid: int, size: int) -> bytes:
    """The message's bytes, read without marking it as seen. A large one comes in pieces."""
    if size > LARGEST_MESSAGE:
        raise MessageUnreadableError("the message is too large")
    if size <= _IN_ONE_PIECE:
        raw = _bytes(session, uid, "BODY.PEEK[]", b"BODY[]")
    else:
        raw = b"".join(_pieces(session, uid, size))
    if not raw:
        raise _absent(session, uid)
    return raw


def _pieces(session: ImapSession, uid: int, size: int) -> list[bytes]:
    pieces: list[bytes] = []
    got = 0
    while got <= LARGEST_MESSAGE:
        piece = _bytes(session, uid, f"BODY.PEEK[]<{got}.{_PIECE}>", b"BODY[]<%d>" % got)
        if len(piece) > _PIECE:
            raise session.broken("it answered with more than was asked for")
        pieces.append(piece)
        got += len(piece)
        # A short piece ends the message only where the size says so too: a server that gives less
        # at a time than it was asked for would lose us the tail.
        if not piece or (len(piece) < _PIECE and got >= size):
            return pieces
    raise MessageUnreadableError("the message is too large")


def _bytes(session: ImapSession, uid: int, what: str, key: bytes) -> bytes:
    answer = _fetch(session, uid, what)
    if key not in answer:
        raise _absent(session, uid)
    data = answer[key]
    return data if isinstance(data, bytes) else b""  # NIL


def _fetch(session: ImapSession, uid: int, *what: str) -> dict[bytes, Any]:
    """One message at a time: one bad answer in a batch would lose the batch."""
    try:
        answer = session.fetch([uid], list(what)).get(uid)
    except RefusedError:
        answer = None
    if answer is None:
        raise _absent(session, uid)
    return answer


def _absent(session: ImapSession, uid: int) -> Exception:
    """OK and NO without data are said both of a removed message and of one the server cannot
    render (Exchange); they are told apart by looking whether it is still there.
    """
    if session.is_there(uid):
        return MessageUnreadableError("the server does not give the message")
    return MessageGoneError()


def _utc(date: datetime | None) -> datetime | None:
    """None for a date without a zone, or one that no clock can show."""
    if date is None or date.tzinfo is None:
        return None
    try:
        return date.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
