"""`referral-intake demo`: a small mailbox, the worker's path over it, and what came of it."""

from __future__ import annotations

import email
import email.policy
import io
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from intake import app as wiring
from intake.commands.status import Status
from intake.demo import mailbag
from intake.log import configure
from intake.settings_file import load

if TYPE_CHECKING:
    from collections.abc import Iterator

_SETTINGS = """\
# The settings of the demo; config/intake.example.toml explains every key.
[gateway]
name = "Example CTU Prevent gateway"
reference_prefix = "EX"
own_addresses = ["gateway@example.police.uk"]
data_dir = "var"

[database]
url = "sqlite:///var/intake.db"

[[mailboxes]]
name = "gateway"
kind = "maildir"
path = "mailbox"
filed_folder = "Intake/Filed"
attention_folder = "Intake/Attention"

[smtp]
host = "127.0.0.1"
port = {port}
tls = "none"
sender = "Example CTU Prevent gateway <gateway@example.police.uk>"
bounce_address = "gateway@example.police.uk"

[[channels]]
name = "triage-email"
kind = "email"
to = ["triage@example.police.uk"]
personal_data = false
"""


def demo(keep: Path | None = None, console: Console | None = None) -> Status:
    """Make a mailbox, run the whole path over it, and show a person what happened."""
    console = console or Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    configure(json=False, level="ERROR", stream=sys.stderr)
    folder = keep or Path(tempfile.mkdtemp(prefix="referral-intake-demo-"))
    config = folder / "intake.toml"
    _step(console, 1, "Five messages lie in the gateway's mailbox (a Maildir)")
    _fill_mailbox(folder / "mailbox", console)
    sent = folder / "sent"
    sent.mkdir(parents=True)
    with _mail_server(sent) as port:
        config.write_text(_SETTINGS.format(port=port), encoding="utf-8")
        with wiring.build(load(config, {})) as app:
            _step(console, 2, "One pass: fetch, keep the original, read, record, file, tell people")
            for watched in app.watched:
                done = watched.rounds.run()
            delivered = app.outbox.deliver_due()
            console.print(f"   {done.handled} messages handled, {delivered.sent} mails sent")
            cases = list(app.store.cases.listing())
            _step(console, 3, "What is recorded: a case for every referral")
            _case_table(console, cases)
            _message_table(console, list(app.store.ledger.listing()))
            first = cases[0]["reference"]
            shown = app.store.cases.show(first, actor="demo", now=wiring.utc_now())
            _step(console, 4, f"One case in full ({first}): each value, and where it stood")
            _answers(console, shown or {})
    _step(console, 5, "What its sender and the triage team were sent")
    _mails(console, sent, first)
    _step(console, 6, "Where everything lies, and how to look further")
    _farewell(console, folder, config, first)
    return Status.DONE


def _fill_mailbox(maildir: Path, console: Console) -> None:
    for name in ("new", "cur", "tmp"):
        (maildir / name).mkdir(parents=True)
    for number, (what, raw) in enumerate(mailbag.messages(wiring.utc_now()), start=1):
        (maildir / "new" / f"{number}.demo").write_bytes(raw)
        console.print(f"   {number}. {what}")


@contextmanager
def _mail_server(folder: Path) -> Iterator[int]:
    server = subprocess.Popen(
        [sys.executable, "-m", "intake.demo.mail_server", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with server:
        if server.stdout is None or server.stdin is None:
            raise RuntimeError("a pipe that was asked for is not there")
        try:
            yield int(server.stdout.readline())
        finally:
            server.stdin.close()
            server.wait(timeout=10)


def _step(console: Console, number: int, what: str) -> None:
    console.print()
    console.print(Text(f"{number}. {what}", style="bold"))


def _case_table(console: Console, cases: list[dict[str, Any]]) -> None:
    table = Table()
    for column in ("case", "status", "read", "flags", "missing", "acknowledgement", "alert"):
        table.add_column(column, overflow="fold")
    for case in cases:
        table.add_row(
            case["reference"],
            case["status"],
            case["readability"],
            "\n".join(case["flags"]),
            "\n".join(case["missing"]),
            case["acknowledgement"]["status"],
            ", ".join(alert["status"] for alert in case["alerts"]),
        )
    console.print(table)


def _message_table(console: Console, messages: list[dict[str, Any]]) -> None:
    table = Table(title="The ledger: every message, and its end", title_justify="left")
    for column in ("message", "state", "reason", "case", "filed to"):
        table.add_column(column)
    for message in messages:
        table.add_row(
            message["id"][:8],
            message["state"],
            message["reason"] or "",
            message["case"] or "",
            message["filed_to"] or "",
        )
    console.print(table)


def _answers(console: Console, case: dict[str, Any]) -> None:
    table = Table()
    for column in ("field", "value", "page", "box (points from top left)"):
        table.add_column(column, overflow="fold")
    for key, answer in case["form"]["fields"].items():
        value = answer["value"]
        box = "" if answer["bbox"] is None else "  ".join(f"{e:.0f}" for e in answer["bbox"])
        shown = ", ".join(value) if isinstance(value, list) else value
        table.add_row(
            key, Text(shown or f"doubtful: {answer['raw']}"), str(answer["page"] or ""), box
        )
    console.print(table)


def _mails(console: Console, folder: Path, reference: str) -> None:
    for path in sorted(folder.glob("*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if reference not in str(mail["Subject"]):
            continue
        text = io.StringIO()
        for name in ("From", "To", "Subject", "Auto-Submitted"):
            text.write(f"{name}: {mail[name]}\n")
        body = mail.get_body(preferencelist=("plain",))
        text.write("\n" + (body.get_content() if body is not None else ""))
        attached = [part.get_filename() or "" for part in mail.iter_attachments()]
        if attached:
            text.write(f"\n[attached: {', '.join(attached)}]")
        console.print(Panel(Text(text.getvalue().rstrip()), title=path.name, title_align="left"))


def _farewell(console: Console, folder: Path, config: Path, reference: str) -> None:
    command = Path(sys.argv[0])
    name = command if command.name == "referral-intake" else "referral-intake"
    for what, path in (
        ("settings", config),
        ("database", folder / "var" / "intake.db"),
        ("originals", folder / "var" / "originals"),
        ("mailbox, with its filed messages", folder / "mailbox"),
        ("mails that went out", folder / "sent"),
    ):
        console.print(f"   {what}: {path}", soft_wrap=True)
    console.print()
    for words in (
        f"cases show {reference}",
        "cases list --json",
        "messages list",
        "deliveries list",
        "verify",
    ):
        console.print(f"   {name} {words} --config {config}", soft_wrap=True)
