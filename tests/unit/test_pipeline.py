"""What the path makes of a message, decided over a real store with a reader that is told what to
say.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from intake.mailboxes.base import Fetched
from intake.pipeline import ATTEMPTS, FAILURES, Pipeline
from intake.rules import Rules
from intake.store import migrate
from intake.store.checks import differences
from intake.store.engine import StoreUnavailableError
from intake.store.ledger import Sighting, State
from intake.store.store import Store
from parsers.model import Extraction, Readability, Reason
from tests.samples import messages
from tests.unit.builders import NOW, form, is_own, reading, stationery

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from intake.store.ledger import LedgerRow
    from intake.store.record import Recorded

GATEWAY = "gateway@example.police.uk"
RULES = Rules(
    reference_prefix="EX",
    is_own=is_own,
    trusted="topmost",
    acknowledge=True,
    per_sender_per_day=5,
    exempt=frozenset({"lead@example.gov.uk"}),
    filed_folder="Intake/Filed",
    attention_folder="Intake/Attention",
)
SHADOW = Rules(
    reference_prefix="EX",
    is_own=is_own,
    trusted="topmost",
    acknowledge=False,
    per_sender_per_day=5,
    exempt=frozenset(),
    filed_folder="Intake/Filed",
    attention_folder="Intake/Attention",
    shadow=True,
)


def said(surname: str) -> Extraction:
    return reading(form({"individual.surname": surname})).extraction


NOT_READ = reading(reason=Reason.PASSWORD).extraction
NO_FORM = reading(reason=Reason.NOT_A_FORM).extraction


class Desk:
    """A pipeline over a store in a folder; documents are read as `readings` says by content."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.readings: dict[bytes, Extraction | Exception] = {}
        self.now = NOW
        self._count = 0
        self.pipeline = Pipeline(
            store,
            self._read,
            stationery(),
            clock=lambda: self.now,
            rng=random.Random(7),
            after=lambda _: None,
        )

    def _read(self, content: bytes, _today: date) -> Extraction:
        answer = self.readings[content.strip()]
        if isinstance(answer, Exception):
            raise answer
        return replace(answer, sha256=hashlib.sha256(content.strip()).hexdigest())

    def accept(self, raw: bytes) -> LedgerRow:
        self._count += 1
        sighting = Sighting(key=f"1/{self._count}", uidvalidity=1, uid=self._count)
        [row] = self.store.ledger.see("gateway", [sighting], self.now)
        return self.pipeline.accept(row, Fetched(raw=raw, received_at=self.now))

    def take(self, raw: bytes, rules: Rules = RULES) -> Recorded:
        self.now += timedelta(seconds=1)
        return self.pipeline.handle(self.accept(raw), rules)

    def row(self) -> dict[str, Any]:
        return list(self.store.ledger.listing())[-1]

    def cases(self) -> list[dict[str, Any]]:
        return list(self.store.cases.listing())

    def owed(self) -> list[tuple[str, str, str | None]]:
        return sorted(
            (each["kind"], each["status"], each["reason"])
            for each in self.store.deliveries.listing()
        )

    def file_to(self, message: str) -> str | None:
        row = self.store.ledger.row(message)
        assert row is not None
        return row.file_to


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = Store.open(f"sqlite:///{tmp_path / 'intake.db'}", tmp_path / "originals")
    migrate.upgrade(store.database)
    made = Desk(store)
    made.readings |= {b"A": said("A"), b"B": said("B"), b"locked": NOT_READ, b"other": NO_FORM}
    yield made
    assert list(differences(store.database, store.originals)) == []
    store.close()


def mail(*documents: bytes, sender: str = "sam@club.example.org", **headers: Any) -> bytes:
    names = [(f"{number}.pdf", content) for number, content in enumerate(documents)]
    return messages.mail(sender=sender, to=GATEWAY, attachments=names, **headers)


def test_a_form_becomes_a_case_an_alert_and_a_receipt(desk: Desk) -> None:
    done = desk.take(mail(b"A"))
    assert done.state is State.RECORDED
    assert desk.owed() == [("acknowledgement", "pending", None), ("alert", "pending", None)]
    assert desk.file_to(desk.row()["id"]) == "Intake/Filed"


