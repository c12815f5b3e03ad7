"""A case: the record of one referral, opened from one message."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.cases import copies
from intake.cases.age import AgeGroup, age_group
from intake.mail.model import Authenticity
from parsers.model import Readability, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from intake.cases.fields import FieldList
    from intake.mail.model import InboundMessage
    from parsers.model import ExtractedForm, Extraction


class Status(StrEnum):
    """What is to happen next with a case."""

    RECORDED = "recorded"
    """The form was read in full, and so was everything else in the message."""
    NEEDS_REVIEW = "needs_review"
    """A person must look at the original first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One document of a message and what was read from it."""

    part: str
    name: str | None
    decoration: bool
    extraction: Extraction

    @property
    def unreadable(self) -> bool:
        """Whether a form may be hidden in it: it couldn't be read, and it is no mere logo."""
        return (
            not self.decoration
            and self.extraction.readability is Readability.NONE
            and self.extraction.reason not in (Reason.NOT_A_FORM, Reason.BLANK_FORM)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What is recorded of one referral. `form` is None when the message held no readable form.

    `known_by` are the names under which its form is known again (copies.names_of). `doubtful` are
    (field or None, code) pairs of what the reader wasn't sure of; `other_recipients` are the
    addresses beside ours that the message was sent to.
    """

    position: int
    status: Status
    readability: Readability
    reason: Reason | None
    forms: int
    form: ExtractedForm | None
    document_part: str | None
    known_by: tuple[str, ...] = ()
    age_group: AgeGroup | None
    flags: tuple[str, ...]
    missing: tuple[str, ...]
    doubtful: tuple[tuple[str | None, str], ...]
    sender: str | None
    other_recipients: tuple[str, ...]
    attachments: int
    received_at: datetime


def open_cases(
    message: InboundMessage,
    readings: Sequence[Reading],
    *,
    received_at: datetime,
    authenticity: Authenticity,
    is_own: Callable[[str], bool],
    fields: FieldList,
) -> list[Case]:
    """One case for each different form in the message; one case for a message without any."""
    forms = _different_forms(readings)
    others = tuple(sorted({address for address in message.recipients if not is_own(address)}))
    trouble = message.incomplete or any(reading.unreadable for reading in readings)
    found: Sequence[tuple[Reading | None, ExtractedForm | None]] = forms or [(None, None)]
    return [
        _open(
            message,
            reading,
            form,
            position=position,
            forms=len(forms),
            trouble=trouble,
            worst=_why_unreadable(readings, incomplete=message.incomplete),
            others=others,
            attachments=sum(not reading.decoration for reading in readings),
            received_at=received_at,
            authenticity=authenticity,
            fields=fields,
        )
        for position, (reading, form) in enumerate(found, start=1)
    ]


def quarantined_case(*, received_at: datetime) -> Case:
    """The case for a message that could not be handled: a person has to open the original."""
    return Case(
        position=1,
        status=Status.NEEDS_REVIEW,
        readability=Readability.NONE,
        reason=Reason.DAMAGED,
        forms=0,
        form=None,
        document_part=None,
        age_group=None,
        flags=("no_form", "quarantined", "unreadable"),
        missing=(),
        doubtful=(),
        sender=None,
        other_recipients=(),
        attachments=0,
        received_at=received_at,
    )


def _different_forms(readings: Sequence[Reading]) -> list[tuple[Reading, ExtractedForm]]:
    """The same form twice in one message (attached and forwarded, fillable and printed) is one."""
    different: dict[str, tuple[Reading, ExtractedForm]] = {}
    for reading in readings:
        for form in reading.extraction.forms:
            different.setdefault(copies.said_by(form), (reading, form))
    return list(different.values())


def _open(
    message: InboundMessage,
    reading: Reading | None,
    form: ExtractedForm | None,
    *,
    position: int,
    forms: int,
    trouble: bool,
    worst: Reason | None,
    others: tuple[str, ...],
    attachments: int,
    received_at: datetime,
    authenticity: Authenticity,
    fields: FieldList,
) -> Case:
    readability = Readability.NONE if form is None else form.readability
    reason = worst
    if reading is not None:
        reason = None if readability is Readability.FULL else reading.extraction.reason
    group = None if form is None else _age_group(form, received_at)
    flags = {
        "no_form": form is None,
        "unreadable": trouble,
        "several_forms": forms > 1,
        "other_recipients": bool(others),
        "sender_unverified": authenticity in (Authenticity.NONE, Authenticity.UNKNOWN),
    }
    if form is not None and group is not None:
        flags |= _flags_of(form, group, message.sender)
    in_full = form is not None and readability is Readability.FULL and not trouble
    return Case(
        position=position,
        status=Status.RECORDED if in_full else Status.NEEDS_REVIEW,
        readability=readability,
        reason=reason,
        forms=forms,
        form=form,
        document_part=None if reading is None else reading.part,
        known_by=() if reading is None or form is None else copies.names_of(reading, form),
        age_group=group,
        flags=tuple(sorted(flag for flag, holds in flags.items() if holds)),
        missing=() if form is None else fields.missing(form),
        doubtful=() if form is None else tuple((w.field, w.code) for w in form.warnings),
        sender=message.sender,
        other_recipients=others,
        attachments=attachments,
        received_at=received_at,
    )


def _why_unreadable(readings: Sequence[Reading], *, incomplete: bool) -> Reason | None:
    reasons = [reading.extraction.reason for reading in readings if reading.unreadable]
    if reasons:
        return reasons[0]
    if incomplete:
        return Reason.DAMAGED
    return next((r.extraction.reason for r in readings if not r.decoration), None)


def _age_group(form: ExtractedForm, received_at: datetime) -> AgeGroup:
    return age_group(
        _text(form, "individual.date_of_birth"),
        _text(form, "individual.approximate_age"),
        received_at.date(),
    )


def _flags_of(form: ExtractedForm, group: AgeGroup, sender: str | None) -> dict[str, bool]:
    given = {address.lower() for address in _referrer_emails(form)}
    return {
        "child": group in (AgeGroup.CHILD, AgeGroup.UNDER_TEN),
        "under_ten": group is AgeGroup.UNDER_TEN,
        "age_unknown": group is AgeGroup.UNKNOWN,
        "anonymous": _text(form, "first_identified_by.anonymous") in ("yes", "conflict"),
        "individual_informed": _text(form, "safeguarding.individual_informed") == "yes",
        "sender_not_referrer": bool(given) and sender is not None and sender not in given,
    }


def _referrer_emails(form: ExtractedForm) -> list[str]:
    """The referrer's addresses; when that block is empty, the first identifier's (domain.md)."""
    block = (
        "referrer"
        if any(key.startswith("referrer.") for key in form.fields)
        else "first_identified_by"
    )
    answer = form.fields.get(f"{block}.email_address")
    return answer.value if answer is not None and isinstance(answer.value, list) else []


def _text(form: ExtractedForm, key: str) -> str | None:
    answer = form.fields.get(key)
    return answer.value if answer is not None and isinstance(answer.value, str) else None
