"""What a long history costs: a pass over an empty mailbox, and the claim of what is owed."""

from __future__ import annotations

import time
import uuid
from statistics import median
from typing import TYPE_CHECKING

import sqlalchemy as sa

from intake.store.ledger import State
from intake.store.schema import deliveries, messages

if TYPE_CHECKING:
    from intake.app import App

HISTORY = (1_000, 10_000)
_PASSES = 15


def of_a_pass(app: App) -> dict[str, float]:
    """Milliseconds of processor time of a pass that finds nothing new, by rows of history."""
    found = {"0": _pass_ms(app)}
    had = 0
    for size in HISTORY:
        _remember(app, had, size)
        had = size
        found[str(size)] = _pass_ms(app)
    return found


def _pass_ms(app: App) -> float:
    spent = []
    for _ in range(_PASSES):
        before = time.process_time()
        app.watched[0].rounds.run()
        app.outbox.deliver_due()
        spent.append((time.process_time() - before) * 1000)
    return median(spent)


def _remember(app: App, start: int, end: int) -> None:
    """Messages that were handled and filed long ago, each with its two deliveries."""
    mailbox, now = app.watched[0].rounds.mailbox.name, app.clock()
    rows = [
        {
            "id": uuid.uuid4().hex,
            "mailbox": mailbox,
            "source_key": f"0/{number}",
            "uidvalidity": 1,
            "uid": number,
            "state": State.RECORDED.value,
            "first_seen_at": now,
            "filed_to": "Intake/Filed",
        }
        for number in range(start, end)
    ]
    owed = [
        {
            "id": uuid.uuid4().hex,
            "message": row["id"],
            "kind": kind,
            "channel": kind,
            "status": "sent",
            "recipient": f"{row['id']}@school.example.org",
            "body": bytes(4000),
            "created_at": now,
            "due_at": now,
        }
        for row in rows
        for kind in ("alert", "acknowledgement")
    ]
    with app.store.database.writing() as connection:
        connection.execute(sa.insert(messages), rows)
        connection.execute(sa.insert(deliveries), owed)
