"""The one path a message takes, from its bytes to a case and everything owed for it."""

from __future__ import annotations

import contextlib
import errno
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from intake.cases.case import Reading
from intake.mail import message as mail
from intake.mail.authenticity import authenticity
from intake.mail.screening import screen
from intake.planner import Planner, Understood
from intake.store.engine import StoreUnavailableError
from intake.store.ledger import State, Tries
from intake.store.record import Plan, Recorded, TakenMeanwhileError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from datetime import date, datetime, timedelta

    from intake.cases.compose import Stationery
    from intake.mailboxes.base import Fetched
    from intake.rules import Rules
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


class HandlingError(Exception):
    """An OSError that is about one message (its original can't be read): its name."""


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
        self._planner = Planner(store.recorder, stationery, clock=clock, rng=rng)
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
        recorded = self._record(lambda: self._planner.plan(row, understood, rules))
        self._tell(row, recorded)
        return recorded

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

    def _quarantine(self, row: LedgerRow, rules: Rules) -> Recorded:
        recorded = self._record(lambda: self._planner.quarantine(row, rules))
        log.error("message_quarantined", mailbox=row.mailbox, message=row.id)
        return recorded

    def _record(self, compose: Callable[[], Plan]) -> Recorded:
        """Compose and record; again where another took a reference or the content meanwhile."""
        for _ in range(_COMPOSINGS):
            plan = compose()
            self._after("composed")
            try:
                recorded = self._store.recorder.record(plan, self._clock())
            except TakenMeanwhileError:
                continue
            self._after("recorded")
            return recorded
        raise TakenMeanwhileError

    def _tell(self, row: LedgerRow, recorded: Recorded) -> None:
        log.info(
            "message_recorded", mailbox=row.mailbox, message=row.id, state=recorded.state.value
        )
        if recorded.state is State.RECORDED:
            for reference in recorded.references:
                log.info("case_recorded", message=row.id, case=reference)
