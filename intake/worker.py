"""The schedule: mailboxes are polled and deliveries go out, until SIGTERM."""

from __future__ import annotations

import random
import signal
import threading
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
_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 300.0
_PATIENCE_AT_STOP = 30.0


class Worker:
    """Threads that sleep until something rings: the scheduler's tick, a doorbell, a new case.

    The scheduler only rings; it runs no work of its own, so that a job that hangs can't make it
    skip the others (APScheduler drops a run while the one before goes on).
    """

    def __init__(self, app: App, *, rng: random.Random | None = None) -> None:
        self._app = app
        self._stop = threading.Event()
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
            self._stop.wait()
            log.info("worker_stopping")
            scheduler.shutdown(wait=False)
            self._deliver.set()
            for thread in threads:
                thread.join(_PATIENCE_AT_STOP)
        log.info("worker_stopped")
        if self._failed is not None:
            raise self._failed

    def _watch(self, watched: Watched, scheduler: BackgroundScheduler) -> list[threading.Thread]:
        name = watched.rounds.mailbox.name
        bell = threading.Event()
        bell.set()
        scheduler.add_job(bell.set, "interval", seconds=watched.poll_seconds)
        threads = [self._thread(f"poll-{name}", lambda: self._poll_until_stopped(watched, bell))]
        if (doorbell := watched.doorbell) is not None:
            threads.append(
                self._thread(f"doorbell-{name}", lambda: doorbell.run(bell.set, self._stop))
            )
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
        self._stop.set()

    def _poll_until_stopped(self, watched: Watched, bell: threading.Event) -> None:
        name = watched.rounds.mailbox.name
        failures = 0
        while self._heard(bell):
            try:
                watched.rounds.run(
                    stop=self._stop.is_set, progress=lambda _d, _n: self._deliver.set()
                )
            except (MailboxUnavailableError, StoreUnavailableError, OSError) as trouble:
                failures += 1
                pause = self._pause(failures)
                log.warning(
                    "mailbox_unavailable"
                    if isinstance(trouble, MailboxUnavailableError)
                    else "store_unavailable",
                    mailbox=name,
                    error=type(trouble).__name__,
                    attempt=failures,
                    seconds=round(pause, 1),
                )
                self._stop.wait(pause)
                bell.set()
                continue
            if failures:
                log.info("mailbox_available_again", mailbox=name, attempt=failures)
            failures = 0
            self._deliver.set()

    def _deliver_until_stopped(self) -> None:
        failures = 0
        while self._heard(self._deliver):
            try:
                self._app.outbox.deliver_due(self._stop.is_set)
                failures = 0
            except StoreUnavailableError as trouble:
                failures += 1
                pause = self._pause(failures)
                log.warning(
                    "store_unavailable",
                    error=type(trouble).__name__,
                    attempt=failures,
                    seconds=round(pause, 1),
                )
                self._stop.wait(pause)

    def _heard(self, bell: threading.Event) -> bool:
        """Wait for the bell; False when it is time to stop."""
        while not self._stop.is_set():
            if bell.wait(timeout=0.5):
                bell.clear()
                return not self._stop.is_set()
        return False

    def _pause(self, failures: int) -> float:
        longest = min(_FIRST_PAUSE * (1 << min(failures - 1, 10)), _LONGEST_PAUSE)
        return longest * self._rng.uniform(0.8, 1.2)