def test_siblings_in_one_message_are_two_cases_with_one_receipt(desk: Desk) -> None:
    done = desk.take(mail(b"A", b"B"))
    first, second = desk.cases()
    assert done.references == (first["reference"], second["reference"])
    assert desk.row()["cases"] == [first["reference"], second["reference"]]
    assert desk.row()["case"] == first["reference"]
    assert {"several_forms"} <= set(first["flags"]) & set(second["flags"])
    assert [kind for kind, _, _ in desk.owed()] == ["acknowledgement", "alert", "alert"]
    assert first["acknowledgement"] == second["acknowledgement"]


def test_the_same_form_twice_in_a_message_is_one_case(desk: Desk) -> None:
    desk.take(mail(b"A", b"A"))
    assert len(desk.cases()) == 1


def test_what_cannot_be_read_goes_to_attention(desk: Desk) -> None:
    desk.take(mail(b"locked"))
    (case,) = desk.cases()
    assert (case["status"], case["readability"]) == ("needs_review", "none")
    assert desk.file_to(desk.row()["id"]) == "Intake/Attention"


def test_a_message_without_any_form_is_a_case_for_a_person(desk: Desk) -> None:
    desk.take(mail())
    (case,) = desk.cases()
    assert case["flags"] == ["no_form", "sender_unverified"]
    assert case["status"] == "needs_review"


def test_an_auto_reply_is_kept_in_the_ledger_and_is_no_case(desk: Desk) -> None:
    done = desk.take(mail(headers={"Auto-Submitted": "auto-replied"}))
    assert (done.state, done.references) == (State.NOT_A_REFERRAL, ())
    assert desk.owed() == [("acknowledgement", "withheld", "auto_submitted")]
    assert (desk.row()["state"], desk.row()["reason"]) == ("not_a_referral", "auto_reply")
    assert desk.file_to(desk.row()["id"]) == "Intake/Filed"


@pytest.mark.parametrize("document", [b"A", b"locked"])
def test_a_machines_message_that_carries_a_form_is_a_referral_without_a_receipt(
    desk: Desk, document: bytes
) -> None:
    desk.take(mail(document, headers={"Auto-Submitted": "auto-replied"}))
    assert len(desk.cases()) == 1
    assert desk.owed() == [
        ("acknowledgement", "withheld", "auto_submitted"),
        ("alert", "pending", None),
    ]


def test_the_same_message_again_is_linked_and_neither_told_nor_answered(desk: Desk) -> None:
    raw = mail(b"A")
    (reference,) = desk.take(raw).references
    again = desk.take(b"Received: by relay; Tue, 24 Nov 2026 09:00:00 +0000\r\n" + raw)
    assert (again.state, again.references) == (State.DUPLICATE, (reference,))
    assert desk.row()["case"] == reference
    assert len(desk.cases()) == 1
    assert desk.owed() == [
        ("acknowledgement", "pending", None),
        ("acknowledgement", "withheld", "duplicate"),
        ("alert", "pending", None),
    ]


def test_a_message_id_on_other_content_suppresses_nothing(desk: Desk) -> None:
    first = mail(b"A").replace(b"Message-ID", b"X-Old-ID")
    second = mail(b"B").replace(b"Message-ID", b"X-Old-ID")
    stamp = b"Message-ID: <1@mail.example.org>\r\n"
    desk.take(stamp + first)
    desk.take(stamp + second)
    assert ["message_id_reused" in case["flags"] for case in desk.cases()] == [False, True]


def test_a_sender_beyond_the_limit_is_recorded_and_not_answered(desk: Desk) -> None:
    for _ in range(6):
        desk.take(mail())
    assert len(desk.cases()) == 6
    receipts = [owed for owed in desk.owed() if owed[0] == "acknowledgement"]
    assert receipts == [("acknowledgement", "pending", None)] * 5 + [
        ("acknowledgement", "withheld", "rate_limit")
    ]
    desk.now += timedelta(days=1, seconds=1)
    desk.take(mail())
    assert desk.cases()[-1]["acknowledgement"]["status"] == "pending"


def test_an_exempt_forwarder_may_exceed_the_limit(desk: Desk) -> None:
    for _ in range(7):
        desk.take(mail(sender="Lead@example.gov.uk"))
    assert {status for kind, status, _ in desk.owed() if kind == "acknowledgement"} == {"pending"}


def test_an_old_message_is_not_answered_where_that_would_puzzle(desk: Desk) -> None:
    raw = mail()
    row = desk.accept(raw)
    desk.now += timedelta(hours=25)
    desk.pipeline.handle(row, RULES, stale_after=timedelta(hours=24))
    assert ("acknowledgement", "withheld", "stale") in desk.owed()


