"""Everything owed, and how far each delivery has come."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from intake.cases.compose import Kind
from intake.store.audit import PROGRAM, Action, note
from intake.store.engine import rows
from intake.store.schema import deliveries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.store.engine import Database

LEASE = timedelta(minutes=20)
"""Longer than the longest try (RFC 5321 §4.5.3.2.6 alone allows ten minutes after the final dot),
so that no other worker takes a delivery up while it may still be going out."""


class Status(StrEnum):
    """Where a delivery is on its way."""

    PENDING = "pending"
    """Owed; also while the outcome of a try is unknown → sent, failed."""
    SENT = "sent"
    """The other side took responsibility for it. An end, unless it bounces."""
    WITHHELD = "withheld"
    """Deliberately not sent, with the reason. An end."""
    FAILED = "failed"
    """Given up, with the reason; can be put back by hand. An end."""


class Phase(StrEnum):
    """What a try had reached when it was last heard of."""

    DATA = "data"
    """Bytes may have been handed over: without an answer, nobody knows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A delivery that is ours to try until the lease ends. `lease` fences everybody else out."""

    id: str
    lease: str
    kind: Kind
    channel: str
    reference: str | None
    recipient: str
    sender: str
    body: bytes
    created_at: datetime
    attempts: int
    unknown_outcomes: int
    interrupted: bool
    """An earlier try was cut off after the bytes may have gone out."""


# Statements are built once: to build one costs about as much as to execute it.
_DUE = (
    sa.select(deliveries)
    .where(
        deliveries.c.status == Status.PENDING.value,
        deliveries.c.due_at <= sa.bindparam("now", type_=deliveries.c.due_at.type),
        sa.or_(
            deliveries.c.lease.is_(None),
            deliveries.c.leased_until <= sa.bindparam("now", type_=deliveries.c.due_at.type),
        ),
        deliveries.c.channel.not_in(sa.bindparam("paused", expanding=True)),
    )
    .order_by(
        sa.case((deliveries.c.kind == Kind.ALERT.value, 0), else_=1),
        deliveries.c.due_at,
        deliveries.c.id,
    )
    .limit(1)
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    sa.update(deliveries)
    .where(deliveries.c.id == sa.bindparam("of"))
    .values(attempts=deliveries.c.attempts + 1)
)
_CHANGE = sa.update(deliveries).where(
    deliveries.c.id == sa.bindparam("of"), deliveries.c.lease == sa.bindparam("held")
)


class LeaseLostError(Exception):
    """Somebody else has the delivery now."""


class Deliveries:
    """The outbox's rows; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._owner = f"{socket.gethostname()}:{os.getpid()}"

    def claim_due(self, now: datetime, *, paused: Collection[str]) -> Claimed | None:
        """The most urgent due delivery outside the paused lanes, leased; alerts come first."""
        with self._database.writing() as connection:
            chosen = self._claim(connection, now, paused)
        return None if chosen is None else _claimed(chosen)

    def entering_data(self, claimed: Claimed) -> None:
        """Note, before the bytes go out, that from now on the outcome may be unknown."""
        self._change(claimed, phase=Phase.DATA.value)

    def sent(self, claimed: Claimed, reply: str, now: datetime) -> None:
        """The other side accepted it."""
        with self._database.writing() as connection:
            _sent(connection, claimed, reply, now)

    def sent_then_claim(
        self, claimed: Claimed, reply: str, now: datetime, *, paused: Collection[str]
    ) -> Claimed | None:
        """`sent` and `claim_due` in one transaction: a commit is the dearest part of either."""
        with self._database.writing() as connection:
            _sent(connection, claimed, reply, now)
            chosen = self._claim(connection, now, paused)
        return None if chosen is None else _claimed(chosen)

    def later(self, claimed: Claimed, due_at: datetime, reason: str, *, counted: bool) -> None:
        """Definitely not accepted now; try again at `due_at`. Without `counted`, it wasn't this
        delivery's fault, and the try doesn't count.
        """
        attempts = claimed.attempts if counted else claimed.attempts - 1
        self._change(
            claimed, due_at=due_at, reason=reason, phase=None, attempts=attempts, **_RELEASED
        )

    def unknown(self, claimed: Claimed, due_at: datetime) -> None:
        """Nobody knows whether it was accepted; the identical bytes are due again at `due_at`."""
        self._change(
            claimed,
            due_at=due_at,
            reason="outcome_unknown",
            phase=None,
            unknown_outcomes=claimed.unknown_outcomes + 1,
            **_RELEASED,
        )

    def failed(self, claimed: Claimed, reason: str) -> None:
        """Given up for good; a person has to look."""
        self._change(
            claimed, status=Status.FAILED.value, reason=reason, phase=None, due_at=None, **_RELEASED
        )

    def failures(self) -> int:
        """How many deliveries were given up."""
        with self._database.reading() as connection:
            counted = sa.select(sa.func.count()).where(deliveries.c.status == Status.FAILED.value)
            return int(connection.execute(counted.select_from(deliveries)).scalar_one())

    def release_leases_of_the_dead(self) -> int:
        """Free what a process of this host held that runs no more; how many there were.

        To be called at start, before anything is claimed.
        """
        host = self._owner.rpartition(":")[0]
        with self._database.writing() as connection:
            owners = connection.execute(
                sa.select(deliveries.c.lease_owner)
                .where(deliveries.c.lease_owner.startswith(f"{host}:", autoescape=True))
                .distinct()
            ).scalars()
            # In a container every start has the same process id: our own name is a dead one's too.
            dead = [owner for owner in owners if owner == self._owner or not _alive(owner)]
            if not dead:
                return 0
            freed = connection.execute(
                sa.update(deliveries).where(deliveries.c.lease_owner.in_(dead)).values(**_RELEASED)
            )
            return freed.rowcount

    def listing(self) -> Iterator[dict[str, Any]]:
        """Every delivery as `deliveries list --json` prints it: no address, no content."""
        with self._database.reading() as connection:
            chosen = sa.select(deliveries).order_by(deliveries.c.created_at, deliveries.c.id)
            found = list(rows(connection.execute(chosen)))
        for row in found:
            yield {
                "id": row["id"],
                "kind": row["kind"],
                "channel": row["channel"],
                "case": row["reference"],
                "message": row["message"],
                "status": row["status"],
                "reason": row["reason"],
                "attempts": row["attempts"],
                "created_at": row["created_at"],
                "due_at": row["due_at"] if row["status"] == Status.PENDING.value else None,
                "sent_at": row["sent_at"],
            }

    def body(self, delivery: str) -> bytes | None:
        """The bytes of one delivery as they go out; None for one that is withheld or unknown."""
        with self._database.reading() as connection:
            chosen = sa.select(deliveries.c.body).where(deliveries.c.id == delivery)
            return connection.execute(chosen).scalar()

    def _claim(
        self, connection: Connection, now: datetime, paused: Collection[str]
    ) -> dict[str, Any] | None:
        """The row of what is due first, as it was before it became ours, with our new lease."""
        due = connection.execute(_DUE, {"now": now, "paused": list(paused)}).mappings().first()
        if due is None:
            return None
        lease = {
            "lease": uuid.uuid4().hex,
            "lease_owner": self._owner,
            "leased_until": now + LEASE,
        }
        connection.execute(_CLAIM, {"of": due["id"], **lease})
        return {**due, **lease}

    def _change(self, claimed: Claimed, **values: object) -> None:
        with self._database.writing() as connection:
            _change(connection, claimed, **values)


