"""Whether ledger, originals, cases and deliveries agree; each difference by its name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from intake.cases.compose import Kind
from intake.store.engine import rows
from intake.store.ledger import State
from intake.store.originals import OriginalMissingError
from intake.store.schema import cases, deliveries, message_cases, messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from intake.store.engine import Database
    from intake.store.originals import Originals

_UNSTORED = (State.SEEN.value, State.VANISHED.value)
_WITH_CASE = (State.RECORDED.value, State.DUPLICATE.value, State.QUARANTINED.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that doesn't agree: a code, what it is about (an id), and a sentence."""

    code: str
    subject: str
    sentence: str


def differences(database: Database, originals: Originals) -> Iterator[Difference]:
    """Everything that doesn't agree with something else. Reads every original."""
    with database.reading() as connection:
        ledger = list(rows(connection.execute(sa.select(messages))))
        found = [*_cases(connection), *_deliveries(connection)]
    stored = {row["id"]: row for row in ledger if row["state"] not in _UNSTORED}
    yield from _originals(stored, {row["id"] for row in ledger}, originals)
    yield from found


def _originals(
    stored: dict[str, dict[str, str]], known: set[str], originals: Originals
) -> Iterator[Difference]:
    for key in sorted(originals.keys()):
        if key not in known:
            yield Difference(
                code="original-without-ledger-row",
                subject=key,
                sentence=f"the original {key} has no row in the ledger: the row was deleted",
            )
    for key, row in stored.items():
        try:
            digest = hashlib.sha256(originals.get(key)).hexdigest()
        except OriginalMissingError:
            yield Difference(
                code="original-missing",
                subject=key,
                sentence=f"message {key} is in the ledger, but its original is gone",
            )
            continue
        if digest != row["sha256"]:
            yield Difference(
                code="original-altered",
                subject=key,
                sentence=f"the original of message {key} is not what was received",
            )


def _cases(connection: Connection) -> Iterator[Difference]:
    orphans = sa.select(cases.c.reference).where(
        cases.c.message.not_in(sa.select(messages.c.id).where(messages.c.state.in_(_WITH_CASE)))
    )
    for reference in connection.execute(orphans).scalars():
        yield Difference(
            code="case-without-message",
            subject=reference,
            sentence=f"case {reference} has no message in the ledger",
        )
    caseless = sa.select(messages.c.id).where(
        messages.c.state.in_(_WITH_CASE),
        messages.c.id.not_in(
            sa.select(message_cases.c.message).join(
                cases, cases.c.reference == message_cases.c.reference
            )
        ),
    )
    for message in connection.execute(caseless).scalars():
        yield Difference(
            code="message-without-case",
            subject=message,
            sentence=f"message {message} is marked as recorded, but belongs to no case that exists",
        )


def _deliveries(connection: Connection) -> Iterator[Difference]:
    alerted = sa.select(deliveries.c.reference).where(
        deliveries.c.kind == Kind.ALERT.value, deliveries.c.reference.is_not(None)
    )
    silent = sa.select(cases.c.reference).where(cases.c.reference.not_in(alerted))
    for reference in connection.execute(silent).scalars():
        yield Difference(
            code="case-without-alert",
            subject=reference,
            sentence=f"case {reference} owes no alert to anybody",
        )
    answered = sa.select(deliveries.c.message).where(
        deliveries.c.kind == Kind.ACKNOWLEDGEMENT.value
    )
    unanswered = sa.select(messages.c.id).where(
        messages.c.state.in_((*_WITH_CASE, State.NOT_A_REFERRAL.value)),
        messages.c.id.not_in(answered),
    )
    for message in connection.execute(unanswered).scalars():
        yield Difference(
            code="message-without-acknowledgement",
            subject=message,
            sentence=f"nothing says whether message {message} was acknowledged",
        )
