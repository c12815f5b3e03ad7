"""The one transaction: a message's cases, everything owed for them, and the audit rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from intake.cases.copies import Earlier
from intake.mail.model import Withheld
from intake.store.audit import PROGRAM, Action, note
from intake.store.case_row import case_row
from intake.store.ledger import State
from intake.store.owing import acknowledge, is_alerted, owe, withhold
from intake.store.schema import cases, contents, documents, forms, message_cases, messages
from parsers.output import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.cases.case import Case, Reading
    from intake.cases.compose import Owed
    from intake.store.engine import Database

# Statements are built once: to build one costs about as much as to execute it.
_OTHER_CONTENT = (
    sa.select(messages.c.id)
    .where(
        messages.c.message_id == sa.bindparam("message_id"),
        messages.c.content_digest != sa.bindparam("digest"),
    )
    .limit(1)
)
_FOR_UPDATE = (
    sa.select(messages.c.state, messages.c.sha256)
    .where(messages.c.id == sa.bindparam("of"))
    .with_for_update()
)
_CHANGE = sa.update(messages).where(messages.c.id == sa.bindparam("of"))
_OF_CONTENT = (
    sa.select(message_cases.c.reference)
    .join(contents, contents.c.message == message_cases.c.message)
    .where(contents.c.digest == sa.bindparam("digest"))
    .order_by(message_cases.c.position)
)
_OF_MESSAGE = (
    sa.select(message_cases.c.reference)
    .where(message_cases.c.message == sa.bindparam("message"))
    .order_by(message_cases.c.position)
)
_OF_NAMES = (
    sa.select(forms.c.name, forms.c.reference, cases.c.record)
    .join(cases, cases.c.reference == forms.c.reference)
    .where(forms.c.name.in_(sa.bindparam("names", expanding=True)))
)
_ENTER_CASE = sa.insert(cases)
_ENTER_FORM = sa.insert(forms)
_ENTER_CONTENT = sa.insert(contents)
_ENTER_DOCUMENT = sa.insert(documents)
_ENTER_LINK = sa.insert(message_cases)


class TakenMeanwhileError(Exception):
    """A reference, or the content, was recorded by another at this moment: compose again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prior:
    """What the ledger already holds of a message: the cases of the message that said the same
    (empty: nobody did), whether another message, with other content, bore its Message-ID, and the
    earlier cases of its forms by the names that these are known by.
    """

    references: tuple[str, ...]
    message_id_reused: bool
    forms: dict[str, Earlier]


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A case with its name and the alerts owed for it. `new_names`: by what its form is to be known
    again; whoever records one of them first has it.
    """

    reference: str
    case: Case
    alerts: Sequence[Owed]
    new_names: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is to be written about one message.

    Without `acknowledgement`, `withheld` says why. `limit`: how many acknowledgements its recipient
    may be owed in a day; None for no limit. `content_digest` None: never taken for a duplicate.
    `held` says why the alerts are written down but not sent (shadow mode). `copy_of`: the cases
    whose forms, and nothing else, the message brings again; `copy_alerts` tell of it.
    """

    message: str
    state: State
    reason: str | None
    message_id: str | None
    content_digest: str | None
    file_to: str | None
    readings: Sequence[Reading] = ()
    opened: Sequence[Opened] = ()
    copy_of: Sequence[str] = ()
    copy_alerts: Sequence[Owed] = ()
    acknowledgement: Owed | None = None
    withheld: Withheld | None = None
    limit: int | None = None
    held: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What was written."""

    state: State
    references: tuple[str, ...] = field(default=())


class Recorder:
    """Writes what became of a message, whole or not at all, and at most once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def prior(
        self, content_digest: str, message_id: str | None, names: Sequence[str] = ()
    ) -> Prior:
        """Look up what is known of a message, and of forms of these names, before composing."""
        with self._database.reading() as connection:
            references = _references_of(connection, content_digest)
            reused = message_id is not None and (
                connection.execute(
                    _OTHER_CONTENT, {"message_id": message_id, "digest": content_digest}
                ).first()
                is not None
            )
            forms = {
                row.name: Earlier(reference=row.reference, sender=row.record["sender"])
                for row in connection.execute(_OF_NAMES, {"names": [*names]})
            }
        return Prior(references=references, message_id_reused=reused, forms=forms)

    def record(self, plan: Plan, now: datetime) -> Recorded:
        """Write the plan. A message that is recorded already stays as it is.

        Raises TakenMeanwhileError: nothing was written, compose with new references and try again.
        """
        try:
            with self._database.writing() as connection:
                return _record(connection, plan, now)
        except IntegrityError:
            raise TakenMeanwhileError from None

    def vanish(
        self,
        message: str,
        reason: str | None,
        alerts: Sequence[Owed],
        now: datetime,
        *,
        held: str | None = None,
    ) -> bool:
        """A message went away before it could be stored: say so in the ledger and tell people.

        False when the ledger says so already, or says better: nothing is written. `held` as in
        Plan.
        """
        with self._database.writing() as connection:
            changed = connection.execute(
                sa.update(messages)
                .where(messages.c.id == message, messages.c.state == State.SEEN.value)
                .values(state=State.VANISHED.value, reason=reason, recorded_at=now)
            )
            if not changed.rowcount:
                return False
            for owed in alerts:
                owe(connection, message, owed, now, held=held)
            return True

    def tell(
        self, message: str, alerts: Sequence[Owed], now: datetime, *, held: str | None = None
    ) -> bool:
        """Tell people about a message that is not stored yet, once: False when they were told."""
        with self._database.writing() as connection:
            connection.execute(_FOR_UPDATE, {"of": message})
            if is_alerted(connection, message):
                return False
            for owed in alerts:
                owe(connection, message, owed, now, held=held)
            return True


