"""A real Postfix before Dovecot, for tests that are about the whole way of a message."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import stat
from typing import TYPE_CHECKING, Self

from tests.servers import postfix_config
from tests.servers.ports import free_port
from tests.servers.process import ServerProcess, executable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.dovecot import Dovecot
    from tests.servers.process import Premises


class Postfix:
    """Takes mail for every address and delivers it into the Dovecot mailbox of that name.

    Refused by name: `refused-…` (550 5.1.1), `later-…` (451 4.2.1), and `bounced-…`, which is
    accepted first. Only root can run it.
    """

    kind = "Postfix"

    def __init__(self, premises: Premises, dovecot: Dovecot) -> None:
        program = executable("postfix")
        self.smtp_port = free_port()
        self.submission_port = free_port()
        # Postfix insists that what it reads as root belongs to root.
        self._folder = premises.path / "postfix"
        for name, owner in (("", 0), ("queue", 0), ("data", pwd.getpwnam("postfix").pw_uid)):
            (self._folder / name).mkdir()
            os.chown(self._folder / name, owner, 0)
        postfix_config.write(
            self._folder,
            smtp_port=self.smtp_port,
            submission_port=self.submission_port,
            far_port=free_port(),
            lmtp_port=dovecot.lmtp_port,
            sasl_port=dovecot.sasl_port,
            certificates=dovecot.certificates,
        )
        self._process = ServerProcess(
            premises,
            "postfix",
            [program, "-c", str(self._folder), "start-fg"],
            as_root=True,
        )

    @staticmethod
    def runs_here() -> bool:
        """Whether this account may run Postfix at all."""
        return os.geteuid() == 0

    def start(self) -> Self:
        """Take mail; on the same ports and with the same queue as before, if there was a before."""
        self._process.start(self._answers)
        return self

    def stop(self) -> None:
        """Be unreachable: every connection ends, none can be made."""
        self._process.stop()
        self._forget_sockets()

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Unreachable for as long as the block lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process.running

    def log(self) -> str:
        """What it wrote, to be shown when a test fails."""
        file = self._folder / "postfix.log"
        return self._process.said() + (file.read_text() if file.exists() else "")

    def _answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.smtp_port), timeout=10) as connection,
        ):
            greeted = connection.recv(200).startswith(b"220")
            connection.sendall(b"QUIT\r\n")
            return greeted
        return False

    def _forget_sockets(self) -> None:
        """A killed Postfix leaves its sockets and process numbers, the next one trips over them."""
        shutil.rmtree(self._folder / "queue" / "pid", ignore_errors=True)
        for name in ("public", "private"):
            for path in (self._folder / "queue" / name).glob("*"):
                if stat.S_ISSOCK(path.lstat().st_mode):
                    path.unlink()
