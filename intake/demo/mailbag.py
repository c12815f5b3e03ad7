"""A handful of messages as referrers send them. Everybody in them is invented."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

GATEWAY = "gateway@example.police.uk"
SAMPLES = Path(__file__).parent / "samples"


def messages(now: datetime) -> Iterator[tuple[str, bytes]]:
    """(what it is, the message) in the order of arrival."""
    yield (
        "a youth club's referral, form filled in on the computer",
        _mail(
            now,
            sender="Sam Sample <sam@club.example.org>",
            subject="Prevent referral",
            text="Please find a referral attached.",
            attachment=("Prevent referral.pdf", "clean.pdf"),
            headers={
                "Authentication-Results": "mx.example.police.uk; dmarc=pass "
                "header.from=club.example.org"
            },
        ),
    )
    yield (
        "a school's, printed to PDF, sent by a colleague and to children's services as well",
        _mail(
            now,
            sender="deputy@invented-primary.example.org",
            subject="Referral form",
            text="Form attached, also sent to childrens services.",
            attachment=("form.pdf", "flattened.pdf"),
            also_to="duty@childrens-services.example.gov.uk",
        ),
    )
    yield (
        "one with gaps",
        _mail(
            now,
            sender="mentor@youthclub.example.com",
            subject="(no subject)",
            text="I could not fill in everything.",
            attachment=("Form 1.pdf", "gaps.pdf"),
        ),
    )
    yield (
        "one that cannot be read: the form is protected by a password",
        _mail(
            now,
            sender="Kit Invented <kit@college.example.org>",
            subject="Secure: referral",
            text="The password will follow by telephone.",
            attachment=("protected.pdf", "unreadable.pdf"),
        ),
    )
    yield (
        "an out-of-office reply",
        _mail(
            now,
            sender="away@school.example.org",
            subject="Automatic reply: your message",
            text="I am away until Monday.",
            headers={"Auto-Submitted": "auto-replied"},
        ),
    )


def _mail(
    now: datetime,
    *,
    sender: str,
    subject: str,
    text: str,
    attachment: tuple[str, str] | None = None,
    also_to: str | None = None,
    headers: dict[str, str] | None = None,
) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = GATEWAY if also_to is None else f"{GATEWAY}, {also_to}"
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain="mail.example.org")
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(text)
    if attachment is not None:
        name, sample = attachment
        mail.add_attachment(
            (SAMPLES / sample).read_bytes(), maintype="application", subtype="pdf", filename=name
        )
    return mail.as_bytes()
