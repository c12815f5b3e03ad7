"""The schedule: mailboxes are polled and deliveries go out, until SIGTERM."""

from __future__ import annotations

import logging
import math
import random
import signal
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from intake.mailboxes.base import MailboxUnavailableError
from intake.store.engine import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from intake.app import App, Watched

log = structlog.get_logger(__name__)

DELIVERY_TICK_SECONDS = 5
_CATCHING_UP = 25
"""After so many messages in one pass it is said how many are left."""
_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 300.0
_LOOK_SECONDS = 0.2
_PATIENCE_WITH_SERVERS = 3.0
"""At the stop; then whatever still waits for a mail server is ended."""
_PATIENCE_AT_STOP = 27.0
"""After that, for the message in hand."""


class Worker:
    """Threads that sleep until something rings: the scheduler's tick, a doorbell, a new case.

    The scheduler only rings; it runs no work of its own, so that a job that hangs can't make it
    skip the others (APScheduler drops a run while the one before goes on).
    """

    def __init__(self, app: App, *, rng: random.Random | None = None) -> None:
        self._app = app
        self._stop = threading.Event()
        self._asked = False
        self._rng = rng or random.SystemRandom()
        self._deliver = threading.Event()
        self._failed: BaseException | None = None

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; the message in hand is finished first.

        Raises MailboxBusyError when another process holds a mailbox, and whatever ended a thread
        that must not end.
        """
        with ExitStack() as stack:
            for watched in self._app.watched:
                stack.enter_context(watched.lock)
            self._app.store.deliveries.release_leases_of_the_dead()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._asked_to_stop)
            scheduler = BackgroundScheduler(
                timezone="UTC",
                job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            )
            threads = [self._thread("deliver", self._deliver_until_stopped)]
            scheduler.add_job(self._deliver.set, "interval", seconds=DELIVERY_TICK_SECONDS)
            for watched in self._app.watched:
                threads += self._watch(watched, scheduler)
            for thread in threads:
                thread.start()
            scheduler.start()
            log.info("worker_started", count=len(self._app.watched))
            self._wait_for_the_end()
            log.info("worker_stopping")
            scheduler.shutdown(wait=False)
            self._deliver.set()
            if not _ended(threads, _PATIENCE_WITH_SERVERS):
                for watched in self._app.watched:
                    watched.rounds.mailbox.close()
                _ended(threads, _PATIENCE_AT_STOP)
        log.info("worker_stopped")
        if self._failed is not None:
            raise self._failed

    def _watch(self, watched: Watched, scheduler: BackgroundScheduler) -> list[threading.Thread]:
        name = watched.rounds.mailbox.name
        bell = threading.Event()
        rung = threading.Event()
        bell.set()

        def ring() -> None:
            rung.set()
            bell.set()

        scheduler.add_job(bell.set, "interval", seconds=watched.poll_seconds)
        threads = [
            self._thread(f"poll-{name}", lambda: self._poll_until_stopped(watched, bell, rung))
        ]
        if (doorbell := watched.doorbell) is not None:
            threads.append(self._thread(f"doorbell-{name}", lambda: doorbell.run(ring, self._stop)))
        return threads

    def _thread(self, name: str, work: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                log.exception("worker_thread_died", step=name, error=type(error).__name__)
                self._failed = error
                self._stop.set()

        return threading.Thread(target=guarded, name=name, daemon=True)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True

    def _wait_for_the_end(self) -> None:
        """By looking, not by waiting for the event: the kernel may deliver a signal to any thread,
        which does not wake this one; and a handler, which always runs in this thread, must not set
        an event whose lock this thread may be holding.
        """
        while not (self._asked or self._stop.is_set()):
            time.sleep(_LOOK_SECONDS)
        self._stop.set()

    def _poll_until_stopped(
        self, watched: Watched, bell: threading.Event, rung: threading.Event
    ) -> None:
        name = watched.rounds.mailbox.name
        failures = 0
        while self._heard(bell):
            rung.clear()  # from here on the doorbell may find the mailbox sooner than we do
            try:
                watched.rounds.run(
                    stop=self._stop.is_set,
                    progress=lambda done, of: self._progressed(name, done, of),
                )
            except Exception as trouble:  # noqa: BLE001 - the other mailboxes go on, whatever it is
                failures += 1
                self._rest(trouble, failures, rung, mailbox=name)
                bell.set()
                continue
            if failures:
                log.info("mailbox_available_again", mailbox=name, attempt=failures)
            failures = 0
            self._deliver.set()

    def _progressed(self, mailbox: str, done: int, of: int) -> None:
        """What is owed for a message goes out while the next one is read. A long catch-up says how
        far it is.
        """
        self._deliver.set()
        if done % _CATCHING_UP == 0 and of > done:
            log.info("catching_up", mailbox=mailbox, count=of - done)

    def _deliver_until_stopped(self) -> None:
        failures = 0
        while self._heard(self._deliver):
            try:
                self._app.outbox.deliver_due(self._stop.is_set)
                failures = 0
            except Exception as trouble:  # noqa: BLE001 - what is owed is owed all the same
                failures += 1
                self._rest(trouble, failures, threading.Event())

    def _rest(
        self, trouble: Exception, failures: int, until: threading.Event, mailbox: str | None = None
    ) -> None:
        """Tell of it, and wait: longer each time, and no longer than until that event."""
        pause = self._pause(failures)
        level, event, reason = _told(trouble)
        log.log(
            level,
            event,
            mailbox=mailbox,
            error=type(trouble).__name__,
            reason=reason,
            attempt=failures,
            seconds=round(pause, 1),
            exc_info=trouble,
        )
        self._heard(until, pause)

    def _heard(self, bell: threading.Event, seconds: float = math.inf) -> bool:
        """Wait for the bell, and take it; False at the time to stop, or after so many seconds."""
        until = time.monotonic() + seconds
        while not self._stop.is_set() and (left := until - time.monotonic()) > 0:
            if bell.wait(timeout=min(left, 0.5)):
                bell.clear()
                return not self._stop.is_set()
        return False

    def _pause(self, failures: int) -> float:
        longest = min(_FIRST_PAUSE * (1 << min(failures - 1, 10)), _LONGEST_PAUSE)
        return longest * self._rng.uniform(0.8, 1.2)


def _told(trouble: Exception) -> tuple[int, str, str | None]:
    """How loudly a failure is told, as what, and the sentence for the operator."""
    if isinstance(trouble, MailboxUnavailableError):
        return logging.WARNING, "mailbox_unavailable", str(trouble)
    if isinstance(trouble, StoreUnavailableError):
        return logging.WARNING, "store_unavailable", str(trouble)
    if isinstance(trouble, OSError):
        return logging.WARNING, "store_unavailable", trouble.strerror
    return logging.ERROR, "pass_failed", None


def _ended(threads: list[threading.Thread], seconds: float) -> bool:
    """Whether all of them end within that time."""
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return not any(thread.is_alive() for thread in threads)
