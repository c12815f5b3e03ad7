"""What the outbox makes of each outcome of a try."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from intake.cases.compose import ACKNOWLEDGEMENT_LANE
from intake.outbox import Outbox, Round
from intake.store.deliveries import LeaseLostError
from notifiers.base import Accepted, DeliveryError, OutcomeUnknownError, Scope
from notifiers.recording import RecordingNotifier
from tests.contracts.test_store import accepted, plan_for
from tests.unit.builders import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from intake.store.store import Store

Outcome = Accepted | DeliveryError | OutcomeUnknownError
REFUSED = DeliveryError("550 5.1.1", permanent=True)
LATER = DeliveryError("451 4.3.0", permanent=False)
LANE_DOWN = DeliveryError("unreachable", permanent=False, scope=Scope.LANE)
UNKNOWN = OutcomeUnknownError("outcome-unknown")


class Office:
    """A case with an alert and a receipt owed, the outbox that sends them, and its clock."""

    def __init__(self, store: Store, *, alerts: list[Outcome], receipts: list[Outcome]) -> None:
        self.store = store
        self.now: datetime = NOW
        self.steps: list[str] = []
        self.alerts = RecordingNotifier(*alerts)
        self.receipts = RecordingNotifier(*receipts)
        self.outbox = Outbox(
            store.deliveries,
            {"triage-email": self.alerts, ACKNOWLEDGEMENT_LANE: self.receipts},
            clock=lambda: self.now,
            after=self.steps.append,
        )
        store.recorder.record(plan_for(accepted(store)), NOW)

    def round(self, after: timedelta = timedelta(0)) -> Round:
        self.now += after
        return self.outbox.deliver_due()

    def statuses(self) -> dict[str, tuple[str, str | None]]:
        return {
            row["kind"]: (row["status"], row["reason"]) for row in self.store.deliveries.listing()
        }


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    from intake.store import migrate
    from intake.store.store import Store

    opened = Store.open(f"sqlite:///{tmp_path / 'intake.db'}", tmp_path / "originals")
    migrate.upgrade(opened.database)
    yield opened
    opened.close()


def test_what_is_accepted_is_sent_once(store: Store) -> None:
    office = Office(store, alerts=[], receipts=[])
    assert office.round().sent == 2
    assert office.round(timedelta(days=1)).sent == 0
    assert office.statuses() == {"alert": ("sent", None), "acknowledgement": ("sent", None)}
    assert (len(office.alerts.received), len(office.receipts.received)) == (1, 1)


def test_the_try_is_noted_before_the_bytes_go_out(store: Store) -> None:
    office = Office(store, alerts=[], receipts=[])
    office.round()
    assert office.steps[:4] == ["claimed", "entering_data", "handed_over", "sent"]


def test_a_refused_recipient_fails_and_the_other_lane_goes_on(store: Store) -> None:
    office = Office(store, alerts=[], receipts=[REFUSED])
    done = office.round()
    assert (done.sent, done.failed, done.lane_trouble) == (1, 1, False)
    assert office.statuses()["acknowledgement"] == ("failed", "550 5.1.1")
    assert office.round(timedelta(days=3)).sent == 0


def test_try_later_is_tried_later_and_not_before(store: Store) -> None:
    office = Office(store, alerts=[], receipts=[LATER])
    assert office.round().postponed == 1
    assert office.round(timedelta(seconds=59)).sent == 0
    assert office.round(timedelta(seconds=1)).sent == 1


def test_a_receipt_is_given_up_after_two_days_and_an_alert_is_not(store: Store) -> None:
    office = Office(store, alerts=[LATER] * 60, receipts=[LATER] * 60)
    for _ in range(50):
        office.round(timedelta(hours=1))
    assert office.statuses()["acknowledgement"] == ("failed", "451 4.3.0")
    assert office.statuses()["alert"][0] == "pending"
    office.alerts.outcomes.clear()
    assert office.round(timedelta(minutes=5)).sent == 1


def test_a_lane_in_trouble_rests_and_costs_no_attempt(store: Store) -> None:
    office = Office(store, alerts=[LANE_DOWN, LANE_DOWN], receipts=[])
    done = office.round()
    assert (done.sent, done.lane_trouble) == (1, True)
    [alert] = [row for row in store.deliveries.listing() if row["kind"] == "alert"]
    assert (alert["status"], alert["attempts"]) == ("pending", 0)
    assert office.round(timedelta(seconds=4)).sent == 0
    assert office.round(timedelta(seconds=1)).lane_trouble
    assert office.round(timedelta(seconds=10)).sent == 1


def test_a_receipt_in_doubt_is_sent_once_more_as_the_identical_bytes(store: Store) -> None:
    office = Office(store, alerts=[], receipts=[UNKNOWN])
    office.round()
    assert office.statuses()["acknowledgement"] == ("pending", "outcome_unknown")
    office.round(timedelta(minutes=1))
    first, second = office.receipts.received
    assert (first.body, first.recipient) == (second.body, second.recipient)
    assert office.statuses()["acknowledgement"] == ("sent", None)


def test_a_receipt_twice_in_doubt_is_given_up_and_said(store: Store) -> None:
    office = Office(store, alerts=[], receipts=[UNKNOWN] * 5)
    for _ in range(10):
        office.round(timedelta(minutes=10))
    assert office.statuses()["acknowledgement"] == ("failed", "outcome_unknown")
    assert len(office.receipts.received) == 2


def test_an_alert_in_doubt_is_sent_until_it_is_accepted(store: Store) -> None:
    office = Office(store, alerts=[UNKNOWN] * 20, receipts=[])
    for _ in range(21):
        office.round(timedelta(minutes=10))
    assert office.statuses()["alert"] == ("sent", None)
    assert len({sent.body for sent in office.alerts.received}) == 1


def test_a_try_that_was_cut_off_after_the_data_counts_as_in_doubt(store: Store) -> None:
    office = Office(store, alerts=[], receipts=[])
    claimed = store.deliveries.claim_due(NOW, paused=["acknowledgement"])
    assert claimed is not None
    store.deliveries.entering_data(claimed)
    done = office.round(timedelta(minutes=21))  # the lease of the dead worker has run out
    assert done.postponed == 1
    assert office.statuses()["alert"] == ("pending", "outcome_unknown")
    assert office.round(timedelta(seconds=2)).sent == 1


def test_a_delivery_to_a_channel_that_is_gone_fails_by_name(store: Store) -> None:
    store.recorder.record(plan_for(accepted(store)), NOW)
    outbox = Outbox(
        store.deliveries,
        {ACKNOWLEDGEMENT_LANE: RecordingNotifier()},
        clock=lambda: NOW,
        after=lambda _: None,
    )
    assert outbox.deliver_due().failed == 1
    [alert] = [row for row in store.deliveries.listing() if row["kind"] == "alert"]
    assert (alert["status"], alert["reason"]) == ("failed", "channel-removed")


def test_stop_is_heeded_between_deliveries(store: Store) -> None:
    office = Office(store, alerts=[], receipts=[])
    answers = iter([False, True])
    assert office.outbox.deliver_due(lambda: next(answers)).sent == 1


def test_the_next_is_claimed_with_the_outcome_of_the_one_before(store: Store) -> None:
    office = Office(store, alerts=[], receipts=[])
    office.round()
    assert office.steps[3:5] == ["sent", "claimed"]
    assert [row["attempts"] for row in store.deliveries.listing()] == [1, 1]


def test_a_program_that_is_to_stop_claims_nothing_more(store: Store) -> None:
    office = Office(store, alerts=[], receipts=[])
    assert office.outbox.deliver_due(lambda: "handed_over" in office.steps).sent == 1
    assert office.statuses()["acknowledgement"] == ("pending", None)
    assert office.round().sent == 1  # at once: nobody holds a lease


def test_whoever_lost_the_lease_neither_notes_nor_claims(store: Store) -> None:
    Office(store, alerts=[], receipts=[])
    held = store.deliveries.claim_due(NOW, paused=[])
    assert held is not None
    store.deliveries.release_leases_of_the_dead()  # our own process id, as in a container
    with pytest.raises(LeaseLostError):
        store.deliveries.sent_then_claim(held, "250 ok", NOW, paused=[])
    again = store.deliveries.claim_due(NOW, paused=[])
    other = store.deliveries.claim_due(NOW, paused=[])
    assert again is not None
    assert other is not None
    assert (again.id, again.attempts, other.attempts) == (held.id, 2, 1)
