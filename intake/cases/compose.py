"""What is owed to whom for a message: the acknowledgement and the alerts, as finished bytes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.cases import alert, summary
from intake.cases.letters import Attachment, Letterhead, letter
from parsers.model import Readability

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from intake.cases.case import Case
    from intake.cases.fields import FieldList
    from intake.cases.wording import Wording

_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_{|}~\-]{1,120}@[A-Za-z0-9.\-\[\]:]{1,120}>")
"""The only Message-IDs of others that enter our mail (mail.md D5)."""


class Kind(StrEnum):
    """What a delivery is."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ALERT = "alert"


_IN_SUBJECT = 2
_BETWEEN = f"\n\n{'-' * 40}\n\n"
"""Between the languages of an acknowledgement."""
ACKNOWLEDGEMENT_LANE = "acknowledgement"
"""The lane of the acknowledgements; no channel may bear this name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """One delivery, finished: these bytes, to this one recipient, under this stable Message-ID."""

    id: str
    kind: Kind
    channel: str
    reference: str | None
    recipient: str
    sender: str
    message_id: str
    body: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertChannel:
    """A channel of alerts, as far as composing needs to know it."""

    name: str
    to: tuple[str, ...]
    personal_data: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Stationery:
    """Everything fixed that goes into what we send."""

    gateway: str
    head: Letterhead
    bounce_address: str
    wording: Sequence[Wording]
    fields: FieldList
    channels: tuple[AlertChannel, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """Where the acknowledgement goes, and which message it answers. `again`: everything in the
    message was received from this sender before.
    """

    to: str
    message_id: str | None
    again: bool = False


def acknowledgement(
    stationery: Stationery,
    cases: Sequence[tuple[str, Case]],
    reply: Reply,
    *,
    delivery: str,
    now: datetime,
) -> Owed:
    """The receipt for a message; `cases` are its (reference, case) pairs, at least one.

    Nothing that the sender wrote goes into it, except the identifier of their message.
    """
    references = [reference for reference, _ in cases]
    brief = references if len(references) <= _IN_SUBJECT else [f"{references[0]} +{len(cases) - 1}"]
    first = cases[0][1]
    filled = []
    for wording in stationery.wording:
        values = {
            "references": ", ".join(references),
            "gateway": stationery.gateway,
            "received": alert.in_numbers(first.received_at),
            "attachments": str(first.attachments),
            "reading": wording.texts[
                "already-received" if reply.again else _reading([case for _, case in cases])
            ],
        }
        filled.append(wording.acknowledgement(values, brief=", ".join(brief)))
    message_id = f"<ack.{delivery}@{stationery.head.domain}>"
    answered = reply.message_id if _MESSAGE_ID.fullmatch(reply.message_id or "") else None
    return Owed(
        id=delivery,
        kind=Kind.ACKNOWLEDGEMENT,
        channel=ACKNOWLEDGEMENT_LANE,
        reference=None,
        recipient=reply.to,
        sender=stationery.bounce_address,
        message_id=message_id,
        body=letter(
            stationery.head,
            to=reply.to,
            message_id=message_id,
            subject=" / ".join(subject for subject, _ in filled),
            text=_BETWEEN.join(body for _, body in filled),
            date=now,
            auto_submitted="auto-replied",
            in_reply_to=answered,
        ),
    )


def alerts(
    stationery: Stationery,
    reference: str,
    case: Case,
    *,
    new_id: Callable[[], str],
    now: datetime,
) -> list[Owed]:
    """One alert for each address of each channel."""
    owed = []
    for channel in stationery.channels:
        record = summary.minimal(case, reference)
        if channel.personal_data:
            record["other_recipients"]["addresses"] = list(case.other_recipients)
            record |= summary.personal(case, stationery.fields)
        told = _Told(
            reference=reference,
            subject=alert.subject(case, reference),
            text=alert.text(case, reference, stationery.fields, personal=channel.personal_data),
            attachment=Attachment(name=f"{reference}.json", text=json.dumps(record, indent=2)),
        )
        owed += [_alert(stationery, channel, to, told, new_id(), now) for to in channel.to]
    return owed


def further_copy_alerts(
    stationery: Stationery,
    references: Sequence[str],
    case: Case,
    *,
    new_id: Callable[[], str],
    now: datetime,
) -> list[Owed]:
    """Somebody sent forms that we have: who, for each case. `case` is what the message would have
    become.
    """
    owed = []
    for channel in stationery.channels:
        for reference in references:
            told = _Told(
                reference=reference,
                subject=f"[{reference}] Further copy of this referral received",
                text=alert.further_copy(case, reference, personal=channel.personal_data),
                attachment=None,
            )
            owed += [_alert(stationery, channel, to, told, new_id(), now) for to in channel.to]
    return owed


def vanished_alerts(
    stationery: Stationery, mailbox: str, *, new_id: Callable[[], str], now: datetime
) -> list[Owed]:
    """Somebody removed a message before it could be stored: officers must ask who, and what."""
    subject = "A message was removed before it could be read"
    return _unread_alerts(stationery, subject, alert.vanished(mailbox, now), new_id, now)


def not_given_alerts(
    stationery: Stationery,
    mailbox: str,
    *,
    since: datetime,
    new_id: Callable[[], str],
    now: datetime,
) -> list[Owed]:
    """The server lists a message and does not give it: officers must open it in the mailbox."""
    subject = "A message CANNOT BE FETCHED: open it in the mailbox"
    return _unread_alerts(stationery, subject, alert.not_given(mailbox, since), new_id, now)


def _unread_alerts(
    stationery: Stationery, subject: str, text: str, new_id: Callable[[], str], now: datetime
) -> list[Owed]:
    """About a message of which nothing is known."""
    told = _Told(
        reference=None,
        subject=f"[{stationery.head.mark}] {subject}",
        text=text,
        attachment=None,
    )
    return [
        _alert(stationery, channel, to, told, new_id(), now)
        for channel in stationery.channels
        for to in channel.to
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """What an alert says, whoever it goes to."""

    reference: str | None
    subject: str
    text: str
    attachment: Attachment | None


def _alert(  # noqa: PLR0917 - one private call, spelled in order
    stationery: Stationery,
    channel: AlertChannel,
    to: str,
    told: _Told,
    delivery: str,
    now: datetime,
) -> Owed:
    message_id = f"<alert.{delivery}@{stationery.head.domain}>"
    return Owed(
        id=delivery,
        kind=Kind.ALERT,
        channel=channel.name,
        reference=told.reference,
        recipient=to,
        sender=stationery.bounce_address,
        message_id=message_id,
        body=letter(
            stationery.head,
            to=to,
            message_id=message_id,
            subject=told.subject,
            text=told.text,
            date=now,
            auto_submitted="auto-generated",
            attachment=told.attachment,
        ),
    )


def _reading(cases: Sequence[Case]) -> str:
    if all(case.form is None for case in cases):
        return "form-not-read" if any("unreadable" in case.flags for case in cases) else "no-form"
    whole = all(case.readability is not Readability.NONE for case in cases)
    return "form-read" if whole else "form-not-read"
