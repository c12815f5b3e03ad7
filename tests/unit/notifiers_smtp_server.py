"""A mail server that does as it is told: each command's answers are scripted, and so are its
hang-ups and silences. Everything it hears is kept.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Literal, Self

if TYPE_CHECKING:
    import ssl

DROP = "drop"
"""Hang up instead of answering."""
HANG = "hang"
"""Never answer."""
TRICKLE = "trickle"
"""Answer for ever, one continuation line at a time."""

_DEFAULTS = {
    "CONNECT": "220 smtp.test ESMTP",
    "STARTTLS": "220 2.0.0 go ahead",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "RSET": "250 2.0.0 ok",
    "DATA": "354 go ahead",
    "DOT": "250 2.0.0 Ok: queued as 4F1A",
    "QUIT": "221 2.0.0 bye",
}


class _HangUpError(Exception):
    pass


class ScriptedSmtp:
    def __init__(
        self,
        tls: Literal["none", "implicit", "starttls"] = "none",
        context: ssl.SSLContext | None = None,
        offers: tuple[str, ...] = ("AUTH LOGIN PLAIN CRAM-MD5", "8BITMIME", "SIZE 1000000"),
    ) -> None:
        self.script: dict[str, deque[str]] = defaultdict(deque)
        self.offers = offers
        self.strips_starttls = False
        self.verbs: list[str] = []
        self.heard = b""
        """Every byte of every connection, as the server's application sees it."""
        self.in_clear = b""
        self.received: list[bytes] = []
        """Messages whose final dot came, dots unstuffed; accepted or not."""
        self.connections = 0
        self.delay = 0.0
        """Seconds before each answer, as over a long line."""
        self._tls = tls
        self._context = context
        self._over = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def on(self, verb: str, *answers: str) -> None:
        """The next answers to `verb`; afterwards the usual one again."""
        self.script[verb].extend(answers)

    def __enter__(self) -> Self:
        self._start(self._listen)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()

    def hang_up(self) -> None:
        """End every connection."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def blurt(self, text: str) -> None:
        """Say something nobody asked for, on every connection (in clear)."""
        for connection in list(self._open):
            connection.sendall(text.encode() + b"\r\n")

    def _start(self, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                self._open.add(connection)
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        current = connection
        try:
            if self._tls == "implicit":
                current = self._encrypt(current)
            encrypted = self._tls == "implicit"
            self._say(current, "CONNECT")
            while True:
                verb, line = self._line(current, encrypted=encrypted)
                if verb == "EHLO":
                    self._say(current, "EHLO", self._greeting(encrypted=encrypted))
                elif verb == "STARTTLS":
                    self._say(current, "STARTTLS")
                    current = self._encrypt(current)
                    encrypted = True
                elif verb == "AUTH" and line.upper().startswith(b"AUTH LOGIN"):
                    current.sendall(b"334 UGFzc3dvcmQ6\r\n")
                    self._line(current, encrypted=encrypted)
                    self._say(current, "AUTH")
                elif verb == "DATA":
                    if self._say(current, "DATA").startswith("354"):
                        self._content(current, encrypted=encrypted)
                        self._say(current, "DOT")
                else:
                    self._say(current, verb)
                    if verb == "QUIT":
                        break
        except (_HangUpError, OSError):
            pass
        finally:
            self._open.discard(connection)
            self._open.discard(current)
            current.close()
            connection.close()

    def _encrypt(self, connection: socket.socket) -> socket.socket:
        assert self._context is not None
        encrypted = self._context.wrap_socket(connection, server_side=True)
        self._open.add(encrypted)
        return encrypted

    def _greeting(self, *, encrypted: bool) -> str:
        starttls = self._tls == "starttls" and not encrypted and not self.strips_starttls
        lines = ["smtp.test", *self.offers, *(["STARTTLS"] if starttls else [])]
        return "\r\n".join(
            f"250{'-' if n < len(lines) else ' '}{line}" for n, line in enumerate(lines, 1)
        )

    def _say(self, connection: socket.socket, verb: str, usual: str | None = None) -> str:
        answers = self.script[verb]
        answer = answers.popleft() if answers else usual or _DEFAULTS.get(verb, "502 5.5.1 what?")
        self._over.wait(self.delay)
        if answer == DROP:
            raise _HangUpError
        if answer == HANG:
            self._over.wait()
            raise _HangUpError
        while answer == TRICKLE and not self._over.wait(0.02):
            connection.sendall(b"250-wait\r\n")
        connection.sendall(answer.encode("utf-8", "surrogateescape") + b"\r\n")
        if answer.startswith("421"):
            raise _HangUpError
        return answer

    def _receive(self, connection: socket.socket, until: bytes, *, encrypted: bool) -> bytes:
        text = b""
        while not text.endswith(until):
            chunk = connection.recv(65536)
            if not chunk:
                raise _HangUpError
            self.heard += chunk
            if not encrypted:
                self.in_clear += chunk
            text += chunk
        return text

    def _line(self, connection: socket.socket, *, encrypted: bool) -> tuple[str, bytes]:
        line = self._receive(connection, b"\r\n", encrypted=encrypted)
        verb = line.split()[0].decode("ascii", "replace").upper() if line.split() else ""
        self.verbs.append(verb)
        return verb, line

    def _content(self, connection: socket.socket, *, encrypted: bool) -> None:
        text = self._receive(connection, b"\r\n.\r\n", encrypted=encrypted)
        lines = text[: -len(b".\r\n")].split(b"\r\n")
        self.received.append(b"\r\n".join(line.removeprefix(b".") for line in lines))
