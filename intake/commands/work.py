"""`run`, `poll` and `process`: messages become cases."""

from __future__ import annotations

import hashlib
import sys
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

from intake import app as wiring
from intake.commands import output
from intake.commands.status import Status
from intake.mailboxes.base import Fetched, MailboxUnavailableError
from intake.mailboxes.lock import MailboxBusyError
from intake.store.ledger import Sighting, State
from intake.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from intake.app import App
    from intake.settings import Settings

_STALE = timedelta(hours=24)
"""`process`: an acknowledgement of something older than this would only puzzle its reader."""


def run(settings: Settings) -> Status:
    """The worker, until SIGTERM."""
    with wiring.build(settings) as app:
        Worker(app).run()
    return Status.DONE


def poll(settings: Settings) -> Status:
    """One pass over every mailbox, then deliver what is due."""
    attention = False
    again = False
    with wiring.build(settings) as app:
        app.store.deliveries.release_leases_of_the_dead()
        for watched in app.watched:
            name = watched.rounds.mailbox.name
            try:
                with watched.lock, output.progress(f"mailbox {name}") as progress:
                    done = watched.rounds.run(progress=progress)
            except (MailboxUnavailableError, MailboxBusyError) as trouble:
                _say(str(trouble))
                again = True
                continue
            except OSError as trouble:
                _say(f"mailbox {name}: stopped, nothing is lost: {trouble.strerror}")
                again = True
                continue
            _say(
                f"mailbox {name}: {done.new} new, {done.handled} handled, "
                f"{done.quarantined} quarantined, {done.unreadable} not readable on the server, "
                f"{done.vanished} vanished, {done.troubled} to be tried again"
            )
            attention |= bool(done.quarantined or done.unreadable or done.vanished or done.troubled)
        delivered = _deliver(app)
    if delivered is Status.AGAIN or again:
        return Status.AGAIN
    return Status.ATTENTION if attention else delivered


def dry_run(settings: Settings) -> Status:
    """Say what `poll` would find. Writes nothing anywhere."""
    again = False
    with wiring.build(settings, read_only=True) as app:
        for watched in app.watched:
            mailbox = watched.rounds.mailbox.name
            try:
                for ref, understood in watched.rounds.preview():
                    found = "could not be fetched"
                    if understood is not None:
                        read = [r.extraction.readability.value for r in understood.readings]
                        verdict = understood.verdict
                        kind = verdict.machine.value if verdict.machine else "a case"
                        reply = verdict.withheld.value if verdict.withheld else "acknowledged"
                        found = f"{kind}; documents: {', '.join(read) or 'none'}; {reply}"
                    _say(f"mailbox {mailbox}, {ref.key}: {found}")
            except MailboxUnavailableError as trouble:
                _say(str(trouble))
                again = True
    return Status.AGAIN if again else Status.DONE


def process(settings: Settings, files: Sequence[Path], *, acknowledge: bool) -> Status:
    """The same path for saved messages."""
    if missing := [path for path in files if not path.is_file()]:
        _say(f"{missing[0]}: there is no such file")
        return Status.WRONG
    attention = False
    with ExitStack() as stack:
        app = stack.enter_context(wiring.build(settings))
        stack.enter_context(wiring.process_lock(settings))
        progress = stack.enter_context(output.progress("messages"))
        app.store.deliveries.release_leases_of_the_dead()
        for number, path in enumerate(files, start=1):
            state, references = _process_one(app, path.read_bytes(), acknowledge=acknowledge)
            _say(f"{path.name}: {state.value} {' '.join(references)}".rstrip())
            attention |= state is State.QUARANTINED
            progress(number, len(files))
        delivered = _deliver(app)
    return Status.ATTENTION if attention and delivered is Status.DONE else delivered


def _process_one(app: App, raw: bytes, *, acknowledge: bool) -> tuple[State, tuple[str, ...]]:
    key = hashlib.sha256(raw).hexdigest()
    row = app.store.ledger.on_the_way(wiring.PROCESS, [key]).get(key)
    if row is None:
        [row] = app.store.ledger.see(
            wiring.PROCESS, [Sighting(key=key, uidvalidity=None, uid=None)], app.clock()
        )
    first = row.state is State.SEEN
    if first:
        row = app.pipeline.accept(row, Fetched(raw=raw, received_at=None))
    recorded = app.pipeline.handle(
        row, app.by_hand, first=first, stale_after=None if acknowledge else _STALE
    )
    return recorded.state, recorded.references


def _deliver(app: App) -> Status:
    done = app.outbox.deliver_due()
    if done.sent or done.failed or done.postponed:
        _say(f"deliveries: {done.sent} sent, {done.postponed} postponed, {done.failed} failed")
    if done.lane_trouble:
        _say("a channel can't be used now; what is owed is kept and tried again")
        return Status.AGAIN
    return Status.ATTENTION if done.failed else Status.DONE


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
