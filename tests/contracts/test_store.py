"""The same promises over SQLite and PostgreSQL."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from intake.cases import compose
from intake.cases.case import open_cases
from intake.mail.model import Authenticity, Withheld
from intake.store import migrate
from intake.store.checks import differences
from intake.store.deliveries import LEASE, Deliveries, LeaseLostError
from intake.store.engine import Database, StoreUnavailableError, StoreUnusableError, open_engine
from intake.store.ledger import LedgerRow, Sighting, State, Tries
from intake.store.record import Opened, Plan, TakenMeanwhileError
from intake.store.store import Store
from tests.unit.builders import FIELDS, NOW, form, is_own, message, reading, stationery

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STATIONERY = stationery()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'intake.db'}"
    address: str = request.getfixturevalue("postgres_url")
    return address


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(url, tmp_path / "originals")
    migrate.upgrade(opened.database)
    yield opened
    opened.close()


def accepted(store: Store, key: str = "1/1", raw: bytes = b"raw") -> LedgerRow:
    [row] = store.ledger.see("gateway", [Sighting(key=key, uidvalidity=1, uid=1)], NOW)
    store.originals.put(row.id, raw)
    digest = "8a6f39cd2cc7ea5d3e4b5b6e2f2b4e3c" * 2
    store.ledger.accept(row.id, sha256=digest, size=len(raw), received_at=NOW, now=NOW)
    return row


def plan_for(
    row: LedgerRow, reference: str = "EX-2026-7KM4X-3", digest: str = "c" * 64, **changes: object
) -> Plan:
    inbound = message(digest=digest)
    readings = [reading(form({"individual.surname": "Example"}))]
    [case] = open_cases(
        inbound,
        readings,
        received_at=NOW,
        authenticity=Authenticity.PASS,
        is_own=is_own,
        fields=FIELDS,
    )
    alerts = compose.alerts(STATIONERY, reference, case, new_id=lambda: uuid.uuid4().hex, now=NOW)
    receipt = compose.acknowledgement(
        STATIONERY,
        [(reference, case)],
        compose.Reply(to="rowan@school.example.org", message_id=inbound.message_id),
        delivery=uuid.uuid4().hex,
        now=NOW,
    )
    plan = Plan(
        message=row.id,
        state=State.RECORDED,
        reason=None,
        message_id=inbound.message_id,
        content_digest=digest,
        file_to="Intake/Filed",
        readings=readings,
        opened=[Opened(reference=reference, case=case, alerts=alerts)],
        acknowledgement=receipt,
        limit=5,
    )
    return replace(plan, **changes)  # type: ignore[arg-type]


def statuses(store: Store) -> list[tuple[str, str, str | None]]:
    return sorted((row["kind"], row["status"], row["reason"]) for row in store.deliveries.listing())


def test_a_case_and_everything_owed_are_written_together(store: Store) -> None:
    row = accepted(store)
    recorded = store.recorder.record(plan_for(row), NOW)
    assert recorded.state is State.RECORDED
    [case] = store.cases.listing()
    assert case["reference"] == "EX-2026-7KM4X-3"
    assert case["acknowledgement"] == {"status": "pending", "reason": None}
    assert case["alerts"] == [{"channel": "triage-email", "status": "pending"}]
    [listed] = store.ledger.listing()
    assert (listed["state"], listed["case"]) == ("recorded", "EX-2026-7KM4X-3")


def test_what_two_workers_see_at_once_is_entered_once(store: Store) -> None:
    sightings = [Sighting(key=f"1/{uid}", uidvalidity=1, uid=uid) for uid in (1, 2)]
    assert len(store.ledger.see("gateway", sightings[:1], NOW)) == 1
    [entered] = store.ledger.see("gateway", sightings, NOW)
    assert entered.key == "1/2"
    assert len(store.ledger.rows_of("gateway")) == 2


def test_a_value_that_the_database_never_takes_is_no_outage(store: Store) -> None:
    plan = plan_for(accepted(store))
    with pytest.raises((sa.exc.DataError, UnicodeEncodeError, ValueError)):
        store.recorder.record(replace(plan, message_id="<\ud800@example.org>"), NOW)
    assert list(store.cases.listing()) == []


def test_recording_twice_changes_nothing(store: Store) -> None:
    row = accepted(store)
    first = store.recorder.record(plan_for(row), NOW)
    again = store.recorder.record(plan_for(row, reference="EX-2026-7KM4X-4"), NOW)
    assert again == first
    assert len(list(store.cases.listing())) == 1
    assert len(list(store.deliveries.listing())) == 2


def test_a_reference_that_is_taken_writes_nothing(store: Store) -> None:
    store.recorder.record(plan_for(accepted(store)), NOW)
    second = accepted(store, key="1/2")
    with pytest.raises(TakenMeanwhileError):
        store.recorder.record(plan_for(second, digest="e" * 64), NOW)
    row = store.ledger.row(second.id)
    assert row is not None
    assert row.state is State.ACCEPTED
    assert len(list(store.deliveries.listing())) == 2


def test_the_same_content_again_is_a_duplicate_without_case_alert_or_receipt(store: Store) -> None:
    store.recorder.record(plan_for(accepted(store)), NOW)
    second = accepted(store, key="1/2")
    recorded = store.recorder.record(plan_for(second, reference="EX-2026-9KM4X-3"), NOW)
    assert recorded.state is State.DUPLICATE
    assert recorded.references == ("EX-2026-7KM4X-3",)
    assert len(list(store.cases.listing())) == 1
    assert statuses(store) == [
        ("acknowledgement", "pending", None),
        ("acknowledgement", "withheld", "duplicate"),
        ("alert", "pending", None),
    ]


def test_two_workers_with_the_same_content_at_once_make_one_case(store: Store) -> None:
    rows = [accepted(store, key=f"1/{n}") for n in range(6)]
    results: list[str] = []
    barrier = threading.Barrier(len(rows))

    def work(number: int, row: LedgerRow) -> None:
        barrier.wait()
        for attempt in range(20):
            reference = f"EX-2026-{number}{attempt}-3"
            try:
                recorded = store.recorder.record(plan_for(row, reference), NOW)
            except TakenMeanwhileError:
                continue
            results.append(recorded.state.value)
            return

    threads = [threading.Thread(target=work, args=each) for each in enumerate(rows)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["duplicate"] * 5 + ["recorded"]
    assert len(list(store.cases.listing())) == 1


def test_the_limit_of_a_sender_is_counted_where_it_is_written(store: Store) -> None:
    for number in range(4):
        row = accepted(store, key=f"1/{number}")
        plan = plan_for(row, reference=f"EX-2026-{number}-3", digest=f"{number}" * 64, limit=2)
        store.recorder.record(plan, NOW)
    receipts = [each for each in statuses(store) if each[0] == "acknowledgement"]
    assert (
        receipts
        == [("acknowledgement", "pending", None)] * 2
        + [("acknowledgement", "withheld", "rate_limit")] * 2
    )


def test_why_nothing_is_acknowledged_is_kept(store: Store) -> None:
    plan = plan_for(accepted(store), acknowledgement=None, withheld=Withheld.LIST)
    store.recorder.record(plan, NOW)
    [case] = store.cases.listing()
    assert case["acknowledgement"] == {"status": "withheld", "reason": "list"}


def test_alerts_are_claimed_before_receipts_and_once(store: Store) -> None:
    store.recorder.record(plan_for(accepted(store)), NOW)
    first = store.deliveries.claim_due(NOW, paused=())
    second = store.deliveries.claim_due(NOW, paused=())
    assert first is not None
    assert second is not None
    assert (first.kind, second.kind) == (compose.Kind.ALERT, compose.Kind.ACKNOWLEDGEMENT)
    assert store.deliveries.claim_due(NOW, paused=()) is None


def test_a_paused_lane_is_left_alone(store: Store) -> None:
    store.recorder.record(plan_for(accepted(store)), NOW)
    claimed = store.deliveries.claim_due(NOW, paused=["triage-email"])
    assert claimed is not None
    assert claimed.channel == compose.ACKNOWLEDGEMENT_LANE


def test_a_lease_that_ran_out_fences_its_old_holder(store: Store) -> None:
    store.recorder.record(plan_for(accepted(store)), NOW)
    old = store.deliveries.claim_due(NOW, paused=())
    assert old is not None
    store.deliveries.entering_data(old)
    later = NOW + LEASE + timedelta(seconds=1)
    new = store.deliveries.claim_due(later, paused=())
    assert new is not None
    assert new.id == old.id
    assert new.interrupted
    with pytest.raises(LeaseLostError):
        store.deliveries.sent(old, "250", later)
    store.deliveries.sent(new, "250", later)


def test_a_dead_process_frees_its_leases_at_the_next_start(store: Store) -> None:
    store.recorder.record(plan_for(accepted(store)), NOW)
    assert store.deliveries.claim_due(NOW, paused=()) is not None
    assert Deliveries(store.database).release_leases_of_the_dead() == 1
    assert store.deliveries.claim_due(NOW, paused=()) is not None


def test_a_message_that_vanished_is_told_and_may_come_back(store: Store) -> None:
    [row] = store.ledger.see("gateway", [Sighting(key="1/9", uidvalidity=1, uid=9)], NOW)
    alerts = compose.vanished_alerts(
        STATIONERY, "gateway", new_id=lambda: uuid.uuid4().hex, now=NOW
    )
    store.recorder.vanish(row.id, "removed", alerts, NOW)
    store.recorder.vanish(row.id, "removed", alerts, NOW)
    assert statuses(store) == [("alert", "pending", None)]
    store.originals.put(row.id, b"back")
    store.ledger.accept(row.id, sha256="0" * 64, size=4, received_at=None, now=NOW)
    again = store.ledger.row(row.id)
    assert again is not None
    assert again.state is State.ACCEPTED


def test_a_message_id_on_other_content_is_noticed_and_suppresses_nothing(store: Store) -> None:
    store.recorder.record(plan_for(accepted(store)), NOW)
    prior = store.recorder.prior("f" * 64, "<1@school.example.org>")
    assert prior.message_id_reused
    assert prior.references == ()


def test_looking_at_a_case_leaves_a_trace(store: Store) -> None:
    store.recorder.record(plan_for(accepted(store)), NOW)
    shown = store.cases.show("EX-2026-7KM4X-3", actor="officer", now=NOW)
    assert shown is not None
    assert shown["form"]["fields"]["individual.surname"]["value"] == "Example"
    assert shown["documents"][0]["part"] == "2"
    with store.database.reading() as connection:
        trail = connection.execute(sa.text("select actor, action, subject from audit")).all()
    assert ("officer", "consultation", "EX-2026-7KM4X-3") in [tuple(entry) for entry in trail]
    assert store.cases.show("EX-2026-XXXXX-X", actor="officer", now=NOW) is None


def test_times_come_back_as_they_went_in(store: Store) -> None:
    row = accepted(store)
    again = store.ledger.row(row.id)
    assert again is not None
    assert again.received_at == NOW


def test_a_shadow_writes_alerts_down_and_never_sends_them(store: Store) -> None:
    store.recorder.record(plan_for(accepted(store), held="shadow"), NOW)
    assert ("alert", "withheld", "shadow") in statuses(store)


def test_migrating_twice_is_harmless_and_versions_are_known(store: Store) -> None:
    migrate.upgrade(store.database)
    current, wanted = migrate.versions(store.database)
    assert current == wanted is not None


def test_tables_of_a_newer_program_are_refused(store: Store) -> None:
    with store.database.writing() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StoreUnusableError, match=r"newer|not at this"):
        migrate.ready(store.database)


def test_postgresql_without_tables_is_refused_with_the_cure(postgres_url: str) -> None:
    database = Database(open_engine(postgres_url))
    with pytest.raises(StoreUnusableError, match="db upgrade"):
        migrate.ready(database)
    database.close()


def test_a_database_that_is_away_says_one_sentence_without_secrets() -> None:
    database = Database(open_engine("postgresql+psycopg://intake:hush-hush@127.0.0.1:1/intake"))
    with pytest.raises(StoreUnavailableError) as caught, database.reading():
        pass
    assert "hush-hush" not in str(caught.value)
    database.close()


@pytest.mark.parametrize("address", ["", "nonsense", "mysql://x/y", "sqlite://"])
def test_a_wrong_address_is_refused(address: str) -> None:
    with pytest.raises(StoreUnusableError, match=r"database\.url"):
        open_engine(address)


def test_a_store_that_agrees_has_no_differences(store: Store) -> None:
    import hashlib

    row = accepted(store, raw=b"raw")
    store.recorder.record(plan_for(row), NOW)
    with store.database.writing() as connection:
        connection.execute(
            sa.text("update messages set sha256 = :digest"),
            {"digest": hashlib.sha256(b"raw").hexdigest()},
        )
    assert list(differences(store.database, store.originals)) == []


def test_a_pass_looks_at_what_lies_in_the_mailbox_and_what_has_a_way_to_go(store: Store) -> None:
    keys = {name: accepted(store, key=name) for name in ("recorded", "listed", "accepted")}
    store.ledger.see("gateway", [Sighting(key="seen", uidvalidity=1, uid=9)], NOW)
    for number, name in enumerate(("recorded", "listed")):
        plan = plan_for(keys[name], f"EX-2026-7KM4X-{number}", str(number) * 64)
        store.recorder.record(plan, NOW)
    found = store.ledger.on_the_way("gateway", ["listed", "never seen"])
    assert found.keys() == {"listed", "accepted", "seen"}
    everything = store.ledger.rows_of("gateway")
    assert found == {key: everything[key] for key in found}
    assert store.ledger.on_the_way("other", ["listed"]) == {}


def test_to_accept_a_message_counts_the_first_try(store: Store) -> None:
    row = accepted(store)
    assert store.ledger.attempt(row.id) == Tries(begun=2, failed=0)
