"""Small made-up things that many tests need."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from intake.cases.case import Reading
from intake.cases.compose import AlertChannel, Stationery
from intake.cases.fields import FieldList
from intake.cases.letters import Letterhead
from intake.cases.wording import load_all
from intake.mail.model import InboundMessage
from parsers.model import (
    ExtractedForm,
    Extraction,
    FieldValue,
    Method,
    Readability,
    Reason,
    Warning_,
)

CONFIG = Path(__file__).parents[2] / "config"
FIELDS = FieldList.load(CONFIG / "referral-fields.toml")
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def value(text: str | list[str] | None, raw: str | None = None) -> FieldValue:
    return FieldValue(
        value=text,
        raw=raw if raw is not None else str(text),
        method=Method.ACROFORM,
        page=1,
        bbox=(1.0, 2.0, 3.0, 4.0),
        confidence=1.0,
    )


def form(
    answers: dict[str, str | list[str] | None],
    *,
    readability: Readability = Readability.FULL,
    warnings: list[Warning_] | None = None,
) -> ExtractedForm:
    return ExtractedForm(
        version="2018",
        pages=(1, 6),
        fields={key: value(text) for key, text in answers.items()},
        readability=readability,
        warnings=warnings or [],
    )


def reading(
    *forms: ExtractedForm,
    part: str = "2",
    name: str | None = "form.pdf",
    reason: Reason | None = None,
    decoration: bool = False,
) -> Reading:
    readability = Readability.FULL if forms and reason is None else Readability.NONE
    return Reading(
        part=part,
        name=name,
        decoration=decoration,
        extraction=Extraction(
            sha256="0" * 64,
            media_type="application/pdf",
            readability=readability,
            reason=reason,
            forms=list(forms),
        ),
    )


def message(
    *,
    sender: str | None = "rowan@school.example.org",
    recipients: tuple[str, ...] = ("gateway@example.police.uk",),
    message_id: str | None = "<1@school.example.org>",
    digest: str = "d" * 64,
    defects: tuple[str, ...] = (),
) -> InboundMessage:
    return InboundMessage(
        size=100,
        sha256="a" * 64,
        message_id=message_id,
        sender=sender,
        return_path=sender,
        recipients=recipients,
        subject="Referral",
        received_at=NOW,
        content_digest=digest,
        headers=(),
        documents=(),
        has_text=True,
        defects=defects,
    )


def stationery(
    *, personal: bool = False, to: tuple[str, ...] = ("triage@example.police.uk",)
) -> Stationery:
    return Stationery(
        gateway="Example CTU Prevent gateway",
        head=Letterhead(sender="Prevent gateway <gateway@example.police.uk>", mark="EX"),
        bounce_address="gateway@example.police.uk",
        wording=load_all(CONFIG / "wording", ["en"]),
        fields=FIELDS,
        channels=(AlertChannel(name="triage-email", to=to, personal_data=personal),),
    )


def is_own(address: str) -> bool:
    return address.endswith(".police.uk")
