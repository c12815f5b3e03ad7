"""The alert to triage officers as text: what to look at first, first; no score and no adjective."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from intake.cases.age import AgeGroup
from intake.cases.summary import domains
from parsers.model import Readability, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from intake.cases.case import Case
    from intake.cases.fields import FieldList

LONDON = ZoneInfo("Europe/London")

_READ = {
    Readability.FULL: "The form was read in full.",
    Readability.PARTIAL: "The form was read in part: check it against the original.",
    Readability.NONE: "NOT READ: a person has to open the original.",
}
_WHY = {
    Reason.PASSWORD: "a document is protected by a password",
    Reason.SCANNED: "a document holds pictures of pages, without text",
    Reason.XFA_ONLY: "a form is in a format (XFA) that only Adobe Reader shows",
    Reason.DAMAGED: "a document is damaged, or could not be handled",
    Reason.TOO_LARGE: "a document is too large",
    Reason.TIMEOUT: "reading a document took too long and was stopped",
    Reason.NOT_A_FORM: "no document is the referral form",
    Reason.BLANK_FORM: "the form is blank",
    Reason.UNSUPPORTED_TYPE: "a document is of a type that is not read automatically",
    Reason.LOW_CONFIDENCE: "some answers are doubtful",
    Reason.INFECTED: "the virus scanner objected to a document",
}
_AGE = {
    AgeGroup.UNDER_TEN: "child, under ten",
    AgeGroup.CHILD: "child",
    AgeGroup.ADULT: "adult",
    AgeGroup.UNKNOWN: "not known: treat as a child until checked",
}
_FLAGS = {
    "anonymous": "The person who first identified the concerns wishes to remain anonymous.",
    "individual_informed": "The form says that the individual has been told of the referral.",
    "sender_not_referrer": "The message came from somebody other than the referrer on the form.",
    "sender_unverified": "The sender's address is not verified.",
    "several_forms": "The message held several forms; each has a case of its own.",
    "no_form": "The message held no form that could be recognised.",
    "unreadable": "Something in the message could not be read: open the original.",
    "message_id_reused": "The message bears the identifier of an earlier, different message.",
    "quarantined": "Handling the message failed repeatedly; the original is kept.",
}
_DOUBTS = {
    "answer-beside": "something is written beside the place for the answer",
    "attachment-not-read": "another file inside the document could not be read",
    "box-without-label": "part of it may answer a question that was not found",
    "characters-lost": "some characters could not be read",
    "choice-unclear": "the list shows this, but nobody may have chosen it",
    "date-ambiguous": "day and month could be either way round",
    "date-differs": "the date that is stored is not the one that is shown",
    "date-impossible": "no such date exists",
    "date-in-the-future": "the date lies in the future",
    "date-unclear": "not clearly a date",
    "drawing-not-read": "something is drawn there, perhaps around yes or no",
    "fields-unreadable": "some of its fields could not be read",
    "file-cut-off": "the file ends too early: answers may be missing",
    "heading-twice": "a heading of the form stands there twice",
    "headings-not-found": "headings were not found: answers went by the order of the questions",
    "hidden-field": "it holds an answer in a field that is not shown",
    "hidden-text": "it holds text that is not shown",
    "label-not-found": "the question was not found on the form",
    "label-twice": "the question stands there twice",
    "letters-uncertain": "read from a picture, and some letters are uncertain",
    "letters-unplaced": "the file does not tell where each letter stands",
    "note-without-label": "a note on the page was read as part of the answer above it",
    "page-incomplete": "a page lacks something that it shows: answers may be missing",
    "page-is-a-picture": "a page is a picture without text, and was not read",
    "pages-not-read": "it has more pages than are read",
    "part-not-read": "a document put into it was not read",
    "picture-not-read": "it holds a picture, which was not read",
    "place-not-found": "the question is there, but no place for its answer was found",
    "placeholder-unclear": "either an answer, or what asks for one",
    "read-from-a-picture": "read letter by letter from a picture: compare it with the page",
    "read-from-attachment": "it stands in a file inside the document",
    "read-without-boxes": "read by position, because the form's boxes were not found",
    "rich-text-differs": "the field holds two texts that differ",
    "struck-out": "part of it is struck out",
    "text-deleted": "part of it was deleted while changes were tracked, and is kept in the file",
    "text-over-the-edge": "text runs over the edge of its box: it may belong to the next one",
    "tick-uncertain": "it is not certain which box is ticked",
    "tick-without-question": "a box is ticked, and no question was found for it",
    "too-many-fields": "it has more fields than are read",
    "writing-not-read": "something is written in a box, and could not be read",
    "value-of-another-type": "its field does not hold it as a text",
    "word-broken": "a word may go on in the next line, or end there",
    "xfa-data-unplaced": "the file holds answers that belong to no question",
    "xfa-differs": "the file holds two answers that differ (XFA)",
    "yes-no-conflict": "both yes and no are ticked",
    "yes-no-not-found": "the boxes for yes and no were not found",
    "yes-no-unclear": "neither clearly yes nor clearly no",
}
"""Every code of the reader in words; one without words is shown as it is."""
_DOMAINS = 10
"""How many domains are named; the record beside the text has them all."""
_WIDTH = 76


def shown(moment: datetime) -> str:
    """A time as people in the gateway's office say it."""
    local = moment.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y at %H:%M}"


