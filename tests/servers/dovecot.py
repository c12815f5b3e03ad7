"""A real Dovecot: every name with the right password is a mailbox of its own."""

from __future__ import annotations

import contextlib
import grp
import shutil
import smtplib
import socket
from typing import TYPE_CHECKING, Self

from imapclient import IMAPClient  # type: ignore[import-untyped]

from tests.servers import dovecot_config
from tests.servers.ports import free_port
from tests.servers.process import ServerProcess, executable, unprivileged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.servers.certificates import Certificates
    from tests.servers.process import Premises

PASSWORD = "secret"


class Dovecot:
    """IMAPS, IMAP with STARTTLS, LMTP, and what a test asks of them."""

    host = "localhost"
    password = PASSWORD

    def __init__(self, premises: Premises, certificates: Certificates) -> None:
        program = executable("dovecot")
        self.certificates = certificates
        self.ports = dovecot_config.DovecotPorts(
            imap=free_port(), imaps=free_port(), lmtp=free_port(), sasl=free_port()
        )
        self._folder = premises.folder("dovecot")
        config = dovecot_config.write(
            self._folder,
            ports=self.ports,
            certificates=certificates,
            user=unprivileged().pw_name,
            group=grp.getgrgid(unprivileged().pw_gid).gr_name,
            password=PASSWORD,
        )
        self._process = ServerProcess(premises, "dovecot", [program, "-F", "-c", str(config)])

    @property
    def imap_port(self) -> int:
        """Plain, with STARTTLS on offer."""
        return self.ports.imap

    @property
    def imaps_port(self) -> int:
        """TLS from the first byte."""
        return self.ports.imaps

    @property
    def lmtp_port(self) -> int:
        """Plain LMTP."""
        return self.ports.lmtp

    @property
    def sasl_port(self) -> int:
        """Dovecot's own authentication protocol, for Postfix."""
        return self.ports.sasl

    @property
    def ca_file(self) -> Path:
        """The authority that issued its certificate."""
        return self.certificates.ca_file

    # Its life

    def start(self) -> Self:
        """Answer; on the same ports and with the same mail as before, if there was a before."""
        shutil.rmtree(self._folder / "run", ignore_errors=True)  # the numbers in it are stale
        self._process.start(self._answers)
        return self

    def stop(self) -> None:
        """Be unreachable: every connection ends, none can be made."""
        self._process.stop()

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process.running

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Unreachable for as long as the block lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def log(self) -> str:
        """What it wrote, to be shown when a test fails."""
        file = self._folder / "dovecot.log"
        return self._process.said() + (file.read_text() if file.exists() else "")

    def _answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.imap_port), timeout=5) as connection,
        ):
            return connection.recv(1000).startswith(b"* OK")
        return False

    # What the world does

    def deliver(
        self,
        user: str,
        raw: bytes,
        mail_from: str = "sender@example.org",
        rcpt: Sequence[str] | str | None = None,
    ) -> None:
        """Deliver by LMTP into `user`'s INBOX, as a mail system does: Return-Path, Delivered-To
        and Received are put before `raw`. `rcpt` stands on the envelope in `user`'s place
        (user+tag@… arrives at user@…).
        """
        recipients = [rcpt] if isinstance(rcpt, str) else list(rcpt or [user])
        with smtplib.LMTP("127.0.0.1", self.lmtp_port, timeout=30) as lmtp:
            lmtp.ehlo_or_helo_if_needed()
            options = ["BODY=8BITMIME"] if lmtp.has_extn("8bitmime") else []
            refused = lmtp.sendmail(mail_from, recipients, raw, options)
        assert not refused, refused

    # What a human at the mailbox does or sees

    @contextlib.contextmanager
    def client(self, user: str, password: str = PASSWORD) -> Iterator[IMAPClient]:
        """A logged-in IMAP session of a human, over TLS, whose library keeps no debug log."""
        context = self.certificates.client_context()
        with IMAPClient(
            self.host, port=self.imaps_port, ssl_context=context, timeout=30
        ) as session:
            session._imap.debug = 0
            session.login(user, password)
            yield session

    def append(
        self, user: str, raw: bytes, folder: str = "INBOX", flags: Sequence[bytes] = ()
    ) -> int:
        """Put exactly these bytes into a folder (made if need be); the message's UID."""
        with self.client(user) as session:
            if not session.folder_exists(folder):
                session.create_folder(folder)
            session.append(folder, raw, flags)
            session.select_folder(folder, readonly=True)
            return int(max(session.search()))

    def uids(self, user: str, folder: str = "INBOX") -> list[int]:
        """In order of arrival; none when there is no such folder."""
        with self.client(user) as session:
            if not session.folder_exists(folder):
                return []
            session.select_folder(folder, readonly=True)
            return sorted(int(uid) for uid in session.search())

    def messages(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """The bytes of each message, in order of arrival; looking leaves no mark."""
        with self.client(user) as session:
            if not session.folder_exists(folder):
                return []
            session.select_folder(folder, readonly=True)
            uids = session.search()
            found = session.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
            return [bytes(found[uid][b"BODY[]"]) for uid in sorted(uids)]

    def flags(self, user: str, folder: str = "INBOX") -> dict[int, frozenset[bytes]]:
        """The flags and keywords of each UID (but not Recent, which depends on who looks)."""
        with self.client(user) as session:
            if not session.folder_exists(folder):
                return {}
            session.select_folder(folder, readonly=True)
            uids = session.search()
            held = session.get_flags(uids) if uids else {}
            return {int(uid): frozenset(held[uid]) - {b"\\Recent"} for uid in sorted(uids)}

    def folders(self, user: str) -> list[str]:
        """The names of all folders."""
        with self.client(user) as session:
            return sorted(str(name) for _, _, name in session.list_folders())

    def uidvalidity(self, user: str, folder: str = "INBOX") -> int:
        """What UIDs of the folder are valid under."""
        with self.client(user) as session:
            return int(session.folder_status(folder, ["UIDVALIDITY"])[b"UIDVALIDITY"])

    def move(self, user: str, uid: int, to: str, folder: str = "INBOX") -> None:
        """A human drags a message into another folder (made if need be)."""
        with self.client(user) as session:
            if not session.folder_exists(to):
                session.create_folder(to)
            session.select_folder(folder)
            session.move([uid], to)

    def expunge(self, user: str, uid: int, folder: str = "INBOX") -> None:
        """A human deletes a message for good."""
        with self.client(user) as session:
            session.select_folder(folder)
            session.delete_messages([uid], silent=True)
            session.uid_expunge([uid])

    def mark(self, user: str, uid: int, flags: Sequence[bytes], folder: str = "INBOX") -> None:
        """A human reads a message, or marks it."""
        with self.client(user) as session:
            session.select_folder(folder)
            session.add_flags([uid], flags)
