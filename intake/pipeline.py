"""The one path a message takes, from its bytes to a case and everything owed for it."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from intake.cases import compose
from intake.cases.case import Case, Reading, open_cases, quarantined_case
from intake.cases.reference import new_reference
from intake.mail import message as mail
from intake.mail.authenticity import authenticity
from intake.mail.model import Withheld
from intake.mail.screening import screen
from intake.store.engine import StoreUnavailableError
from intake.store.ledger import State, Tries
from intake.store.record import Opened, Plan, Prior, Recorded, TakenMeanwhileError
from parsers.model import Readability

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence
    from datetime import date, datetime, timedelta

    from intake.cases.compose import Stationery
    from intake.mail.model import InboundMessage, Verdict
    from intake.mailboxes.base import Fetched
    from intake.store.ledger import LedgerRow
    from intake.store.store import Store
    from parsers.model import Extraction

log = structlog.get_logger(__name__)

FAILURES = 3
"""After so many errors a message is quarantined: a person looks, and the mailbox goes on."""
ATTEMPTS = 12
"""After so many tries that were cut off, too. They are more, because a process is killed for many
reasons, and one that is killed again and again must not spoil a sound referral."""

_FIRST_TRY = Tries(begun=1, failed=0)
_COMPOSINGS = 8
_OF_THE_MACHINE = frozenset(
    (
        *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG),
        *(errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN),
    )
)
"""Errors that are not about one message: a full or read-only disk, no memory, no files."""
HELD = "shadow"
"""Why nothing is sent in shadow mode."""


class HandlingError(Exception):
    """An OSError that is about one message (its original can't be read): its name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """The operator's decisions, as far as one message's path needs them."""

    reference_prefix: str
    is_own: Callable[[str], bool]
    trusted: str
    acknowledge: bool
    per_sender_per_day: int
    exempt: frozenset[str]
    filed_folder: str | None
    attention_folder: str | None
    shadow: bool = False
    """Read and record, send nothing, move nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """A message after reading, before anything is written: what it is, and what would be owed."""

    message: InboundMessage
    readings: Sequence[Reading]
    verdict: Verdict
    received_at: datetime


class Pipeline:
    """Handles one message at a time; every step can be repeated after a crash."""

    def __init__(
        self,
        store: Store,
        read: Callable[[bytes, date], Extraction],
        stationery: Stationery,
        *,
        clock: Callable[[], datetime],
        rng: random.Random,
        after: Callable[[str], None],
    ) -> None:
        """`read` reads one document and never raises; `after(step)` is told of each step done."""
        self._store = store
        self._read = read
        self._stationery = stationery
        self._clock = clock
        self._rng = rng
        self._after = after

    def accept(self, row: LedgerRow, fetched: Fetched) -> LedgerRow:
        """Keep the original and note it in the ledger, durably, before anything is parsed."""
        self._store.originals.put(row.id, fetched.raw)
        self._after("original_kept")
        digest = hashlib.sha256(fetched.raw).hexdigest()
        self._store.ledger.accept(
            row.id,
            sha256=digest,
            size=len(fetched.raw),
            received_at=fetched.received_at,
            now=self._clock(),
        )
        self._after("accepted")
        log.info("message_accepted", mailbox=row.mailbox, message=row.id)
        return replace(
            row,
            state=State.ACCEPTED,
            attempts=1,
            sha256=digest,
            received_at=fetched.received_at,
        )

    def handle(
        self,
        row: LedgerRow,
        rules: Rules,
        *,
        first: bool = False,
        stale_after: timedelta | None = None,
    ) -> Recorded:
        """Take an accepted message through the rest of the path, up to what is written.

        `first`: just now accepted, by which this try is counted already. With `stale_after`, a
        message received longer ago than that is not acknowledged. Raises
        StoreUnavailableError and OSError where the machine is in trouble, which is not counted
        against the message, and anything else where the message is.
        """
        tries = _FIRST_TRY if first else self._store.ledger.attempt(row.id)
        try:
            if tries.failed >= FAILURES or tries.begun > ATTEMPTS:
                return self._quarantine(row, rules)
            return self._handle(row, rules, stale_after)
        except StoreUnavailableError:
            self._forgive(row)
            raise
        except OSError as error:
            if error.errno in _OF_THE_MACHINE:
                self._forgive(row)
                raise
            self._store.ledger.failed(row.id)
            raise HandlingError(type(error).__name__) from None
        except Exception:
            self._store.ledger.failed(row.id)
            raise

    def _forgive(self, row: LedgerRow) -> None:
        with contextlib.suppress(StoreUnavailableError):
            self._store.ledger.forgive(row.id)

    def _handle(self, row: LedgerRow, rules: Rules, stale_after: timedelta | None) -> Recorded:
        raw = self._store.originals.get(row.id)
        understood = self.understand(raw, row.received_at, rules, stale_after=stale_after)
        self._after("understood")
        for _ in range(_COMPOSINGS):
            plan = self._plan(row, understood, rules)
            self._after("composed")
            try:
                recorded = self._store.recorder.record(plan, self._clock())
            except TakenMeanwhileError:
                continue
            self._after("recorded")
            self._tell(row, recorded)
            return recorded
        raise TakenMeanwhileError

    def understand(
        self,
        raw: bytes,
        received_at: datetime | None,
        rules: Rules,
        *,
        stale_after: timedelta | None = None,
    ) -> Understood:
        """Read the message and every document in it. Writes nothing."""
        message = mail.parse(raw)
        received_at = received_at or message.received_at or self._clock()
        readings = [
            Reading(
                part=document.part,
                name=document.name,
                decoration=document.decoration,
                extraction=self._read(document.content, received_at.date()),
            )
            for document in message.documents
        ]
        verdict = screen(
            message,
            is_own=rules.is_own,
            mark=self._stationery.head.mark,
            holds_form_or_unreadable=any(r.extraction.forms or r.unreadable for r in readings),
            acknowledge=rules.acknowledge,
            authenticity=authenticity(message, rules.trusted),
            stale=stale_after is not None and self._clock() - received_at > stale_after,
        )
        return Understood(
            message=message, readings=readings, verdict=verdict, received_at=received_at
        )

    def _plan(self, row: LedgerRow, understood: Understood, rules: Rules) -> Plan:
        message, verdict = understood.message, understood.verdict
        if verdict.machine is not None:
            return Plan(
                message=row.id,
                state=State.NOT_A_REFERRAL,
                reason=verdict.machine.value,
                message_id=message.message_id,
                content_digest=message.content_digest,
                file_to=rules.filed_folder,
                readings=understood.readings,
                withheld=verdict.withheld,
            )
        prior = self._store.recorder.prior(message.content_digest, message.message_id)
        cases = _cases(understood, prior, rules, self._stationery)
        opened = [self._name(case, rules) for case in cases]
        owed = None
        if verdict.withheld is None and verdict.reply_to is not None:
            owed = compose.acknowledgement(
                self._stationery,
                [(each.reference, each.case) for each in opened],
                compose.Reply(to=verdict.reply_to, message_id=message.message_id),
                delivery=uuid.uuid4().hex,
                now=self._clock(),
            )
        attention = any(case.readability is Readability.NONE for case in cases)
        return Plan(
            message=row.id,
            state=State.RECORDED,
            reason=None,
            message_id=message.message_id,
            content_digest=message.content_digest,
            file_to=rules.attention_folder if attention else rules.filed_folder,
            readings=understood.readings,
            opened=() if prior.references else opened,
            acknowledgement=None if prior.references else owed,
            withheld=verdict.withheld or (Withheld.DUPLICATE if prior.references else None),
            held=HELD if rules.shadow else None,
            limit=None if verdict.reply_to in rules.exempt else rules.per_sender_per_day,
        )

    def _quarantine(self, row: LedgerRow, rules: Rules) -> Recorded:
        received_at = row.received_at or self._clock()
        for _ in range(_COMPOSINGS):
            plan = Plan(
                message=row.id,
                state=State.QUARANTINED,
                reason="handling-failed",
                message_id=None,
                content_digest=None,
                file_to=rules.attention_folder,
                opened=[self._name(quarantined_case(received_at=received_at), rules)],
                withheld=Withheld.NO_RETURN_ADDRESS,
                held=HELD if rules.shadow else None,
            )
            try:
                recorded = self._store.recorder.record(plan, self._clock())
            except TakenMeanwhileError:
                continue
            log.error("message_quarantined", mailbox=row.mailbox, message=row.id)
            return recorded
        raise TakenMeanwhileError

    def _name(self, case: Case, rules: Rules) -> Opened:
        now = self._clock()
        reference = new_reference(rules.reference_prefix, now.year, self._rng)
        alerts = compose.alerts(
            self._stationery, reference, case, new_id=lambda: uuid.uuid4().hex, now=now
        )
        return Opened(reference=reference, case=case, alerts=alerts)

    def _tell(self, row: LedgerRow, recorded: Recorded) -> None:
        log.info(
            "message_recorded", mailbox=row.mailbox, message=row.id, state=recorded.state.value
        )
        if recorded.state is State.RECORDED:
            for reference in recorded.references:
                log.info("case_recorded", message=row.id, case=reference)


def _cases(
    understood: Understood, prior: Prior, rules: Rules, stationery: Stationery
) -> list[Case]:
    cases = open_cases(
        understood.message,
        understood.readings,
        received_at=understood.received_at,
        authenticity=understood.verdict.authenticity,
        is_own=rules.is_own,
        fields=stationery.fields,
    )
    if not prior.message_id_reused:
        return cases
    return [
        replace(case, flags=tuple(sorted({*case.flags, "message_id_reused"}))) for case in cases
    ]