def test_a_shadow_records_and_tells_nobody(desk: Desk) -> None:
    desk.take(mail(b"A"), SHADOW)
    assert len(desk.cases()) == 1
    assert desk.owed() == [
        ("acknowledgement", "withheld", "disabled"),
        ("alert", "withheld", "shadow"),
    ]


def test_what_breaks_us_is_quarantined_with_a_case_and_an_alert(desk: Desk) -> None:
    desk.readings[b"breaks"] = RuntimeError("whatever")
    row = desk.accept(mail(b"breaks"))
    for _ in range(FAILURES):
        with pytest.raises(RuntimeError):
            desk.pipeline.handle(row, RULES)
    done = desk.pipeline.handle(row, RULES)
    assert done.state is State.QUARANTINED
    (case,) = desk.cases()
    assert case["reference"] in done.references
    assert {"quarantined", "unreadable"} <= set(case["flags"])
    assert case["alerts"] == [{"channel": "triage-email", "status": "pending"}]
    assert desk.file_to(row.id) == "Intake/Attention"
    assert desk.store.originals.get(row.id)


def test_a_process_that_is_killed_again_and_again_spoils_no_referral(desk: Desk) -> None:
    row = desk.accept(mail(b"A"))
    for _ in range(ATTEMPTS - 2):  # the first is counted by accepting it, the last is ours
        desk.store.ledger.attempt(row.id)
    assert desk.pipeline.handle(row, RULES).state is State.RECORDED


def test_a_message_that_kills_us_each_time_is_quarantined_in_the_end(desk: Desk) -> None:
    row = desk.accept(mail(b"A"))
    for _ in range(ATTEMPTS):
        desk.store.ledger.attempt(row.id)
    assert desk.pipeline.handle(row, RULES).state is State.QUARANTINED


@pytest.mark.parametrize(
    "trouble", [StoreUnavailableError("database away"), OSError(28, "disk full")]
)
def test_trouble_of_our_own_never_counts_against_a_message(desk: Desk, trouble: Exception) -> None:
    desk.readings[b"A"] = trouble
    row = desk.accept(mail(b"A"))
    for _ in range(ATTEMPTS + 3):
        with pytest.raises(type(trouble)):
            desk.pipeline.handle(row, RULES)
    desk.readings[b"A"] = said("A")
    assert desk.pipeline.handle(row, RULES).state is State.RECORDED


def test_handling_twice_records_once(desk: Desk) -> None:
    row = desk.accept(mail(b"A"))
    first = desk.pipeline.handle(row, RULES)
    assert desk.pipeline.handle(row, RULES) == first
    assert len(desk.cases()) == 1


def test_received_is_the_servers_word_else_the_topmost_received_header(desk: Desk) -> None:
    stamp = b"Received: from a by b; Mon, 2 Nov 2026 10:00:00 +0100\r\n"
    row = desk.accept(stamp + mail())
    desk.pipeline.handle(row, RULES)
    assert desk.cases()[-1]["received_at"] == "2026-11-24T09:30:00Z"
    [row] = desk.store.ledger.see("gateway", [Sighting(key="9/9", uidvalidity=9, uid=9)], desk.now)
    row = desk.pipeline.accept(row, Fetched(raw=stamp + mail(), received_at=None))
    desk.now += timedelta(seconds=1)
    desk.pipeline.handle(row, RULES)
    assert desk.cases()[-1]["received_at"] == "2026-11-02T09:00:00Z"


def test_a_form_read_in_part_is_said_with_its_reason(desk: Desk) -> None:
    partial = reading(
        form({"individual.surname": "A"}, readability=Readability.PARTIAL),
        reason=Reason.LOW_CONFIDENCE,
    ).extraction
    desk.readings[b"A"] = partial
    desk.take(mail(b"A"))
    (case,) = desk.cases()
    assert (case["status"], case["readability"]) == ("needs_review", "partial")
    assert desk.file_to(desk.row()["id"]) == "Intake/Filed"


def test_every_case_is_told_before_its_sender_is_answered(desk: Desk) -> None:
    desk.take(mail(b"A"))
    first = desk.store.deliveries.claim_due(desk.now, paused=())
    second = desk.store.deliveries.claim_due(desk.now, paused=())
    assert first is not None
    assert second is not None
    assert (first.kind.value, second.kind.value) == ("alert", "acknowledgement")
