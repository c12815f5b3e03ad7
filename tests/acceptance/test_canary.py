"""A name that stands everywhere in a referral comes out nowhere that it should not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.gateway import Gateway
from tests.samples import form, messages, people
from tests.servers.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage
    from pathlib import Path

    from tests.servers.mail_loop import MailLoop

CANARY = "Zzyzxqua"
_YES_NO = ("yes", "no", "conflict")


def answers() -> dict[str, str]:
    """Every box that takes text holds the canary."""
    planted = {}
    for key, answer in people.ADULT.items():
        if answer in _YES_NO:
            planted[key] = answer
        elif key.endswith(("email_address", "email_addresses")):
            planted[key] = f"{CANARY}@example.org"
        else:
            planted[key] = f"{answer} {CANARY}".strip()
    return planted


def everywhere(gateway: Gateway, sender: str, document: bytes) -> bytes:
    return messages.mail(
        sender=f"{CANARY} <{sender}>",
        to=f"{CANARY} <{gateway.user}>, {CANARY}@childrens-services.example.gov.uk",
        subject=f"Referral of {CANARY}",
        text=f"Dear officers, this is about {CANARY}.",
        attachments=[(f"{CANARY}.pdf", document)],
        headers={"X-Original": CANARY, "Comments": CANARY},
    )


def whole(mail: EmailMessage) -> str:
    """Everything in a mail, encodings undone: headers, texts, names and attachments."""
    said = [f"{name}: {value}" for name, value in mail.items()]
    for part in mail.walk():
        said += [f"{name}: {value}" for name, value in part.items()]
        if not part.is_multipart():
            content = part.get_content()
            said.append(content if isinstance(content, str) else content.decode())
    return "\n".join(said)


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "fillable": lambda: form.fillable(answers()),
    "flattened": lambda: form.flattened(answers()),
    "unknown label": lambda: form.fillable(
        answers() | {"extra": CANARY}, extra=f"Favourite {CANARY}"
    ),
    "protected": lambda: form.password_protected(answers()),
    "damaged": lambda: form.fillable(answers())[:9000],
    "no form": f"{CANARY} wrote this".encode,
}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_nothing_leaks(gateway: Gateway, referrer: str, document: str) -> None:
    with gateway.worker():
        gateway.receive(everywhere(gateway, referrer, DOCUMENTS[document]()), referrer)
        eventually(lambda: gateway.mail_of(referrer), "the sender has a receipt", timeout=30)
        eventually(gateway.is_at_rest, "all is done")
    for command in (("verify",), ("doctor",), ("poll",), ("messages", "list"), ("cases", "list")):
        done = gateway.command(*command)
        assert CANARY.lower() not in done.stderr.lower(), command
    assert "case_recorded" in gateway.logs()
    assert CANARY.lower() not in gateway.logs().lower()
    (receipt,) = gateway.mail_of(referrer)
    (alert,) = gateway.mail_of(gateway.triage)
    assert CANARY.lower() not in whole(receipt).lower()
    assert CANARY.lower() not in whole(alert).lower()
    assert [path for path in gateway.data.rglob("*") if CANARY.lower() in path.name.lower()] == []
    assert len(list(gateway.data.rglob("*.eml"))) == 1


def test_a_cleared_channel_is_told_everything(
    tmp_path: Path, mail_loop: MailLoop, mailbox_user: str, referrer: str
) -> None:
    gateway = Gateway(tmp_path, mail_loop, mailbox_user, personal_data=True)
    gateway.receive(everywhere(gateway, referrer, form.fillable(answers())), referrer)
    eventually(gateway.inbox, "the message has arrived")
    assert gateway.command("poll").returncode == 0
    (alert,) = gateway.mail_of(gateway.triage)
    for answer in answers().values():
        for line in answer.splitlines():
            assert line.strip() in whole(alert)
    (receipt,) = gateway.mail_of(referrer)
    assert CANARY.lower() not in whole(receipt).lower()
