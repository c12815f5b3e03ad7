"""One pass over one mailbox: what is new is fetched and handled, what is handled is filed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
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
    from intake.mailboxes.base import Fetched, Mailbox
    from intake.pipeline import Pipeline
    from intake.planner import Understood
    from intake.rules import Rules
    from intake.store.store import Store

log = structlog.get_logger(__name__)

_UNSTORED = (State.SEEN, State.VANISHED)
"""What was given up as vanished may come back: a server's listing can be short for a while."""
_ENDS = (State.RECORDED, State.DUPLICATE, State.NOT_A_REFERRAL, State.QUARANTINED)
_REMOVED = "removed"

_FETCHES = 2
_PATIENCE_WITH_A_MESSAGE = timedelta(minutes=15)
_MOVE_AGAIN = timedelta(hours=1)
"""A message that could not be moved is left alone for so long: on a server without MOVE all of them
stay, and one that answers OK and leaves the message would gain a copy with every try.
"""


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
        self._put_off: set[str] = set()
        self._stayed: dict[str, datetime] = {}

    def run(
        self,
        *,
        stop: Callable[[], bool] = lambda: False,
        progress: Callable[[int, int], None] = lambda _done, _of: None,
    ) -> Pass:
        """One pass. Raises MailboxUnavailableError, StoreUnavailableError, and OSError where the
        machine fails (disk full); what was done until then stays done. `stop` is asked between
        messages.
        """
        done = Pass()
        listed = self._listed()
        known = self._store.ledger.on_the_way(self.mailbox.name, listed)
        rows = self._enter(listed, known, done)
        todo = [row for row in known.values() if row.state is State.ACCEPTED]
        # One that was seen is asked for by name even where no listing shows it.
        todo += [row for row in known.values() if row.state is State.SEEN]
        todo += [row for row in known.values() if row.state is State.VANISHED and row.key in listed]
        todo += rows
        todo.sort(key=lambda row: (row.id in self._put_off, row.attempts))
        for number, row in enumerate(todo, start=1):
            if stop():
                return done
            self._take(row, listed.get(row.key), done)
            progress(number, len(todo))
        self._file_leftovers(listed, known, stop)
        return done

    def preview(self) -> Iterable[tuple[MessageRef, Understood | None]]:
        """What a pass would find among the new messages, writing nothing anywhere."""
        refs = self.mailbox.list()
        known = self._store.ledger.on_the_way(self.mailbox.name, [ref.key for ref in refs])
        for ref in refs:
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

    def _listed(self) -> dict[str, MessageRef]:
        """What lies in the intake folder, by key.

        A server can leave out messages for a while (mail.md 1.4). Where one is missing that was
        seen and is not stored, the folder is opened once more on a connection of its own, and
        whatever either listing shows counts: what is gone meanwhile is found out by fetching it.
        """
        listed = {ref.key: ref for ref in self.mailbox.list()}
        unfinished = self._store.ledger.on_the_way(self.mailbox.name, ())
        if any(row.state is State.SEEN and row.key not in listed for row in unfinished.values()):
            self.mailbox.close()
            listed |= {ref.key: ref for ref in self.mailbox.list()}
        return listed

    def _take(self, row: LedgerRow, ref: MessageRef | None, done: Pass) -> None:
        """One message, as far as it will go; its trouble never stops the next one."""
        try:
            if row.state in _UNSTORED:
                ref = ref or MessageRef(
                    mailbox=row.mailbox, key=row.key, uidvalidity=row.uidvalidity, uid=row.uid
                )
                row = self._pipeline.accept(row, self._fetch(ref))
                recorded = self._pipeline.handle(row, self._rules, first=True)
            else:
                recorded = self._pipeline.handle(row, self._rules)
        except MessageGoneError:
            self._vanish(row, done)
            return
        except MessageUnreadableError as trouble:
            done.unreadable += 1
            self._put_off.add(row.id)
            self._store.ledger.unreadable(row.id, str(trouble)[:64])
            log.warning("message_unreadable", mailbox=row.mailbox, message=row.id)
            self._tell_of_unreadable(row)
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
        self._put_off.discard(row.id)
        done.handled += 1
        done.quarantined += recorded.state is State.QUARANTINED
        if ref is not None:
            self._file(row.id, ref)

    def _fetch(self, ref: MessageRef) -> Fetched:
        """A message at which the connection breaks again and again, while the mailbox can be used,
        is unreadable: it must not keep those behind it from being read.
        """
        for _ in range(_FETCHES):
            try:
                return self.mailbox.fetch(ref)
            except MailboxUnavailableError:
                self.mailbox.check()  # raises where it is the mailbox
        raise MessageUnreadableError("the connection breaks off at it")

    def _file(self, message: str, ref: MessageRef) -> None:
        """Move the message where the ledger says; the last step, and it can be repeated.

        The ledger says so first: `filed_to` is never our folder for what another's hand has moved.
        """
        row = self._store.ledger.row(message)
        if self._rules.shadow or row is None or row.file_to is None:
            return
        folder = row.file_to
        tried = False

        def note() -> None:
            nonlocal tried
            tried = True
            self._store.ledger.filed(message, folder)
            self._after("filed")

        if self.mailbox.file(ref, folder, note):
            self._stayed.pop(message, None)
            self._after("moved")
            if tried:
                log.info("message_filed", mailbox=row.mailbox, message=message)
            return
        self._stayed[message] = self._clock()
        if tried or row.filed_to is not None:
            self._store.ledger.filed(message, None)

    def _file_leftovers(
        self, listed: dict[str, MessageRef], known: dict[str, LedgerRow], stop: Callable[[], bool]
    ) -> None:
        """Messages handled in an earlier pass that a crash left in the intake folder, and those
        that could not be moved then: they are tried again once in a while.
        """
        now = self._clock()
        for row in known.values():
            if row.state not in _ENDS or row.key not in listed or stop():
                continue
            stayed = self._stayed.get(row.id)
            if stayed is None or now - stayed >= _MOVE_AGAIN:
                self._file(row.id, listed[row.key])

    def _tell_of_unreadable(self, row: LedgerRow) -> None:
        """It may pass within minutes (mail.md 1.5: a server that is still scanning the message)."""
        now = self._clock()
        if now - row.first_seen_at < _PATIENCE_WITH_A_MESSAGE:
            return
        alerts = compose.not_given_alerts(
            self._stationery,
            row.mailbox,
            since=row.first_seen_at,
            new_id=lambda: uuid.uuid4().hex,
            now=now,
        )
        if self._store.recorder.tell(row.id, alerts, now, held=self._rules.held):
            log.error("message_not_given", mailbox=row.mailbox, message=row.id)

    def _vanish(self, row: LedgerRow, done: Pass) -> None:
        now = self._clock()
        alerts = compose.vanished_alerts(
            self._stationery, row.mailbox, new_id=lambda: uuid.uuid4().hex, now=now
        )
        if self._store.recorder.vanish(row.id, _REMOVED, alerts, now, held=self._rules.held):
            done.vanished += 1
            log.error("message_vanished", mailbox=row.mailbox, message=row.id)
