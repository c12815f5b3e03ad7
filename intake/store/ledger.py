"""The ledger: one row for every message that was ever seen, and what became of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from intake.store.engine import rows
from intake.store.schema import message_cases, messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from intake.store.engine import Database


class State(StrEnum):
    """Where a message is on its way, and which state may follow."""

    SEEN = "seen"
    """Listed by the server, not yet stored → accepted, vanished."""
    VANISHED = "vanished"
    """Somebody removed it before it could be stored; alerted. Should it come back → accepted."""
    ACCEPTED = "accepted"
    """Stored, not yet handled → recorded, duplicate, not_a_referral, quarantined."""
    RECORDED = "recorded"
    """A case and everything owed are written. An end."""
    DUPLICATE = "duplicate"
    """Says nothing new; linked to the earlier case. An end."""
    NOT_A_REFERRAL = "not_a_referral"
    """Plainly machine-made; kept, no case. An end."""
    QUARANTINED = "quarantined"
    """Handling failed repeatedly; a case and an alert all the same. An end, replayable."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerRow:
    """One message as the ledger knows it. `key` is unique within the mailbox.

    `file_to`: where it belongs once it is handled. `filed_to`: where we have moved it.
    """

    id: str
    mailbox: str
    key: str
    uidvalidity: int | None
    uid: int | None
    state: State
    attempts: int
    first_seen_at: datetime
    received_at: datetime | None
    sha256: str | None
    file_to: str | None
    filed_to: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tries:
    """How often handling a message was `begun`, this time included, and how often it `failed`: the
    others were cut off, by a crash that the message may or may not have caused.
    """

    begun: int
    failed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A message that a mailbox lists: where it is."""

    key: str
    uidvalidity: int | None
    uid: int | None


# Statements are built once: to build one costs about as much as to execute it.
_OF_MAILBOX = sa.select(messages).where(messages.c.mailbox == sa.bindparam("mailbox"))
_ON_THE_WAY = _OF_MAILBOX.where(messages.c.state.in_((State.SEEN.value, State.ACCEPTED.value)))
_OF_KEYS = _OF_MAILBOX.where(messages.c.source_key.in_(sa.bindparam("keys", expanding=True)))
_KEYS_AT_ONCE = 500
_BY_ID = sa.select(messages).where(messages.c.id == sa.bindparam("of"))
_CHANGE = sa.update(messages).where(messages.c.id == sa.bindparam("of"))
_CHANGE_IN_STATE = _CHANGE.where(messages.c.state.in_(sa.bindparam("states", expanding=True)))
_ATTEMPT = _CHANGE.values(attempts=messages.c.attempts + 1)
_TRIES = sa.select(messages.c.attempts, messages.c.failures).where(
    messages.c.id == sa.bindparam("of")
)


class Ledger:
    """Rows of the ledger; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows_of(self, mailbox: str) -> dict[str, LedgerRow]:
        """Every row of a mailbox, by key."""
        with self._database.reading() as connection:
            found = connection.execute(_OF_MAILBOX, {"mailbox": mailbox})
            return {row["source_key"]: _row(row) for row in rows(found)}

    def on_the_way(self, mailbox: str, keys: Iterable[str]) -> dict[str, LedgerRow]:
        """The rows of these keys, and of every message that still has a way to go: not stored or
        not handled. By key. All others that were ever filed only become more.
        """
        wanted = list(keys)
        with self._database.reading() as connection:
            found = list(rows(connection.execute(_ON_THE_WAY, {"mailbox": mailbox})))
            for start in range(0, len(wanted), _KEYS_AT_ONCE):
                some = wanted[start : start + _KEYS_AT_ONCE]
                found += rows(connection.execute(_OF_KEYS, {"mailbox": mailbox, "keys": some}))
        return {row["source_key"]: _row(row) for row in found}

    def row(self, message: str) -> LedgerRow | None:
        """One row by its id."""
        with self._database.reading() as connection:
            found = connection.execute(_BY_ID, {"of": message})
            return next((_row(row) for row in rows(found)), None)

    def see(self, mailbox: str, sightings: Iterable[Sighting], now: datetime) -> list[LedgerRow]:
        """Enter new messages as `seen`, before they are fetched; their rows, in order. What another
        worker has entered meanwhile is left to it.
        """
        new = [
            LedgerRow(
                id=uuid.uuid4().hex,
                mailbox=mailbox,
                key=sighting.key,
                uidvalidity=sighting.uidvalidity,
                uid=sighting.uid,
                state=State.SEEN,
                attempts=0,
                first_seen_at=now,
                received_at=None,
                sha256=None,
                file_to=None,
                filed_to=None,
            )
            for sighting in sightings
        ]
        values = [
            {
                "id": row.id,
                "mailbox": row.mailbox,
                "source_key": row.key,
                "uidvalidity": row.uidvalidity,
                "uid": row.uid,
                "state": row.state.value,
                "first_seen_at": now,
            }
            for row in new
        ]
        if not values:
            return []
        with self._database.writing() as connection:
            connection.execute(self._database.insert(messages).on_conflict_do_nothing(), values)
            chosen = sa.select(messages.c.id).where(
                messages.c.mailbox == mailbox, messages.c.state == State.SEEN.value
            )
            entered = set(connection.execute(chosen).scalars())
        return [row for row in new if row.id in entered]

    def accept(
        self, message: str, *, sha256: str, size: int, received_at: datetime | None, now: datetime
    ) -> None:
        """The original is stored durably: only now may anything be parsed. Counts the first try,
        which follows at once.
        """
        self._update(
            message,
            (State.SEEN, State.VANISHED),
            state=State.ACCEPTED.value,
            sha256=sha256,
            size=size,
            received_at=received_at,
            accepted_at=now,
            reason=None,
            attempts=1,
        )

    def unreadable(self, message: str, reason: str) -> None:
        """The server would not give this message's bytes; it stays `seen` and is tried again."""
        self._update(message, (State.SEEN,), reason=reason)

    def attempt(self, message: str) -> Tries:
        """Count a further try at handling before it begins, so that a crash counts; all so far."""
        with self._database.writing() as connection:
            connection.execute(_ATTEMPT, {"of": message})
            row = connection.execute(_TRIES, {"of": message}).one()
        return Tries(begun=row.attempts, failed=row.failures)

    def failed(self, message: str) -> None:
        """A try ended in an error that came of the message."""
        with self._database.writing() as connection:
            connection.execute(
                sa.update(messages)
                .where(messages.c.id == message)
                .values(failures=messages.c.failures + 1)
            )

    def forgive(self, message: str) -> None:
        """Take back the try that was counted last: it failed through no fault of the message."""
        with self._database.writing() as connection:
            connection.execute(
                sa.update(messages)
                .where(messages.c.id == message, messages.c.attempts > 0)
                .values(attempts=messages.c.attempts - 1)
            )

    def filed(self, message: str, folder: str | None) -> None:
        """We move the message to `folder`, noted before it happens: should we be killed meanwhile,
        the next pass finds the message where it was, and moves it, or finds it gone, and this is
        true already. None: it could not be moved after all.
        """
        with self._database.writing() as connection:
            connection.execute(_CHANGE, {"of": message, "filed_to": folder})

    def listing(self) -> Iterator[dict[str, Any]]:
        """Every message as `messages list --json` prints it, oldest first."""
        with self._database.reading() as connection:
            links: dict[str, list[str]] = {}
            chosen = sa.select(message_cases).order_by(message_cases.c.position)
            for link in rows(connection.execute(chosen)):
                links.setdefault(link["message"], []).append(link["reference"])
            found = connection.execute(
                sa.select(messages).order_by(messages.c.first_seen_at, messages.c.uid)
            )
            listed = list(rows(found))
        for row in listed:
            references = links.get(row["id"], [])
            yield {
                "id": row["id"],
                "mailbox": row["mailbox"],
                "uidvalidity": row["uidvalidity"],
                "uid": row["uid"],
                "sha256": row["sha256"],
                "message_id": row["message_id"],
                "state": row["state"],
                "reason": row["reason"],
                "case": references[0] if references else None,
                "cases": references,
                "filed_to": row["filed_to"],
            }

    def _update(self, message: str, states: Sequence[State], **values: object) -> None:
        with self._database.writing() as connection:
            connection.execute(_CHANGE_IN_STATE, {"of": message, "states": [*states], **values})


def _row(row: dict[str, Any]) -> LedgerRow:
    return LedgerRow(
        id=row["id"],
        mailbox=row["mailbox"],
        key=row["source_key"],
        uidvalidity=row["uidvalidity"],
        uid=row["uid"],
        state=State(row["state"]),
        attempts=row["attempts"],
        first_seen_at=row["first_seen_at"],
        received_at=row["received_at"],
        sha256=row["sha256"],
        file_to=row["file_to"],
        filed_to=row["filed_to"],
    )
