"""A channel that keeps what it is given: for the demonstration, and for tests of its users."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from notifiers.base import Accepted, DeliveryError, OutcomeUnknownError, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from notifiers.base import Notification


class RecordingNotifier:
    """Answers with the scripted `outcomes` in turn, and accepts when there are none left.

    A DeliveryError comes before the data, as when an address is refused; after an
    OutcomeUnknownError `received` holds the notification, as when a server took it and its answer
    was lost. A LANE error also answers a `check`.
    """

    def __init__(self, *outcomes: Accepted | DeliveryError | OutcomeUnknownError) -> None:
        self.outcomes = deque(outcomes)
        self.received: list[Notification] = []

    def send(self, notification: Notification, before_data: Callable[[], None]) -> Accepted:
        """Try once, as scripted."""
        outcome = self.outcomes.popleft() if self.outcomes else Accepted(reply="250 recorded")
        if isinstance(outcome, DeliveryError):
            raise outcome
        before_data()
        self.received.append(notification)
        if isinstance(outcome, OutcomeUnknownError):
            raise outcome
        return outcome

    def check(self) -> None:
        """Nothing to connect to; a LANE error that is next in the script is raised."""
        outcome = self.outcomes[0] if self.outcomes else None
        if isinstance(outcome, DeliveryError) and outcome.scope is Scope.LANE:
            self.outcomes.popleft()
            raise outcome

    def close(self) -> None:
        """Nothing to let go of."""
