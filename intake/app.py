"""The only place where objects are made and joined."""

from __future__ import annotations

import random
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from intake import documents
from intake.cases.compose import ACKNOWLEDGEMENT_LANE, AlertChannel, Stationery
from intake.cases.fields import FieldList
from intake.cases.letters import Letterhead
from intake.cases.wording import WordingError, load_all
from intake.mailboxes.doorbell import ImapDoorbell, MaildirDoorbell
from intake.mailboxes.imap import ImapMailbox
from intake.mailboxes.imap_wire import ImapAccount
from intake.mailboxes.lock import MailboxLock
from intake.mailboxes.maildir import MaildirMailbox
from intake.outbox import Outbox
from intake.pipeline import Pipeline
from intake.rounds import Rounds
from intake.rules import Rules
from intake.settings import ImapSettings, SettingsError
from intake.settings_file import config_dir
from intake.store import migrate
from intake.store.store import Store
from notifiers.smtp import SmtpNotifier
from parsers.isolation import Isolation
from parsers.reader import preparation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from intake.mailboxes.base import Doorbell, Mailbox
    from intake.settings import MaildirSettings, Settings, SmtpSettings
    from notifiers.base import Notifier
    from parsers.reader import Reader

SAMPLE = Path(__file__).parent / "demo" / "samples" / "clean.pdf"
"""A form of our own, read once before any that was received, which those then find easier."""

PROCESS = "process"
"""The mailbox name of messages given by hand."""


def utc_now() -> datetime:
    """The clock of everything that isn't told another."""
    return datetime.now(UTC)


def _no_checkpoint(_step: str) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """One mailbox as the worker sees it."""

    rounds: Rounds
    doorbell: Doorbell | None
    poll_seconds: float
    lock: MailboxLock


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """Everything, joined."""

    settings: Settings
    store: Store
    reader: Reader
    pipeline: Pipeline
    outbox: Outbox
    lanes: dict[str, Notifier]
    watched: tuple[Watched, ...]
    by_hand: Rules
    clock: Callable[[], datetime]


@contextmanager
def build(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    rng: random.Random | None = None,
    after: Callable[[str], None] = _no_checkpoint,
    read_only: bool = False,
) -> Iterator[App]:
    """Make and join everything; at the end of the block it is closed again.

    `after(step)` is called when a step of the path is durably done (tests end the process there).
    `read_only`: nothing is written, not even the tables.
    Raises SettingsError, StoreUnusableError and StoreUnavailableError, each one sentence.
    """
    with ExitStack() as stack:
        # First, while nothing secret is in memory yet: documents are read in its children.
        isolation = stack.enter_context(closing(Isolation(preparation(config_dir(), [SAMPLE]))))
        reader = documents.reader(isolation, settings.parsing)
        rng = rng or random.SystemRandom()
        store = open_store(settings, read_only=read_only)
        stack.callback(store.close)
        stationery = _stationery(settings)
        pipeline = Pipeline(
            store,
            reader.read,
            stationery,
            clock=clock,
            rng=rng,
            after=after,
        )
        lanes = _lanes(settings)
        for notifier in lanes.values():
            stack.callback(notifier.close)
        watched = tuple(
            _watched(settings, box, pipeline, store, stationery, clock, rng, after)
            for box in settings.mailboxes
        )
        for each in watched:
            stack.callback(each.rounds.mailbox.close)
        yield App(
            settings=settings,
            store=store,
            reader=reader,
            pipeline=pipeline,
            outbox=Outbox(store.deliveries, lanes, clock=clock, after=after),
            lanes=lanes,
            watched=watched,
            by_hand=_rules(settings, filed=None, attention=None),
            clock=clock,
        )


def open_store(settings: Settings, *, read_only: bool = False) -> Store:
    """The store alone, at the right version: for commands that only look."""
    if not read_only:
        settings.gateway.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = Store.open(
        settings.database.url, settings.gateway.data_dir / "originals", read_only=read_only
    )
    migrate.ready(store.database, read_only=read_only)
    return store


