"""Sending what is owed: one try at a time, and the schedule of the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from intake.cases.compose import Kind
from intake.store.deliveries import LeaseLostError
from notifiers.base import DeliveryError, Notification, OutcomeUnknownError, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from intake.store.deliveries import Claimed, Deliveries
    from notifiers.base import Accepted, Notifier

log = structlog.get_logger(__name__)

_MINUTES = (1, 2, 5, 10, 20, 30, 60)
_ALERT_AT_MOST = timedelta(minutes=5)
_GIVE_UP = timedelta(hours=48)
_LANE_FIRST = timedelta(seconds=5)
_LANE_AT_MOST = timedelta(minutes=5)
_AGAIN_AT_ONCE = timedelta(seconds=2)
_UNKNOWN_ALLOWED = {Kind.ACKNOWLEDGEMENT: 1, Kind.ALERT: None}
"""How many identical resends follow unknown outcomes: a second acknowledgement is a nuisance, a
lost alert may cost a life."""


def next_attempt(kind: Kind, attempts: int, age: timedelta) -> timedelta | None:
    """How long to wait after the failed try number `attempts` (from 1) of a delivery of this age;
    None to give up. Alerts are never given up for being old.
    """
    wait = timedelta(minutes=_MINUTES[min(attempts, len(_MINUTES)) - 1])
    if kind is Kind.ALERT:
        return min(wait, _ALERT_AT_MOST)
    return None if age + wait > _GIVE_UP else wait


def lane_pause(failures: int) -> timedelta:
    """How long a lane rests after that many tries in a row that failed through its own fault."""
    return min(_LANE_FIRST * (1 << min(failures - 1, 10)), _LANE_AT_MOST)


@dataclass(slots=True)
class _Lane:
    """What is known of one channel's health."""

    failures: int = 0
    rests_until: datetime | None = None


@dataclass(kw_only=True, slots=True)
class Round:
    """What one round of deliveries came to."""

    sent: int = 0
    failed: int = 0
    postponed: int = 0
    lane_trouble: bool = False


class Outbox:
    """Delivers what falls due. One thread at a time may call `deliver_due`."""

    def __init__(
        self,
        deliveries: Deliveries,
        lanes: Mapping[str, Notifier],
        *,
        clock: Callable[[], datetime],
        after: Callable[[str], None],
    ) -> None:
        """`lanes`: a notifier for each channel and for the acknowledgements. `after(step)` is told
        of each durable step, so that tests can end the process there.
        """
        self._deliveries = deliveries
        self._notifiers = lanes
        self._lanes = {name: _Lane() for name in lanes}
        self._clock = clock
        self._after = after

    def deliver_due(self, stop: Callable[[], bool] = lambda: False) -> Round:
        """Try everything that is due once, alerts first, until nothing more is due."""
        done = Round()
        claimed = self._next(stop)
        while claimed is not None:
            self._after("claimed")
            claimed = self._take(claimed, done, stop)
        return done

    def _next(self, stop: Callable[[], bool]) -> Claimed | None:
        if stop():
            return None
        return self._deliveries.claim_due(self._clock(), paused=self._paused())

    def _take(self, claimed: Claimed, done: Round, stop: Callable[[], bool]) -> Claimed | None:
        """One try of one delivery, and its outcome written down; what is due next, claimed."""
        try:
            accepted = self._try(claimed, done)
            if accepted is not None:
                return self._sent(claimed, accepted, done, stop)
        except LeaseLostError:
            log.warning("delivery_lease_lost", delivery=claimed.id)
        return self._next(stop)

    def _paused(self) -> list[str]:
        now = self._clock()
        resting = []
        for name, lane in self._lanes.items():
            if lane.rests_until is not None and lane.rests_until > now:
                resting.append(name)
            else:
                lane.rests_until = None
        return resting

    def _try(self, claimed: Claimed, done: Round) -> Accepted | None:
        """None where it was not accepted: that is written down already."""
        if claimed.interrupted:
            self._unknown(claimed, done)
            return None
        notifier = self._notifiers.get(claimed.channel)
        if notifier is None:
            self._fail(claimed, "channel-removed", done)
            return None
        notification = Notification(
            id=claimed.id, body=claimed.body, sender=claimed.sender, recipient=claimed.recipient
        )
        try:
            return notifier.send(notification, lambda: self._entering_data(claimed))
        except DeliveryError as error:
            self._refused(claimed, error, done)
        except OutcomeUnknownError:
            self._unknown(claimed, done)
        return None

    def _sent(
        self, claimed: Claimed, accepted: Accepted, done: Round, stop: Callable[[], bool]
    ) -> Claimed | None:
        """The next delivery is claimed with it, unless the program is to stop."""
        self._after("handed_over")
        now, following = self._clock(), None
        if stop():
            self._deliveries.sent(claimed, accepted.reply, now)
        else:
            following = self._deliveries.sent_then_claim(
                claimed, accepted.reply, now, paused=self._paused()
            )
        self._after("sent")
        self._lanes[claimed.channel].failures = 0
        done.sent += 1
        log.info(
            "delivery_sent",
            delivery=claimed.id,
            kind=claimed.kind.value,
            channel=claimed.channel,
            case=claimed.reference,
            attempt=claimed.attempts,
        )
        return following

    def _entering_data(self, claimed: Claimed) -> None:
        self._deliveries.entering_data(claimed)
        self._after("entering_data")

    def _refused(self, claimed: Claimed, error: DeliveryError, done: Round) -> None:
        now = self._clock()
        if error.scope is Scope.LANE:
            lane = self._lanes[claimed.channel]
            lane.failures += 1
            pause = lane_pause(lane.failures)
            lane.rests_until = now + pause
            self._deliveries.later(claimed, now + pause, error.code, counted=False)
            done.lane_trouble = True
            done.postponed += 1
            log.warning(
                "lane_paused",
                channel=claimed.channel,
                reason=error.code,
                seconds=pause.total_seconds(),
            )
            return
        self._lanes[claimed.channel].failures = 0
        wait = next_attempt(claimed.kind, claimed.attempts, now - claimed.created_at)
        if error.permanent or wait is None:
            self._fail(claimed, error.code, done)
            return
        self._deliveries.later(claimed, now + wait, error.code, counted=True)
        done.postponed += 1
        log.warning(
            "delivery_postponed",
            delivery=claimed.id,
            kind=claimed.kind.value,
            channel=claimed.channel,
            reason=error.code,
            seconds=wait.total_seconds(),
        )

    def _unknown(self, claimed: Claimed, done: Round) -> None:
        """Send the identical bytes again: servers and people know them by their Message-ID."""
        allowed = _UNKNOWN_ALLOWED[claimed.kind]
        if allowed is not None and claimed.unknown_outcomes >= allowed:
            self._fail(claimed, "outcome_unknown", done)
            return
        wait = min(_AGAIN_AT_ONCE * 4 ** min(claimed.unknown_outcomes, 6), _ALERT_AT_MOST)
        self._deliveries.unknown(claimed, self._clock() + wait)
        done.postponed += 1
        log.warning(
            "delivery_outcome_unknown",
            delivery=claimed.id,
            kind=claimed.kind.value,
            channel=claimed.channel,
            case=claimed.reference,
        )

    def _fail(self, claimed: Claimed, reason: str, done: Round) -> None:
        self._deliveries.failed(claimed, reason)
        done.failed += 1
        log.error(
            "delivery_failed",
            delivery=claimed.id,
            kind=claimed.kind.value,
            channel=claimed.channel,
            case=claimed.reference,
            reason=reason,
        )
