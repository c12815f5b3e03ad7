"""One connection to the scripted SMTP server."""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
import socket
from typing import TYPE_CHECKING

from tests.servers.smtpd_script import ACCEPT_THEN_DROP, DROP, GARBAGE, Envelope, Hang

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.smtpd import ScriptedSmtp
    from tests.servers.smtpd_script import Verb

_USUAL: dict[Verb, str] = {
    "CONNECT": "220 scripted.example.net ESMTP",
    "STARTTLS": "220 2.0.0 ready",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 sender taken",
    "RCPT": "250 2.1.5 recipient taken",
    "DATA": "354 go ahead",
    "DOT": "250 2.0.0 queued as 4F1A",
    "RSET": "250 2.0.0 forgotten",
    "NOOP": "250 2.0.0 nothing done",
    "QUIT": "221 2.0.0 bye",
}
_GARBAGE = b"\x00\xfe\xffnot a reply at all\r\n"
_ADDRESS = re.compile(r"[^:]*:\s*<([^>]*)>\s*(.*)")


class _OverError(Exception):
    """The connection is to be closed."""


class Session:
    """Speaks with one client until one of the two hangs up."""

    def __init__(self, server: ScriptedSmtp, connection: socket.socket) -> None:
        self._server = server
        connection.settimeout(120)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection
        self._encrypted = False
        self._buffer = b""
        self._user: str | None = None
        self._sender: str | None = None
        self._options = ""
        self._recipients: list[str] = []

    def talk(self) -> None:
        """Until the end."""
        with contextlib.suppress(OSError, ValueError, _OverError):
            if self._server.tls == "implicit":
                self._encrypt()
            self._reply("CONNECT")
            while True:
                self._obey(self._line().decode("utf-8", "replace"))

    def hang_up(self) -> None:
        """From another thread: whatever the session waits for ends."""
        with contextlib.suppress(OSError):
            # Not the TLS socket's own shutdown, which pulls the rug from under a reading thread.
            socket.socket.shutdown(self._connection, socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the connection back."""
        self.hang_up()
        self._connection.close()

    # Commands

    def _obey(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        verb = verb.upper()
        self._server.commands.append(" ".join(line.split()[:2]) if verb == "AUTH" else line)
        commands: dict[str, Callable[[str], object]] = {
            "EHLO": lambda _: self._greet(extended=True),
            "HELO": lambda _: self._greet(extended=False),
            "STARTTLS": lambda _: self._starttls(),
            "AUTH": self._authenticate,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": lambda _: self._data(),
            "RSET": lambda _: self._reset(),
            "NOOP": lambda _: self._reply("NOOP"),
            "QUIT": lambda _: self._quit(),
        }
        if verb in commands:
            commands[verb](rest)
        else:
            self._send(b"502 5.5.1 not known\r\n")

    def _greet(self, *, extended: bool) -> None:
        self._forget()
        self._reply("EHLO", self._greeting(extended=extended))

    def _starttls(self) -> None:
        if self._reply("STARTTLS").startswith("220"):
            self._encrypt()

    def _reset(self) -> None:
        self._forget()
        self._reply("RSET")

    def _quit(self) -> None:
        self._reply("QUIT")
        raise _OverError

    def _greeting(self, *, extended: bool) -> str:
        offers = list(self._server.offers)
        if self._server.tls == "starttls" and not self._encrypted:
            offers.append("STARTTLS")
        elif self._server.users is not None:
            offers.append("AUTH PLAIN LOGIN")
        lines = ["scripted.example.net", *(offers if extended else ())]
        return "\r\n".join([*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}"])

    def _authenticate(self, rest: str) -> None:
        mechanism, _, initial = rest.partition(" ")
        if mechanism.upper() == "PLAIN":
            text = _decoded(initial or self._challenged(""))
            name, password = [*text.split("\0"), "", ""][1:3]
        else:
            name = _decoded(initial or self._challenged("Username:"))
            password = _decoded(self._challenged("Password:"))
        users = self._server.users
        right = False
        with contextlib.suppress(KeyError):  # not get(): a defaultdict knows everyone
            right = users is not None and users[name] == password
        said = self._reply("AUTH", None if right else "535 5.7.8 wrong name or password")
        if said.startswith("235"):
            self._user = name

    def _challenged(self, question: str) -> str:
        self._send(b"334 " + base64.b64encode(question.encode()) + b"\r\n")
        return self._line().decode("ascii", "replace")

    def _mail(self, rest: str) -> None:
        usual = None
        if self._server.users is not None and self._user is None:
            usual = "530 5.7.0 authentication required"
        if self._reply("MAIL", usual).startswith("250"):
            self._forget()
            self._sender, self._options = _address(rest)

    def _rcpt(self, rest: str) -> None:
        address, _ = _address(rest)
        usual = None if self._sender is not None else "503 5.5.1 MAIL first"
        if self._reply("RCPT", usual, address=address).startswith("25"):
            self._recipients.append(address)

    def _data(self) -> None:
        usual = None if self._recipients else "554 5.5.1 no valid recipients"
        if not self._reply("DATA", usual).startswith("354"):
            return
        content = self._content()
        envelope = Envelope(
            mail_from=self._sender or "",
            rcpt=tuple(self._recipients),
            content=content,
            authenticated_as=self._user,
            tls=self._encrypted,
            options=self._options,
        )
        self._forget()
        self._conclude(envelope)

    def _conclude(self, envelope: Envelope) -> None:
        answer = self._server.script.answer("DOT")
        if isinstance(answer, Hang):
            self._wait(answer.seconds)
            answer = answer.reply
        if answer in (None, ACCEPT_THEN_DROP) or (
            isinstance(answer, str) and answer.startswith("2")
        ):
            usual = self._server.take(envelope) if self._server.take else _USUAL["DOT"]
            if usual.startswith("2"):
                self._server.envelopes.append(envelope)
            answer = answer or usual
        if isinstance(answer, str):
            self._send(answer.encode() + b"\r\n")
        elif answer is GARBAGE:
            self._send(_GARBAGE)
        else:
            raise _OverError

    def _content(self) -> bytes:
        self._fill()
        answer = self._server.script.answer("CONTENT")
        if answer is DROP:
            raise _OverError
        if isinstance(answer, Hang):
            self._wait(answer.seconds)
        # The end is a line of one dot; a CRLF put in front lets it be the first line, too.
        self._buffer = b"\r\n" + self._buffer
        while b"\r\n.\r\n" not in self._buffer:
            self._fill()
        stuffed, _, self._buffer = self._buffer.partition(b"\r\n.\r\n")
        return (stuffed + b"\r\n").replace(b"\r\n.", b"\r\n")[2:]

    def _forget(self) -> None:
        self._sender = None
        self._options = ""
        self._recipients = []

    # The wire

    def _reply(self, verb: Verb, usual: str | None = None, *, address: str | None = None) -> str:
        """Say what the script says, else `usual`, else the usual; returns what was said."""
        answer = self._server.script.answer(verb, address)
        if isinstance(answer, Hang):
            self._wait(answer.seconds)
            answer = answer.reply
        if answer is None:
            answer = usual or _USUAL[verb]
        if isinstance(answer, str):
            self._send(answer.encode() + b"\r\n")
            return answer
        if answer is GARBAGE:
            self._send(_GARBAGE)
            return ""
        raise _OverError

    def _wait(self, seconds: float) -> None:
        if self._server.closing.wait(seconds):
            raise _OverError

    def _encrypt(self) -> None:
        assert self._server.context is not None, "TLS needs a context"
        self._buffer = b""
        self._connection = self._server.context.wrap_socket(self._connection, server_side=True)
        self._encrypted = True

    def _line(self) -> bytes:
        while b"\n" not in self._buffer:
            self._fill()
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.rstrip(b"\r")

    def _fill(self) -> None:
        piece = self._connection.recv(65536)
        if not piece:
            raise _OverError
        self._buffer += piece

    def _send(self, data: bytes) -> None:
        self._connection.sendall(data)


def _address(rest: str) -> tuple[str, str]:
    found = _ADDRESS.match(rest)
    return (found[1], found[2]) if found else (rest, "")


def _decoded(text: str) -> str:
    with contextlib.suppress(binascii.Error, ValueError):
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    return ""
