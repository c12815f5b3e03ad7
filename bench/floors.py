"""The least that each part of the work can cost on this machine, measured in the same run."""

from __future__ import annotations

import email
import email.policy
import gc
import io
import os
import smtplib
import socket
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pdfplumber
import pypdfium2 as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.dovecot import Dovecot
    from tests.servers.mail_loop import MailLoop

_PRAGMAS = ("journal_mode=TRUNCATE", "synchronous=EXTRA", "secure_delete=ON", "foreign_keys=ON")
_NOTE = b"Subject: Received\r\n\r\n" + b"Thank you. A person will read your referral.\r\n" * 40


Work = Callable[[int], object]
"""What is measured, given a number from 0 that no call before was given."""


def in_turn(times: int, floors: dict[str, Work]) -> dict[str, list[float]]:
    """Milliseconds of processor time of each call, after one that does not count; none has to
    clear away what another left.

    One after another and then from the first again, as a least program would do with one message
    after another: in a loop of its own, each would find the processor's caches warm.
    """
    spent: dict[str, list[float]] = {name: [] for name in floors}
    for number in range(times + 1):
        for name, work in floors.items():
            gc.collect()
            before = time.process_time()
            work(number)
            spent[name].append((time.process_time() - before) * 1000)
    return {name: each[1:] for name, each in spent.items()}


@contextmanager
def raw_fetch(dovecot: Dovecot, user: str, messages: int) -> Iterator[Work]:
    """BODY.PEEK[] over a TLS socket: the literal is read, nothing is understood."""
    context = dovecot.certificates.client_context()
    with (
        socket.create_connection(("127.0.0.1", dovecot.imaps_port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
        connection.makefile("rb") as answers,
    ):

        def ask(command: bytes) -> None:
            connection.sendall(b"a " + command + b"\r\n")

        def done() -> None:
            while not (line := answers.readline()).startswith(b"a "):
                assert line

        def fetch(number: int) -> None:
            ask(b"FETCH %d (BODY.PEEK[])" % (number % messages + 1))
            size = int(answers.readline().rpartition(b"{")[2].rstrip(b"}\r\n"))
            assert len(answers.read(size)) == size
            done()

        answers.readline()
        for command in (f'LOGIN "{user}" "{dovecot.password}"', "EXAMINE INBOX"):
            ask(command.encode())
            done()
        yield fetch


@contextmanager
def imapclient_fetch(dovecot: Dovecot, user: str) -> Iterator[Work]:
    """The same by imapclient, its debug log switched off."""
    with dovecot.client(user) as session:
        session.select_folder("INBOX", readonly=True)
        uids = session.search()
        yield lambda number: session.fetch([uids[number % len(uids)]], ["BODY.PEEK[]"])


def durable_file(folder: Path, raw: bytes) -> Work:
    """One file written and fsynced, then its directory."""
    folder.mkdir()

    def write(number: int) -> None:
        with (folder / str(number)).open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)

    return write


@contextmanager
def durable_commit(path: Path) -> Iterator[Work]:
    """One row in one transaction of SQLite, as durable as the product's."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE cases (id INTEGER PRIMARY KEY, record TEXT)")

        def commit(number: int) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO cases VALUES (?, ?)", (number, "x" * 2000))
            connection.execute("COMMIT")

        yield commit


def standard_parse(raw: bytes) -> Work:
    """The standard library's parser, and every part decoded."""

    def parse(_number: int) -> None:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        for part in message.walk():
            part.get_payload(decode=True)

    return parse


@contextmanager
def smtp_note(loop: MailLoop) -> Iterator[Work]:
    """A short letter by smtplib over a connection that is kept, with STARTTLS and a log-in."""
    context = loop.dovecot.certificates.client_context()
    with smtplib.SMTP("localhost", loop.submission_port, timeout=30) as smtp:
        smtp.starttls(context=context)
        smtp.login(loop.username, loop.password)
        yield lambda _: smtp.sendmail(loop.username, "floor@school.example.org", _NOTE)


def pdfplumber_words(document: bytes) -> Work:
    """Every word of every page by pdfplumber."""

    def read(_number: int) -> None:
        with pdfplumber.open(io.BytesIO(document)) as pdf:
            for page in pdf.pages:
                page.extract_words()

    return read


def pdfium_text(document: bytes) -> Work:
    """The text of every page by PDFium."""

    def read(_number: int) -> None:
        with closing(pdfium.PdfDocument(document)) as pdf:
            for page in pdf:
                text = page.get_textpage()
                text.get_text_range()
                text.close()
                page.close()

    return read