def _record(connection: Connection, plan: Plan, now: datetime) -> Recorded:
    row = connection.execute(_FOR_UPDATE, {"of": plan.message}).one()
    if row.state != State.ACCEPTED.value:
        return Recorded(state=State(row.state), references=_linked(connection, plan.message))
    _store_documents(connection, plan)
    earlier: tuple[str, ...] = ()
    if plan.content_digest is not None and plan.state is State.RECORDED:
        earlier = _references_of(connection, plan.content_digest)
    if earlier:
        done = _duplicate(connection, plan, earlier, now)
    elif plan.copy_of:
        done = _further_copy(connection, plan, now)
    else:
        done = _open_cases(connection, plan, now)
    connection.execute(
        _CHANGE,
        {
            "of": plan.message,
            "state": done.state.value,
            "reason": plan.reason,
            "message_id": plan.message_id,
            "content_digest": plan.content_digest,
            "file_to": plan.file_to,
            "recorded_at": now,
        },
    )
    note(
        connection,
        at=now,
        actor=PROGRAM,
        action=Action.COLLECTION,
        subject=plan.message,
        details={
            "state": done.state.value,
            "cases": " ".join(done.references),
            "sha256": row.sha256,
        },
    )
    return done


def _duplicate(
    connection: Connection, plan: Plan, earlier: tuple[str, ...], now: datetime
) -> Recorded:
    _link(connection, plan.message, earlier)
    withhold(connection, plan.message, plan.withheld or Withheld.DUPLICATE, now)
    return Recorded(state=State.DUPLICATE, references=earlier)


def _further_copy(connection: Connection, plan: Plan, now: datetime) -> Recorded:
    _enter_content(connection, plan)
    _link(connection, plan.message, plan.copy_of)
    for owed in plan.copy_alerts:
        owe(connection, plan.message, owed, now, held=plan.held)
    _answer(connection, plan, now)
    return Recorded(state=State.DUPLICATE, references=tuple(plan.copy_of))


def _open_cases(connection: Connection, plan: Plan, now: datetime) -> Recorded:
    _enter_content(connection, plan)
    for opened in plan.opened:
        connection.execute(_ENTER_CASE, case_row(plan.message, opened.reference, opened.case, now))
    references = tuple(opened.reference for opened in plan.opened)
    _link(connection, plan.message, references)
    for opened in plan.opened:
        for name in opened.new_names:
            connection.execute(_ENTER_FORM, {"name": name, "reference": opened.reference})
        for owed in opened.alerts:
            owe(connection, plan.message, owed, now, held=plan.held)
    _answer(connection, plan, now)
    return Recorded(state=plan.state, references=references)


def _enter_content(connection: Connection, plan: Plan) -> None:
    if plan.content_digest is not None and plan.state is State.RECORDED:
        connection.execute(_ENTER_CONTENT, {"digest": plan.content_digest, "message": plan.message})


def _answer(connection: Connection, plan: Plan, now: datetime) -> None:
    if plan.acknowledgement is None:
        withhold(connection, plan.message, plan.withheld or Withheld.DISABLED, now)
    else:
        acknowledge(connection, plan.message, plan.acknowledgement, now, limit=plan.limit)


def _references_of(connection: Connection, content_digest: str) -> tuple[str, ...]:
    return tuple(connection.execute(_OF_CONTENT, {"digest": content_digest}).scalars())


def _linked(connection: Connection, message: str) -> tuple[str, ...]:
    return tuple(connection.execute(_OF_MESSAGE, {"message": message}).scalars())


def _link(connection: Connection, message: str, references: Sequence[str]) -> None:
    for position, reference in enumerate(references, start=1):
        connection.execute(
            _ENTER_LINK, {"message": message, "position": position, "reference": reference}
        )


def _store_documents(connection: Connection, plan: Plan) -> None:
    for position, reading in enumerate(plan.readings, start=1):
        connection.execute(
            _ENTER_DOCUMENT,
            {
                "message": plan.message,
                "position": position,
                "part": reading.part,
                "name": reading.name,
                "extraction": to_json(reading.extraction, file=None),
            },
        )