def in_numbers(moment: datetime) -> str:
    """A time in figures, which read the same in English and in Welsh."""
    return f"{moment.astimezone(LONDON):%d/%m/%Y, %H:%M}"


def subject(case: Case, reference: str) -> str:
    """The alert's subject: the reference, and how readable it is."""
    if case.readability is Readability.NONE:
        return f"[{reference}] Referral message NOT READ: open the original"
    read = "read in full" if case.readability is Readability.FULL else "read in part"
    rest = ", something else NOT READ" if "unreadable" in case.flags else ""
    child = ", child" if case.age_group in (AgeGroup.CHILD, AgeGroup.UNDER_TEN) else ""
    return f"[{reference}] Referral received, {read}{rest}{child}"


def text(case: Case, reference: str, fields: FieldList, *, personal: bool) -> str:
    """The alert's body; with `personal`, everything that the form says."""
    group = "no form" if case.age_group is None else _AGE[case.age_group]
    why = [] if case.reason is None else [f"({_WHY[case.reason]})"]
    lines = [
        f"Reference:    {reference}",
        f"Received:     {shown(case.received_at)}",
        *_column("Readability:", " ".join([_READ[case.readability], *why])),
        f"Age group:    {group}",
        f"Attachments:  {case.attachments}",
        *_column("Also sent to:", _others(case, personal=personal)),
    ]
    if personal:
        lines.append(f"Sender:       {case.sender or 'not known'}")
    if noted := [_FLAGS[flag] for flag in case.flags if flag in _FLAGS]:
        lines += ["", "Note", *_bullets(noted)]
    if case.missing:
        lines += ["", "Missing answers", *_bullets(map(fields.told, case.missing))]
    if case.doubtful:
        lines += ["", "Doubtful: check against the original", *_bullets(_doubts(case, fields))]
    if personal and case.form is not None:
        lines += ["", *_answers(case, fields)]
    lines += ["", f"To see the case: referral-intake cases show {reference}"]
    return "\n".join(lines)


def further_copy(case: Case, reference: str, *, personal: bool) -> str:
    """The body of the alert about a message that brought only forms that we have."""
    sender = case.sender or "not known"
    if not personal and case.sender is not None:
        sender = "somebody at " + domains((case.sender,))[0]
    return "\n".join(
        [
            f"Reference:    {reference}",
            f"Received:     {shown(case.received_at)}",
            f"Sender:       {sender}",
            f"Also sent to: {_others(case, personal=personal)}",
            "",
            "The message holds the same form as this case, and no other document; no second case",
            "was opened. What its sender wrote beside the form was not compared: read it in the",
            "mailbox's folder of filed messages.",
            "",
            f"To see the case: referral-intake cases show {reference}",
        ]
    )


def vanished(mailbox: str, noticed: datetime) -> str:
    """The body of the alert about a message that went away before it could be stored."""
    return "\n".join(
        [
            f"A message was in the mailbox `{mailbox}` and went away before it could be read.",
            "It may have been a referral. Ask who moved or deleted it, and have it put back into",
            "the mailbox's intake folder: it will then be handled like any other.",
            "",
            f"Noticed:      {shown(noticed)}",
            "",
            "To see it in the ledger: referral-intake messages list",
        ]
    )


def not_given(mailbox: str, since: datetime) -> str:
    """The body of the alert about a message whose bytes the mail server does not give."""
    return "\n".join(
        [
            f"A message lies in the mailbox `{mailbox}`, and the mail server does not give it to",
            "this program: it may be too large, or damaged. It may be a referral. Open it in the",
            "mailbox with a mail program. This program goes on trying, and will handle it like any",
            "other as soon as it can be fetched.",
            "",
            f"There since:  {shown(since)}",
            "",
            "To see it in the ledger: referral-intake messages list",
        ]
    )


def _others(case: Case, *, personal: bool) -> str:
    count = len(case.other_recipients)
    if not count:
        return "nobody else"
    if personal:
        return ", ".join(case.other_recipients)
    where = domains(case.other_recipients)
    more = [f"and {len(where) - _DOMAINS} more domains"] if len(where) > _DOMAINS else []
    places = ", ".join(where[:_DOMAINS] + more)
    return f"{count} other address{'es' if count > 1 else ''} at {places}"


def _doubts(case: Case, fields: FieldList) -> Iterator[str]:
    for field, code in case.doubtful:
        yield f"{fields.told(field) if field else 'The form'}: {_DOUBTS.get(code, code)}"


def _answers(case: Case, fields: FieldList) -> Iterator[str]:
    form = case.form
    if form is None:
        return
    yield "What the form says"
    heading = None
    for key, label in fields.labels.items():
        if (answer := form.fields.get(key)) is None:
            continue
        if fields.headings[key] != heading:
            heading = fields.headings[key]
            yield from ("", heading)
        yield f"  {label}"
        yield from (f"    {line}" for line in answer.raw.splitlines())
    for extra in form.unrecognised:
        yield f"  (unrecognised) {extra.label}"
        yield from (f"    {line}" for line in extra.value.splitlines())


def _column(label: str, content: str) -> list[str]:
    """A label and what stands beside it, in a column of its own."""
    return textwrap.wrap(
        content,
        _WIDTH,
        initial_indent=f"{label:<14}",
        subsequent_indent=" " * 14,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _bullets(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        yield from textwrap.wrap(sentence, _WIDTH, initial_indent="- ", subsequent_indent="  ")
