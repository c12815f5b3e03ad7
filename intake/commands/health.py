"""`verify`, `doctor`, `db`: whether all is well, and what to do when it isn't."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from intake import app as wiring
from intake.commands import output
from intake.commands.status import Status
from intake.doctor import Level, examine
from intake.mailboxes.base import MailboxUnavailableError
from intake.store import migrate
from intake.store.checks import Difference, differences
from intake.store.engine import Database, open_engine
from intake.store.ledger import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.app import App
    from intake.settings import Settings


def verify(settings: Settings, *, as_json: bool) -> Status:
    """Mailbox, ledger, cases, originals and deliveries agree, or each difference is named."""
    unreachable = False
    with wiring.build(settings) as app:
        found = list(differences(app.store.database, app.store.originals))
        try:
            found += _mailbox_differences(app)
        except MailboxUnavailableError as trouble:
            sys.stderr.write(f"{trouble}\n")
            unreachable = True
        checked = sum(1 for _ in app.store.ledger.listing())
    if as_json:
        output.json_lines(
            {"code": each.code, "subject": each.subject, "sentence": each.sentence}
            for each in found
        )
    else:
        for each in found:
            sys.stdout.write(f"{each.code}: {each.sentence}\n")
    sys.stderr.write(f"{checked} messages checked, {len(found)} differences\n")
    if found:
        return Status.ATTENTION
    return Status.AGAIN if unreachable else Status.DONE


def _mailbox_differences(app: App) -> Iterator[Difference]:
    for watched in app.watched:
        mailbox = watched.rounds.mailbox
        known = app.store.ledger.rows_of(mailbox.name)
        listed = {ref.key for ref in mailbox.list()}
        for key in sorted(listed - known.keys()):
            yield Difference(
                code="message-not-in-ledger",
                subject=f"{mailbox.name} {key}",
                sentence=f"mailbox {mailbox.name} holds {key}, which was not taken in yet",
            )
        for row in known.values():
            if row.state is State.SEEN and row.key not in listed:
                yield Difference(
                    code="message-vanished",
                    subject=row.id,
                    sentence=f"message {row.id} left mailbox {row.mailbox} before it was stored",
                )
            elif row.state is State.ACCEPTED:
                yield Difference(
                    code="message-not-handled",
                    subject=row.id,
                    sentence=f"message {row.id} is stored, but not handled yet",
                )


def doctor(settings: Settings, *, as_json: bool) -> Status:
    """Everything the program needs: ok, warning or fault, and the cure."""
    findings = list(examine(settings))
    if as_json:
        output.json_lines(
            {"what": each.what, "level": each.level.value, "sentence": each.sentence}
            for each in findings
        )
    else:
        for each in findings:
            sys.stdout.write(f"{each.level.value:8}{each.what}: {each.sentence}\n")
    faulty = any(each.level is Level.FAULT for each in findings)
    return Status.ATTENTION if faulty else Status.DONE


def upgrade_database(settings: Settings) -> Status:
    """Bring the tables to this program's version."""
    database = Database(open_engine(settings.database.url))
    migrate.upgrade(database)
    sys.stderr.write("database: at this program's version\n")
    database.close()
    return Status.DONE
