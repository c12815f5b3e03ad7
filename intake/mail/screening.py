"""What may be done with a message: whether it opens a case, whether it is answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intake.mail.model import Authenticity, Machine, Verdict, Withheld

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.mail.model import InboundMessage

_MARK = "x-referral-intake"
_NEVER = re.compile(
    r"mailer-daemon|postmaster.*|listserv|majordomo|owner-.*|.*-owner|.*-request|.*-bounces.*|"
    r"bounces?|bounces?[+.-].*|no[._-]?reply|do[._-]?not[._-]?reply|daemon|abuse|root|auto-?reply|"
    r"notifications?"
)
_LISTS = (
    "list-id",
    "list-help",
    "list-subscribe",
    "list-unsubscribe",
    "list-post",
    "list-owner",
    "list-archive",
)
_AUTO_SUBJECT = re.compile(
    r"(auto(matic)?[- ]?(reply|response)|out of (the )?office|ateb awtomatig|allan o'r swyddfa)\b",
    re.IGNORECASE,
)
_NO = ("", "no", "none", "false")


def screen(
    message: InboundMessage,
    *,
    is_own: Callable[[str], bool],
    mark: str,
    holds_form_or_unreadable: bool,
    acknowledge: bool,
    authenticity: Authenticity,
    stale: bool,
) -> Verdict:
    """The verdict. A machine's message that carries a form, or something that could not be read or
    not even looked at, is treated as a referral; it is only not acknowledged.
    """
    machine = _machine(message, mark)
    withheld = _withheld(message, machine, is_own, authenticity, acknowledge=acknowledge)
    if withheld is None and stale:
        withheld = Withheld.STALE
    return Verdict(
        machine=None if holds_form_or_unreadable or message.incomplete else machine,
        withheld=withheld,
        reply_to=message.sender if withheld is None else None,
        authenticity=authenticity,
    )


def _machine(message: InboundMessage, mark: str) -> Machine | None:
    if any(value.strip() == mark for value in message.header(_MARK)):
        return Machine.OWN_MESSAGE
    kind = _content_type(message)
    if "report-type=disposition-notification" in kind:
        return Machine.RECEIPT
    if _is_bounce(message, kind):
        return Machine.BOUNCE
    return Machine.AUTO_REPLY if _is_auto_reply(message) else None


def _content_type(message: InboundMessage) -> str:
    values = message.header("content-type")
    return "".join(values[0].lower().replace('"', "").split()) if values else ""


def _is_bounce(message: InboundMessage, kind: str) -> bool:
    if kind.startswith("multipart/report") and (
        "report-type=delivery-status" in kind or "report-type=feedback-report" in kind
    ):
        return True
    local = (message.sender or "").partition("@")[0]
    return message.return_path == "" and local in ("mailer-daemon", "postmaster")


def _is_auto_reply(message: InboundMessage) -> bool:
    """An answer written by a program. `auto-generated` alone may be a web form's notification, and
    those carry referrals: it counts only together with the marks of an absence notice, which are
    its subject, or that it answers something and wants no answer itself (the null path).
    """
    submitted = _submitted(message)
    marks = message.header("x-autoreply") + message.header("x-autorespond")
    if submitted == "auto-replied" or any(mark.strip().lower() not in _NO for mark in marks):
        return True
    if any(value.strip().lower() == "auto_reply" for value in message.header("precedence")):
        return True
    answers = bool(message.header("in-reply-to") or message.header("references"))
    absent = _AUTO_SUBJECT.match(message.subject or "") is not None
    return submitted == "auto-generated" and (absent or (answers and message.return_path == ""))


def _submitted(message: InboundMessage) -> str | None:
    """RFC 3834 §5: the first word; None when absent or `no`. Several values are never `no`."""
    values = message.header("auto-submitted")
    if not values:
        return None
    word = re.sub(r"\([^()]*\)", " ", values[0][:200]).partition(";")[0].strip().lower()
    return None if word == "no" and len(values) == 1 else word or "unreadable"


def _withheld(
    message: InboundMessage,
    machine: Machine | None,
    is_own: Callable[[str], bool],
    authenticity: Authenticity,
    *,
    acknowledge: bool,
) -> Withheld | None:
    sender = message.sender
    gates = (
        (Withheld.DISABLED, not acknowledge),
        (Withheld.BOUNCE, machine is Machine.BOUNCE or message.return_path == ""),
        (Withheld.AUTO_SUBMITTED, machine is not None or _is_automatic(message)),
        (Withheld.LIST, _is_list(message)),
        (Withheld.OWN_ADDRESS, sender is not None and is_own(sender)),
        (
            Withheld.NO_RETURN_ADDRESS,
            sender is None or _NEVER.fullmatch(sender.partition("@")[0]) is not None,
        ),
        (Withheld.AUTHENTICATION_FAILED, authenticity is Authenticity.FAIL),
    )
    return next((why for why, holds in gates if holds), None)


def _is_automatic(message: InboundMessage) -> bool:
    suppressed = {
        token.strip().lower()
        for value in message.header("x-auto-response-suppress")
        for token in value.split(",")
    }
    return (
        _submitted(message) is not None
        or bool(suppressed & {"all", "autoreply", "oof"})
        or bool(message.header("x-loop") or message.header("x-fc-machinegenerated"))
    )


def _is_list(message: InboundMessage) -> bool:
    if any(message.header(name) for name in _LISTS):
        return True
    return any(
        value.strip().lower() in ("bulk", "junk", "list") for value in message.header("precedence")
    )
