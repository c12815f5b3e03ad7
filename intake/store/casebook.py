"""Reading cases back: the list, and one case in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from intake.cases.compose import Kind
from intake.cases.summary import utc
from intake.store.audit import Action, note
from intake.store.deliveries import Status
from intake.store.engine import rows
from intake.store.schema import cases, deliveries, documents, messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.store.engine import Database

_WORST_FIRST = (Status.FAILED, Status.PENDING, Status.SENT, Status.WITHHELD)


class CaseBook:
    """The cases as `cases list` and `cases show` print them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listing(self) -> Iterator[dict[str, Any]]:
        """Every case, oldest first, in the shape of `cases list --json`."""
        with self._database.reading() as connection:
            found = _cases(connection, None)
            owed = _owed(connection, {row["message"] for row in found})
        for row in found:
            yield _case(row, owed)

    def show(self, reference: str, *, actor: str, now: datetime) -> dict[str, Any] | None:
        """One case in full, None when there is none. Looking is itself an entry in the trail."""
        with self._database.writing() as connection:
            found = _cases(connection, reference)
            if not found:
                return None
            row = found[0]
            shown = _case(row, _owed(connection, {row["message"]}))
            chosen = (
                sa.select(documents)
                .where(documents.c.message == row["message"])
                .order_by(documents.c.position)
            )
            shown |= row["record"]
            shown["documents"] = [
                {**document["extraction"], "name": document["name"], "part": document["part"]}
                for document in rows(connection.execute(chosen))
            ]
            shown["message"] = row["message"]
            note(
                connection,
                at=now,
                actor=actor,
                action=Action.CONSULTATION,
                subject=reference,
                details={},
            )
        return shown


def _cases(connection: Connection, reference: str | None) -> list[dict[str, Any]]:
    chosen = (
        sa.select(cases, messages.c.mailbox, messages.c.message_id, messages.c.sha256)
        .join(messages, messages.c.id == cases.c.message)
        .order_by(cases.c.opened_at, cases.c.message, cases.c.position)
    )
    if reference is not None:
        chosen = chosen.where(cases.c.reference == reference)
    return list(rows(connection.execute(chosen)))


def _owed(connection: Connection, of_messages: Iterable[str]) -> list[dict[str, Any]]:
    chosen = sa.select(
        deliveries.c.message,
        deliveries.c.reference,
        deliveries.c.kind,
        deliveries.c.channel,
        deliveries.c.status,
        deliveries.c.reason,
    ).order_by(deliveries.c.channel)
    wanted = set(of_messages)
    return [row for row in rows(connection.execute(chosen)) if row["message"] in wanted]


def _case(row: dict[str, Any], owed: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "reference": row["reference"],
        "status": row["status"],
        "received_at": utc(row["received_at"]),
        "opened_at": utc(row["opened_at"]),
        "mailbox": row["mailbox"],
        "message_id": row["message_id"],
        "message_sha256": row["sha256"],
        "channel": row["channel"],
        "readability": row["readability"],
        "forms": row["forms"],
        "flags": row["flags"],
        "missing": row["missing"],
        "possible_repeats": row["possible_repeats"],
        "acknowledgement": _acknowledgement(row, owed),
        "alerts": _alerts(row, owed),
        "claimed_by": row["claimed_by"],
    }


def _acknowledgement(row: dict[str, Any], owed: list[dict[str, Any]]) -> dict[str, Any]:
    """The acknowledgement belongs to the message; each of its cases shows the same."""
    for delivery in owed:
        if delivery["message"] == row["message"] and delivery["kind"] == Kind.ACKNOWLEDGEMENT.value:
            return {"status": delivery["status"], "reason": delivery["reason"]}
    return {"status": Status.WITHHELD.value, "reason": None}


def _alerts(row: dict[str, Any], owed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry a channel; a channel with several addresses shows the worst of them."""
    channels: dict[str, set[str]] = {}
    for delivery in owed:
        if delivery["reference"] == row["reference"] and delivery["kind"] == Kind.ALERT.value:
            channels.setdefault(delivery["channel"], set()).add(delivery["status"])
    return [
        {
            "channel": channel,
            "status": next(status.value for status in _WORST_FIRST if status.value in statuses),
        }
        for channel, statuses in channels.items()
    ]
