"""The commands: their arguments, and how each one ends."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from intake.commands.status import Status
    from intake.settings import Settings

CONFIG_VARIABLE = "REFERRAL_INTAKE_CONFIG"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status (0 done, 1 needs attention, 2 wrong, 75 try again)."""
    options = _parser().parse_args(arguments)
    if stranger := _stranger():
        sys.stderr.write(
            f"the package {stranger} is not ours (another of that name is installed); "
            f"install referral-intake into an environment of its own\n"
        )
        return 2
    umask = os.umask(0o077)  # what is made holds referrals: it is for the service's user alone
    try:
        command: Callable[[argparse.Namespace], Status] = options.command
        return int(command(options))
    except BrokenPipeError:
        # Whoever read our output has had enough (`… | head`); Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - see _ended_by
        status, sentence = _ended_by(error)
        sys.stderr.write(sentence)
        return int(status)
    finally:
        os.umask(umask)


def _stranger() -> str | None:
    """A package that does not lie beside `intake`: there are others named `notifiers`."""
    home = Path(__file__).parent.parent
    for name in ("parsers", "notifiers"):
        spec = find_spec(name)
        if spec is None or spec.origin is None or Path(spec.origin).parent.parent != home:
            return name
    return None


def _ended_by(error: BaseException) -> tuple[Status, str]:
    """How a command ends on an error, and the line that says so. Never a traceback: the last line
    of one may quote a referral.
    """
    from intake.commands.status import Status
    from intake.log import innermost
    from intake.mailboxes.lock import MailboxBusyError
    from intake.settings import SettingsError
    from intake.store.engine import StoreUnavailableError, StoreUnusableError

    if isinstance(error, KeyboardInterrupt):
        return Status.AGAIN, ""
    if isinstance(error, SettingsError | StoreUnusableError):
        return Status.WRONG, f"{error}\n"
    if isinstance(error, StoreUnavailableError | MailboxBusyError):
        return Status.AGAIN, f"{error}\n"
    if isinstance(error, OSError):
        why = error.strerror or type(error).__name__
        return Status.AGAIN, f"{why}: mend it, then try again; nothing is lost\n"
    where = innermost(error.__traceback__)
    return Status.ATTENTION, f"unexpected {type(error).__name__} at {where}: please report it\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="referral-intake",
        description="Takes Prevent referrals out of a gateway's mailbox: records each one, "
        "acknowledges its sender and alerts the triage team.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    demo = commands.add_parser("demo", help="the whole job on embedded parts, step by step")
    demo.add_argument("--keep", type=Path, metavar="DIR", help="put everything into this folder")
    demo.set_defaults(command=_demo)

    _add(commands, "run", _run, "the worker, until SIGTERM")
    poll = _add(commands, "poll", _poll, "one pass over every mailbox, deliver what is due, exit")
    poll.add_argument(
        "--dry-run", action="store_true", help="say what it would find, write nothing"
    )
    process = _add(commands, "process", _process, "the same path for saved messages")
    process.add_argument("files", nargs="+", type=Path, metavar="MESSAGE.eml")
    process.add_argument(
        "--acknowledge",
        action="store_true",
        help="acknowledge messages received over 24 hours ago, too",
    )
    extract = _add(commands, "extract", _extract, "read documents, nothing else", json=True)
    extract.add_argument("files", nargs="+", type=Path, metavar="FILE")
    extract.add_argument(
        "--picture",
        type=Path,
        metavar="DIR",
        help="draw each page of a form into this folder, each value framed and named",
    )

    cases = _group(commands, "cases", "the record")
    _add(cases, "list", _cases_list, "every case", json=True)
    show = _add(cases, "show", _cases_show, "one case in full", json=True)
    show.add_argument("reference", metavar="REF")
    show.add_argument("--as", dest="actor", metavar="NAME", help="who is looking")
    messages = _group(commands, "messages", "the ledger: every message seen, and its end")
    _add(messages, "list", _messages_list, "every message", json=True)
    deliveries = _group(commands, "deliveries", "everything owed: acknowledgements and alerts")
    _add(deliveries, "list", _deliveries_list, "every delivery", json=True)

    _add(commands, "verify", _verify, "mailbox = ledger = cases = originals", json=True)
    _add(commands, "doctor", _doctor, "ok, warning or fault, and the cure", json=True)
    settings = _group(commands, "settings", "the operator's settings")
    _add(settings, "check", _settings_check, "say whether they can be used")
    _add(settings, "show", _settings_show, "print them, secrets masked")
    schema = settings.add_parser("schema", help="the JSON Schema of the settings")
    schema.set_defaults(command=_settings_schema)
    database = _group(commands, "db", "the database")
    _add(database, "upgrade", _db_upgrade, "bring the tables to this version")
    return parser


