"""A gateway on real servers: its settings, its commands as an operator runs them, its worker."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake.app import open_store
from intake.settings_file import load
from tests.servers.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from email.message import EmailMessage

    from intake.store.store import Store
    from tests.servers.mail_loop import MailLoop

ROOT = Path(__file__).parents[2]
_SETTINGS = """\
[gateway]
name = "Example CTU Prevent gateway"
reference_prefix = "EX"
own_addresses = ["{user}"]
data_dir = "var"

[database]
url = "{database}"

[[mailboxes]]
name = "gateway"
kind = "imap"
host = "localhost"
port = {imaps_port}
tls = "implicit"
ca_file = "{ca_file}"
username = "{user}"
password_file = "password"
poll_seconds = {poll_seconds}
idle = true

[smtp]
host = "localhost"
port = {submission_port}
tls = "starttls"
ca_file = "{ca_file}"
username = "{user}"
password_file = "password"
sender = "Example CTU Prevent gateway <{user}>"
bounce_address = "{user}"

[[channels]]
name = "triage-email"
kind = "email"
to = ["{triage}"]
personal_data = {personal_data}
"""


class Gateway:
    """One gateway mailbox in a real Dovecot, and everything that an operator sets up for it."""

    def __init__(
        self,
        folder: Path,
        loop: MailLoop,
        user: str,
        *,
        database: str = "sqlite:///var/intake.db",
        poll_seconds: int = 3600,
        personal_data: bool = False,
    ) -> None:
        """`poll_seconds`: long by default, so that what is found soon was found by IDLE."""
        self.loop = loop
        self.user = user
        self.triage = f"triage-{secrets.token_hex(6)}@example.police.uk"
        self.config = folder / "intake.toml"
        self.data = folder / "var"
        password = folder / "password"
        password.write_text(loop.password + "\n", encoding="utf-8")
        password.chmod(0o600)
        self.config.write_text(
            _SETTINGS.format(
                user=user,
                triage=self.triage,
                imaps_port=loop.dovecot.imaps_port,
                submission_port=loop.submission_port,
                ca_file=loop.ca_file,
                database=database,
                poll_seconds=poll_seconds,
                personal_data=str(personal_data).lower(),
            ),
            encoding="utf-8",
        )

    # What the world sends and receives

    def receive(self, raw: bytes, sender: str) -> None:
        """A referrer's mail system sends a message to the gateway."""
        self.loop.send(raw, sender, self.user)

    def inbox(self) -> list[int]:
        """What lies in the gateway's inbox."""
        return self.loop.dovecot.uids(self.user)

    def folder(self, name: str) -> list[bytes]:
        """The messages of one of the gateway's folders."""
        return self.loop.dovecot.messages(self.user, name)

    def mail_of(self, address: str) -> list[EmailMessage]:
        """What lies in somebody's own mailbox."""
        return [parsed(raw) for raw in self.loop.dovecot.messages(address)]

    # What an operator does

    def command(
        self, *words: str, environment: Mapping[str, str] | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "intake", *words, "--config", str(self.config)],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def records(self, *words: str) -> list[dict[str, Any]]:
        """What a command prints with `--json`."""
        done = self.command(*words, "--json")
        assert done.returncode in (0, 1), done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    @contextlib.contextmanager
    def store(self) -> Iterator[Store]:
        """What is recorded, looked at in this process (a command takes a second to start)."""
        with contextlib.closing(open_store(load(self.config, {}))) as store:
            yield store

    def cases(self) -> list[dict[str, Any]]:
        """As `cases list --json`."""
        with self.store() as store:
            return list(store.cases.listing())

    def deliveries(self) -> list[dict[str, Any]]:
        """As `deliveries list --json`."""
        with self.store() as store:
            return list(store.deliveries.listing())

    def case(self, reference: str) -> dict[str, Any]:
        """One case in full."""
        (shown,) = self.records("cases", "show", reference)
        return shown

    @contextlib.contextmanager
    def worker(self) -> Iterator[subprocess.Popen[str]]:
        """The worker, up and listening; ended by SIGTERM at the end of the block."""
        with self.started(
            [sys.executable, "-m", "intake", "run", "--config", str(self.config)]
        ) as (
            process,
            log,
        ):
            eventually(lambda: "worker_started" in log.read_text(), "the worker started")
            yield process
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0, log.read_text()
            assert "worker_stopped" in log.read_text()

    @contextlib.contextmanager
    def started(self, words: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], Path]]:
        """A process of ours, and the file that holds what it logs; killed at the end if need be."""
        log = self.config.parent / f"log-{secrets.token_hex(4)}"
        with log.open("w", encoding="utf-8") as file:
            process = subprocess.Popen(words, cwd=ROOT, stderr=file, text=True)
        try:
            yield process, log
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(30)

    def logs(self) -> str:
        """Everything that any process of this gateway has logged."""
        return "\n".join(path.read_text() for path in self.config.parent.glob("log-*"))

    def is_at_rest(self) -> bool:
        """Whether the inbox is empty, every message is filed, and nothing is owed."""
        with self.store() as store:
            filed = all(each["filed_to"] for each in store.ledger.listing())
            owed = any(each["status"] == "pending" for each in store.deliveries.listing())
        return filed and not owed and not self.inbox()

    def deliver_everything(self) -> None:
        """Poll until nothing is owed any more (a try in doubt is repeated after seconds)."""

        def settled() -> bool:
            # 75: Postfix may have lost the Dovecot that checks log-ins to the test before this one.
            done = self.command("poll")
            assert done.returncode in (0, 75), done.stderr
            return done.returncode == 0 and all(
                each["status"] != "pending" for each in self.deliveries()
            )

        eventually(settled, "nothing is owed any more", timeout=60)


def parsed(raw: bytes) -> EmailMessage:
    """A message as a mail program reads it."""
    return email.message_from_bytes(raw, policy=email.policy.default)


def text_of(mail: EmailMessage) -> str:
    """The body that people read."""
    body = mail.get_body(preferencelist=("plain",))
    assert body is not None
    return str(body.get_content())
