"""`verify` names what does not agree: each fault is planted here, and found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.samples import form, messages, people
from tests.servers.waiting import eventually

if TYPE_CHECKING:
    from tests.acceptance.gateway import Gateway


@pytest.fixture
def recorded(gateway: Gateway, referrer: str) -> str:
    """The reference of the only case of a gateway where all is well."""
    raw = messages.mail(
        sender=referrer,
        to=gateway.user,
        attachments=[("form.pdf", form.fillable(people.CHILD))],
    )
    gateway.receive(raw, referrer)
    eventually(gateway.inbox, "the message has arrived")
    assert gateway.command("poll").returncode == 0
    assert gateway.command("verify").returncode == 0
    (case,) = gateway.cases()
    return str(case["reference"])


def plant(gateway: Gateway, statement: str) -> None:
    """Change the database behind the program's back, as somebody with the file could."""
    with closing(sqlite3.connect(gateway.data / "intake.db")) as connection, connection:
        assert connection.execute(statement).rowcount == 1


def found(gateway: Gateway) -> dict[str, str]:
    """(code → subject) of what `verify` names, and its status says that there is something."""
    differences = gateway.records("verify")
    assert gateway.command("verify").returncode == 1
    return {each["code"]: each["subject"] for each in differences}


def message_id(gateway: Gateway) -> str:
    with gateway.store() as store:
        (row,) = store.ledger.listing()
    return str(row["id"])


def test_a_message_deleted_from_the_ledger_is_found(gateway: Gateway, recorded: str) -> None:
    message = message_id(gateway)
    plant(gateway, "DELETE FROM messages")
    differences = found(gateway)
    assert differences["original-without-ledger-row"] == message
    assert differences["case-without-message"] == recorded


def test_a_message_deleted_from_the_ledger_while_it_lies_in_the_inbox_is_found(
    gateway: Gateway, referrer: str
) -> None:
    gateway.receive(messages.mail(sender=referrer, to=gateway.user), referrer)
    eventually(gateway.inbox, "the message has arrived")
    (uid,) = gateway.inbox()
    uidvalidity = gateway.loop.dovecot.uidvalidity(gateway.user)
    assert found(gateway) == {"message-not-in-ledger": f"gateway {uidvalidity}/{uid}"}


@pytest.mark.usefixtures("recorded")
def test_an_altered_original_is_found(gateway: Gateway) -> None:
    (original,) = (gateway.data / "originals").glob("*/*.eml")
    raw = bytearray(original.read_bytes())
    raw[len(raw) // 2] ^= 1
    original.write_bytes(raw)
    assert found(gateway) == {"original-altered": message_id(gateway)}


@pytest.mark.usefixtures("recorded")
def test_a_lost_original_is_found(gateway: Gateway) -> None:
    (original,) = (gateway.data / "originals").glob("*/*.eml")
    original.unlink()
    assert found(gateway) == {"original-missing": message_id(gateway)}


def test_a_case_without_a_message_is_found(gateway: Gateway, recorded: str) -> None:
    plant(gateway, "UPDATE cases SET message = 'nobody'")
    assert found(gateway)["case-without-message"] == recorded


@pytest.mark.usefixtures("recorded")
def test_a_message_without_its_case_is_found(gateway: Gateway) -> None:
    message = message_id(gateway)
    plant(gateway, "DELETE FROM cases")
    assert found(gateway)["message-without-case"] == message


def test_a_case_that_owes_no_alert_is_found(gateway: Gateway, recorded: str) -> None:
    plant(gateway, "DELETE FROM deliveries WHERE kind = 'alert'")
    assert found(gateway) == {"case-without-alert": recorded}


@pytest.mark.usefixtures("recorded")
def test_an_unanswered_message_is_found(gateway: Gateway) -> None:
    plant(gateway, "DELETE FROM deliveries WHERE kind = 'acknowledgement'")
    assert found(gateway) == {"message-without-acknowledgement": message_id(gateway)}