def _group(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    group = commands.add_parser(name, help=text, description=text)
    return group.add_subparsers(title="commands", metavar="COMMAND", required=True)


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    command: Callable[[argparse.Namespace], Status],
    text: str,
    *,
    json: bool = False,
) -> argparse.ArgumentParser:
    added = commands.add_parser(name, help=text, description=text)
    added.add_argument(
        "--config", type=Path, metavar="FILE", help=f"the settings file, else ${CONFIG_VARIABLE}"
    )
    if json:
        added.add_argument("--json", action="store_true", help="JSON Lines on standard output")
    added.set_defaults(command=command)
    return added


def _settings(options: argparse.Namespace, *, bar: bool = False) -> Settings:
    """The settings, with logging set up as they want it. `bar`: on a terminal the command shows its
    progress, and only warnings stand beside it.
    """
    from intake.log import configure
    from intake.settings import SettingsError
    from intake.settings_file import load

    named = options.config or os.environ.get(CONFIG_VARIABLE)
    if not named:
        raise SettingsError(f"no settings: give --config FILE, or set {CONFIG_VARIABLE}")
    people = sys.stderr.isatty()
    configure(json=not people, level="WARNING" if people and bar else "INFO", stream=sys.stderr)
    return load(Path(named), os.environ)


def _demo(options: argparse.Namespace) -> Status:
    from intake.demo.show import demo

    return demo(options.keep)


def _run(options: argparse.Namespace) -> Status:
    from intake.commands import work

    return work.run(_settings(options))


def _poll(options: argparse.Namespace) -> Status:
    from intake.commands import work

    settings = _settings(options, bar=True)
    return work.dry_run(settings) if options.dry_run else work.poll(settings)


def _process(options: argparse.Namespace) -> Status:
    from intake.commands import work

    return work.process(
        _settings(options, bar=True), options.files, acknowledge=options.acknowledge
    )


def _extract(options: argparse.Namespace) -> Status:
    from intake.app import utc_now
    from intake.commands import reading
    from intake.settings import ParsingSettings

    named = options.config or os.environ.get(CONFIG_VARIABLE)
    parsing = _settings(options).parsing if named else ParsingSettings()
    return reading.extract(
        options.files,
        parsing,
        today=utc_now().date(),
        as_json=options.json,
        pictures=options.picture,
    )


def _cases_list(options: argparse.Namespace) -> Status:
    from intake.commands import records

    return records.list_cases(_settings(options), as_json=options.json)


def _cases_show(options: argparse.Namespace) -> Status:
    from intake.commands import records

    return records.show_case(
        _settings(options),
        options.reference,
        actor=options.actor or getpass.getuser(),
        as_json=options.json,
    )


def _messages_list(options: argparse.Namespace) -> Status:
    from intake.commands import records

    return records.list_messages(_settings(options), as_json=options.json)


def _deliveries_list(options: argparse.Namespace) -> Status:
    from intake.commands import records

    return records.list_deliveries(_settings(options), as_json=options.json)


def _verify(options: argparse.Namespace) -> Status:
    from intake.commands import health

    return health.verify(_settings(options), as_json=options.json)


def _doctor(options: argparse.Namespace) -> Status:
    from intake.commands import health

    return health.doctor(_settings(options), as_json=options.json)


def _settings_check(options: argparse.Namespace) -> Status:
    from intake.commands import config

    return config.check(_settings(options))


def _settings_show(options: argparse.Namespace) -> Status:
    from intake.commands import config

    return config.show(_settings(options))


def _settings_schema(_options: argparse.Namespace) -> Status:
    from intake.commands import config

    return config.schema()


def _db_upgrade(options: argparse.Namespace) -> Status:
    from intake.commands import health

    return health.upgrade_database(_settings(options))