_RELEASED: dict[str, Any] = {"lease": None, "lease_owner": None, "leased_until": None}


def _claimed(row: dict[str, Any]) -> Claimed:
    return Claimed(
        id=row["id"],
        lease=row["lease"],
        kind=Kind(row["kind"]),
        channel=row["channel"],
        reference=row["reference"],
        recipient=row["recipient"],
        sender=row["sender"],
        body=row["body"],
        created_at=row["created_at"],
        attempts=row["attempts"] + 1,
        unknown_outcomes=row["unknown_outcomes"],
        interrupted=row["phase"] == Phase.DATA.value,
    )


def _sent(connection: Connection, claimed: Claimed, reply: str, now: datetime) -> None:
    _change(
        connection,
        claimed,
        status=Status.SENT.value,
        reason=None,
        phase=None,
        sent_at=now,
        reply=reply,
        **_RELEASED,
    )
    note(
        connection,
        at=now,
        actor=PROGRAM,
        action=Action.DISCLOSURE,
        subject=claimed.id,
        details={
            "kind": claimed.kind.value,
            "channel": claimed.channel,
            "case": claimed.reference,
        },
    )


def _change(connection: Connection, claimed: Claimed, **values: object) -> None:
    changed = connection.execute(_CHANGE, {"of": claimed.id, "held": claimed.lease, **values})
    if changed.rowcount != 1:
        raise LeaseLostError(claimed.id)


def _alive(owner: str) -> bool:
    pid = owner.rpartition(":")[2]
    if not pid.isdigit():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
