"""Whether everything that the program needs is there, and one sentence on the cure if not."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from intake import app as wiring
from intake.mailboxes.base import MailboxUnavailableError
from intake.settings import SettingsError
from intake.settings_file import config_dir
from intake.store.engine import StoreUnavailableError, StoreUnusableError
from notifiers.base import DeliveryError
from parsers import formspec
from parsers.formspec import FormSpecError
from parsers.isolation import Isolation
from parsers.ocr import engine
from parsers.ocr.kinds import HEIC_PROGRAM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.app import App
    from intake.settings import Settings

_BUILT = datetime(2026, 1, 1, tzinfo=UTC)
_DISK_WARNING = 0.10
_DISK_FAULT = 0.02
_ENOUGH_CASES = 10
"""So many cases in a row without a verified sender are no chance."""


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    level: Level
    sentence: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, one finding at a time. Nothing is sent, no mailbox is changed."""
    yield Finding("settings", Level.OK, "read, and every secret file is readable by us alone")
    yield _clock()
    yield _disk(settings)
    yield _parsers()
    yield _forms()
    yield _pictures(settings)
    try:
        with wiring.build(settings) as app:
            yield Finding("database", Level.OK, f"{app.store.database.dialect}, tables up to date")
            yield from _mailboxes(app)
            yield from _lanes(app)
            yield from _deliveries(app)
            yield from _senders(app)
    except (SettingsError, StoreUnavailableError, StoreUnusableError) as trouble:
        yield Finding("database", Level.FAULT, str(trouble))


def _clock() -> Finding:
    if datetime.now(UTC) < _BUILT:
        return Finding(
            "clock", Level.FAULT, "the clock is years behind; set it, and keep it by NTP"
        )
    return Finding("clock", Level.OK, f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")


def _disk(settings: Settings) -> Finding:
    folder = settings.gateway.data_dir
    if folder.is_dir() and folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Finding("disk", Level.FAULT, f"{folder} is open to other users; chmod 700 it")
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        return Finding("disk", Level.FAULT, f"{folder} can't be written to; mend its rights")
    usage = shutil.disk_usage(folder)
    free = usage.free / usage.total
    level = (
        Level.FAULT if free < _DISK_FAULT else Level.WARNING if free < _DISK_WARNING else Level.OK
    )
    cure = "" if level is Level.OK else "; make room, originals are never deleted by themselves"
    return Finding("disk", level, f"{free:.0%} free{cure}")


def _parsers() -> Finding:
    isolation = Isolation()
    try:
        report = isolation.report()
    finally:
        isolation.close()
    if report.get("network") == "isolated":
        return Finding("parsers", Level.OK, "documents are read in limited children, no network")
    return Finding(
        "parsers",
        Level.WARNING,
        "documents are read in limited children, but this machine does not let us take the network "
        "away from them; allow user namespaces, or set PrivateNetwork for them",
    )


def _pictures(settings: Settings) -> Finding:
    """What is missing for scans and photographs: less is read then, and nothing else fails."""
    if settings.parsing.ocr == "never":
        return Finding(
            "pictures", Level.OK, "scans and photographs are not read: parsing.ocr is never"
        )
    there = engine.languages()
    if engine.ENGLISH not in there:
        missing, so = "tesseract-ocr and tesseract-ocr-eng", "scans and photographs are not read"
    elif engine.LATIN not in there:
        missing, so = "tesseract-ocr-script-latn", "letters with accents are misread in scans"
    elif shutil.which(HEIC_PROGRAM) is None:
        missing, so = "heif-thumbnailer", "photographs of the kind HEIC are not read"
    else:
        return Finding("pictures", Level.OK, "scans and photographs are read")
    return Finding("pictures", Level.WARNING, f"{so}, a person has to; install {missing}")


def _forms() -> Finding:
    """A version that nobody has held against a blank copy is read all the same, and is no fault."""
    try:
        specs = formspec.load(config_dir())
    except FormSpecError as trouble:
        return Finding("forms", Level.FAULT, str(trouble))
    unverified = [spec.version for spec in specs if not spec.verified]
    sentence = f"{len(specs)} versions of the form are known"
    if unverified:
        sentence += (
            f"; not held against a blank copy, so their wording is ours: {', '.join(unverified)} "
            "(docs/adding-a-form.md says how to correct one)"
        )
    return Finding("forms", Level.OK, sentence)


def _mailboxes(app: App) -> Iterator[Finding]:
    for watched in app.watched:
        what = f"mailbox {watched.rounds.mailbox.name}"
        try:
            advice = watched.rounds.mailbox.check()
        except MailboxUnavailableError as trouble:
            yield Finding(what, Level.FAULT, str(trouble))
            continue
        if not advice:
            yield Finding(what, Level.OK, "can be opened")
        for sentence in advice:
            yield Finding(what, Level.WARNING, sentence)


def _lanes(app: App) -> Iterator[Finding]:
    """One look at the mail server serves every lane: they share it."""
    for notifier in list(app.lanes.values())[:1]:
        smtp = app.settings.smtp
        try:
            notifier.check()
        except DeliveryError as trouble:
            yield Finding(
                "smtp",
                Level.FAULT,
                f"{smtp.host}:{smtp.port} can't be used ({trouble.code}); check host, port, tls, "
                f"ca_file and the log-in under [smtp]",
            )
        else:
            yield Finding("smtp", Level.OK, f"{smtp.host}:{smtp.port} verified, log-in accepted")
    if not app.settings.channels:
        yield Finding(
            "channels", Level.FAULT, "nobody is alerted: there is no [[channels]] in the settings"
        )


def _deliveries(app: App) -> Iterator[Finding]:
    failed = app.store.deliveries.failures()
    if failed:
        yield Finding(
            "deliveries",
            Level.FAULT,
            f"{failed} were given up; see `referral-intake deliveries list` and tell those people",
        )
    else:
        yield Finding("deliveries", Level.OK, "none was given up")


def _senders(app: App) -> Iterator[Finding]:
    """Whether the mail server says who may be believed (RFC 8601)."""
    flags = [case["flags"] for case in app.store.cases.listing()][-_ENOUGH_CASES:]
    if len(flags) == _ENOUGH_CASES and all("sender_unverified" in each for each in flags):
        yield Finding(
            "authentication",
            Level.WARNING,
            f"not one of the last {_ENOUGH_CASES} senders was verified; let your mail server add "
            f"Authentication-Results, and name it under authentication.trusted",
        )
