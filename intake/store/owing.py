"""Writing down what is owed, and what is deliberately not sent, in the caller's transaction."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from intake.cases.compose import ACKNOWLEDGEMENT_LANE, Kind
from intake.mail.model import Withheld
from intake.store.schema import deliveries

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.cases.compose import Owed

_A_DAY = timedelta(days=1)

# Statements are built once: to build one costs about as much as to execute it.
_OWED_SINCE = (
    sa.select(sa.func.count())
    .select_from(deliveries)
    .where(
        deliveries.c.kind == Kind.ACKNOWLEDGEMENT.value,
        deliveries.c.recipient == sa.bindparam("recipient"),
        deliveries.c.created_at > sa.bindparam("since", type_=deliveries.c.created_at.type),
    )
)
_ALERTED = (
    sa.select(deliveries.c.id)
    .where(deliveries.c.message == sa.bindparam("message"), deliveries.c.kind == Kind.ALERT.value)
    .limit(1)
)
_ENTER = sa.insert(deliveries)


def owe(
    connection: Connection, message: str, owed: Owed, now: datetime, *, held: str | None = None
) -> None:
    """A delivery, due now; with `held`, written down and not sent."""
    connection.execute(
        _ENTER,
        {
            "id": owed.id,
            "message": message,
            "reference": owed.reference,
            "kind": owed.kind.value,
            "channel": owed.channel,
            "status": "pending" if held is None else "withheld",
            "reason": held,
            "recipient": owed.recipient,
            "sender": owed.sender,
            "header_id": owed.message_id,
            "body": owed.body,
            "created_at": now,
            "due_at": now,
        },
    )


def withhold(connection: Connection, message: str, why: Withheld, now: datetime) -> None:
    """The acknowledgement of a message is not sent, and why."""
    connection.execute(
        _ENTER,
        {
            "id": uuid.uuid4().hex,
            "message": message,
            "kind": Kind.ACKNOWLEDGEMENT.value,
            "channel": ACKNOWLEDGEMENT_LANE,
            "status": "withheld",
            "reason": why.value,
            "created_at": now,
        },
    )


def acknowledge(
    connection: Connection, message: str, owed: Owed, now: datetime, *, limit: int | None
) -> None:
    """The acknowledgement, unless its recipient was owed `limit` of them in the last day."""
    if limit is not None and _owed_today(connection, owed.recipient, now) >= limit:
        withhold(connection, message, Withheld.RATE_LIMIT, now)
    else:
        owe(connection, message, owed, now)


def is_alerted(connection: Connection, message: str) -> bool:
    """Whether an alert about this message was ever owed."""
    return connection.execute(_ALERTED, {"message": message}).first() is not None


def _owed_today(connection: Connection, recipient: str, now: datetime) -> int:
    """Counted in the recording transaction, so that a crash can't let one more through."""
    return int(
        connection.execute(
            _OWED_SINCE, {"recipient": recipient, "since": now - _A_DAY}
        ).scalar_one()
    )