def process_lock(settings: Settings) -> MailboxLock:
    """One `process` at a time, so that a file given twice at once is handled once."""
    return MailboxLock(_locks(settings), PROCESS)


def smtp_notifier(smtp: SmtpSettings) -> SmtpNotifier:
    """The channel over the operator's mail server."""
    return SmtpNotifier(
        host=smtp.host,
        port=smtp.port,
        tls=smtp.tls,
        ca_file=smtp.ca_file,
        username=smtp.username,
        password=None if smtp.username is None else smtp.password,
    )


def _lanes(settings: Settings) -> dict[str, Notifier]:
    """Acknowledgements have a connection of their own: alerts never wait behind them."""
    lanes: dict[str, Notifier] = {ACKNOWLEDGEMENT_LANE: smtp_notifier(settings.smtp)}
    for channel in settings.channels:
        lanes[channel.name] = smtp_notifier(settings.smtp)
    return lanes


def _stationery(settings: Settings) -> Stationery:
    config = config_dir()
    try:
        wording = load_all(config / "wording", settings.acknowledgement.languages)
    except WordingError as error:
        raise SettingsError(f"acknowledgement.languages: {error}") from None
    return Stationery(
        gateway=settings.gateway.name,
        head=Letterhead(sender=settings.smtp.sender, mark=settings.gateway.reference_prefix),
        bounce_address=settings.smtp.bounce_address,
        wording=wording,
        fields=FieldList.load(config / "referral-fields.toml"),
        channels=tuple(
            AlertChannel(
                name=channel.name, to=tuple(channel.to), personal_data=channel.personal_data
            )
            for channel in settings.channels
        ),
    )


def _rules(settings: Settings, *, filed: str | None, attention: str | None) -> Rules:
    return Rules(
        reference_prefix=settings.gateway.reference_prefix,
        is_own=settings.is_own,
        trusted=settings.authentication.trusted,
        acknowledge=settings.acknowledgement.enabled and not settings.gateway.shadow,
        per_sender_per_day=settings.acknowledgement.per_sender_per_day,
        exempt=frozenset(address.lower() for address in settings.acknowledgement.exempt),
        filed_folder=filed,
        attention_folder=attention,
        shadow=settings.gateway.shadow,
    )


def _watched(  # noqa: PLR0917 - one private call, spelled in order
    settings: Settings,
    box: ImapSettings | MaildirSettings,
    pipeline: Pipeline,
    store: Store,
    stationery: Stationery,
    clock: Callable[[], datetime],
    rng: random.Random,
    after: Callable[[str], None],
) -> Watched:
    mailbox, doorbell = _mailbox(box, rng)
    rules = _rules(settings, filed=box.filed_folder, attention=box.attention_folder)
    return Watched(
        rounds=Rounds(mailbox, rules, pipeline, store, stationery, clock=clock, after=after),
        doorbell=doorbell,
        poll_seconds=box.poll_seconds,
        lock=MailboxLock(_locks(settings), box.name),
    )


def _mailbox(
    box: ImapSettings | MaildirSettings, rng: random.Random
) -> tuple[Mailbox, Doorbell | None]:
    if not isinstance(box, ImapSettings):
        return MaildirMailbox(name=box.name, path=box.path, start_at=box.start_at), (
            MaildirDoorbell(path=box.path)
        )
    account = ImapAccount(
        host=box.host,
        port=box.port,
        tls=box.tls,
        ca_file=box.ca_file,
        username=box.username or "",
        password=box.password,
    )
    mailbox = ImapMailbox(name=box.name, account=account, folder=box.folder, start_at=box.start_at)
    if not box.idle:
        return mailbox, None
    return mailbox, ImapDoorbell(account=account, folder=box.folder, random=rng)


def _locks(settings: Settings) -> Path:
    return settings.gateway.data_dir / "locks"
