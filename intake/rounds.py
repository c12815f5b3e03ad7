"""One pass over one mailbox: what is new is fetched and handled, what is handled is filed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from intake.cases import compose
from intake.mailboxes.base import (
    MailboxUnavailableError,
    MessageGoneError,
    MessageRef,
    MessageUnreadableError,
)
from intake.store.engine import StoreUnavailableError
from intake.store.ledger import LedgerRow, Sighting, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from intake.cases.compose import Stationery
    from intake.mailboxes.base import Mailbox
    from intake.pipeline import Pipeline, Rules, Understood
    from intake.store.store import Store

log = structlog.get_logger(__name__)

_UNSTORED = (State.SEEN, State.VANISHED)
"""What was given up as vanished may come back: a server's listing can be short for a while."""
_ENDS = (State.RECORDED, State.DUPLICATE, State.NOT_A_REFERRAL, State.QUARANTINED)


@dataclass(kw_only=True, slots=True)
class Pass:
    """What one pass over a mailbox came to."""

    new: int = 0
    handled: int = 0
    quarantined: int = 0
    unreadable: int = 0
    vanished: int = 0
    troubled: int = 0


class Rounds:
    """Passes over one mailbox, each complete in itself: whatever an earlier one left is healed."""

    def __init__(
        self,
        mailbox: Mailbox,
        rules: Rules,
        pipeline: Pipeline,
        store: Store,
        stationery: Stationery,
        *,
        clock: Callable[[], datetime],
        after: Callable[[str], None],
    ) -> None:
        self.mailbox = mailbox
        self._rules = rules
        self._pipeline = pipeline
        self._store = store
        self._stationery = stationery
        self._clock = clock
        self._after = after

    def run(
        self,
        *,
        stop: Callable[[], bool] = lambda: False,
        progress: Callable[[int, int], None] = lambda _done, _of: None,
    ) -> Pass:
        """One pass. Raises MailboxUnavailableError and StoreUnavailableError; what was done until
        then stays done. `stop` is asked between messages.
        """
        done = Pass()
        listed = {ref.key: ref for ref in self.mailbox.list()}
        known = self._store.ledger.rows_of(self.mailbox.name)
        rows = self._enter(listed, known, done)
        self._notice_absent(listed, known, done)
        todo = [row for row in known.values() if row.state is State.ACCEPTED]
        todo += [row for row in known.values() if row.state in _UNSTORED and row.key in listed]
        todo += rows
        for number, row in enumerate(todo, start=1):
            if stop():
                return done
            self._take(row, listed.get(row.key), done)
            progress(number, len(todo))
        self._file_leftovers(listed, known)
        return done

    def preview(self) -> Iterable[tuple[MessageRef, Understood | None]]:
        """What a pass would find among the new messages, writing nothing anywhere."""
        known = self._store.ledger.rows_of(self.mailbox.name)
        for ref in self.mailbox.list():
            if ref.key in known:
                continue
            try:
                fetched = self.mailbox.fetch(ref)
            except (MessageGoneError, MessageUnreadableError):
                yield ref, None
                continue
            yield (
                ref,
                self._pipeline.understand(fetched.raw, fetched.received_at, self._rules),
            )

    def _enter(
        self, listed: dict[str, MessageRef], known: dict[str, LedgerRow], done: Pass
    ) -> list[LedgerRow]:
        """Note new messages in the ledger before fetching them: from now on they are missed."""
        sightings = [
            Sighting(key=ref.key, uidvalidity=ref.uidvalidity, uid=ref.uid)
            for ref in listed.values()
            if ref.key not in known
        ]
        rows = self._store.ledger.see(self.mailbox.name, sightings, self._clock())
        done.new = len(rows)
        if rows:
            self._after("seen")
            log.info("messages_seen", mailbox=self.mailbox.name, count=len(rows))
        return rows

    def _take(self, row: LedgerRow, ref: MessageRef | None, done: Pass) -> None:
        """One message, as far as it will go; its trouble never stops the next one."""
        try:
            if row.state in _UNSTORED and ref is not None:
                row = self._pipeline.accept(row, self.mailbox.fetch(ref))
            recorded = self._pipeline.handle(row, self._rules)
        except MessageGoneError:
            self._vanish(row, "removed", done)
            return
        except MessageUnreadableError as trouble:
            done.unreadable += 1
            self._store.ledger.unreadable(row.id, str(trouble)[:64])
            log.warning("message_unreadable", mailbox=row.mailbox, message=row.id)
            return
        except (MailboxUnavailableError, StoreUnavailableError, OSError):
            raise
        except Exception as error:
            done.troubled += 1
            log.exception(
                "message_handling_failed",
                mailbox=row.mailbox,
                message=row.id,
                error=type(error).__name__,
            )
            return
        done.handled += 1
        done.quarantined += recorded.state is State.QUARANTINED
        if ref is not None:
            self._file(row.id, ref)

    def _file(self, message: str, ref: MessageRef) -> None:
        """Move the message where the ledger says; the last step, and it can be repeated."""
        row = self._store.ledger.row(message)
        if self._rules.shadow or row is None or row.file_to is None:
            return
        if not self.mailbox.file(ref, row.file_to):
            return
        self._after("moved")
        self._store.ledger.filed(message, row.file_to)
        self._after("filed")
        log.info("message_filed", mailbox=row.mailbox, message=message)

    def _file_leftovers(self, listed: dict[str, MessageRef], known: dict[str, LedgerRow]) -> None:
        """Messages handled in an earlier pass that a crash left in the intake folder."""
        for row in known.values():
            if row.state in _ENDS and row.file_to is not None and row.key in listed:
                self._file(row.id, listed[row.key])

    def _notice_absent(
        self, listed: dict[str, MessageRef], known: dict[str, LedgerRow], done: Pass
    ) -> None:
        """What the ledger expects in the intake folder, and is not there."""
        for row in known.values():
            if row.key in listed:
                continue
            if row.state is State.SEEN:
                self._vanish(row, "removed", done)
            elif row.state in _ENDS and row.file_to is not None and not self._rules.shadow:
                # Moved by us just before a crash, or by a person: it has left the intake folder.
                self._store.ledger.filed(row.id, row.file_to)

    def _vanish(self, row: LedgerRow, reason: str, done: Pass) -> None:
        now = self._clock()
        alerts = compose.vanished_alerts(
            self._stationery, row.mailbox, new_id=lambda: uuid.uuid4().hex, now=now
        )
        self._store.recorder.vanish(row.id, reason, alerts, now)
        done.vanished += 1
        log.error("message_vanished", mailbox=row.mailbox, message=row.id)
