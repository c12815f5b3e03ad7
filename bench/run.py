"""One run: real servers, the same messages for the floors and for the product."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench import floors, mailbag
from tests.acceptance.gateway import ROOT, Gateway
from tests.servers.certificates import issue
from tests.servers.dovecot import Dovecot
from tests.servers.mail_loop import MailLoop
from tests.servers.postgresql import PostgreSQL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.process import Premises

_SOME = 20
"""How often a floor is measured; those of documents take long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What one kind of form came to. Each floor's times are milliseconds of processor time."""

    kind: str
    wire_bytes: int
    document_bytes: int
    floors: dict[str, list[float]]
    product: dict[str, Any]


def measured(premises: Premises, messages: int, *, postgresql: bool) -> list[Run]:
    """A run for each kind of form."""
    with ExitStack() as stack:
        dovecot = Dovecot(premises, issue(premises.path / "certificates"))
        loop = MailLoop(premises, dovecot)
        stack.enter_context(_running(dovecot))
        stack.enter_context(_running(loop))
        database = None
        if postgresql:
            database = PostgreSQL(premises, durable=True)
            stack.enter_context(_running(database))
        return [_run(premises, loop, kind, messages, database) for kind in mailbag.FORMS]


@contextmanager
def _running(server: Dovecot | MailLoop | PostgreSQL) -> Iterator[None]:
    server.start()
    try:
        yield
    finally:
        server.stop()


def _run(
    premises: Premises, loop: MailLoop, kind: str, messages: int, database: PostgreSQL | None
) -> Run:
    folder = premises.path / f"gateway-{kind}"
    folder.mkdir(mode=0o700)
    user = f"gateway-{kind}@example.police.uk"
    document = mailbag.document(kind)
    raw = b""
    for number in range(messages):
        sender, raw = mailbag.message(number, user, mailbag.document(kind, number))
        loop.dovecot.deliver(user, raw, sender)
    with ExitStack() as stack:
        least = floors.in_turn(
            min(messages, _SOME),
            {
                "fetch": stack.enter_context(floors.raw_fetch(loop.dovecot, user, messages)),
                "file": floors.durable_file(folder / "floor", raw),
                "parse": floors.standard_parse(raw),
                "pdfplumber": floors.pdfplumber_words(document),
                "commit": stack.enter_context(floors.durable_commit(folder / "floor.db")),
                "send": stack.enter_context(floors.smtp_note(loop)),
                "fetch, imapclient": stack.enter_context(
                    floors.imapclient_fetch(loop.dovecot, user)
                ),
                "PDFium": floors.pdfium_text(document),
            },
        )
    url = "sqlite:///var/intake.db" if database is None else database.new_schema()
    gateway = Gateway(folder, loop, user, database=url)
    if database is not None:
        gateway.command("db", "upgrade").check_returncode()
    return Run(
        kind=kind,
        wire_bytes=len(raw),
        document_bytes=len(document),
        floors=least,
        product=_product(gateway),
    )


def _product(gateway: Gateway) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.product", str(gateway.config)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
