"""A small IMAP server that does on command what real ones do rarely."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from intake.mailboxes.imap_wire import ImapAccount

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from io import BufferedReader
    from types import TracebackType

PASSWORD = "correct horse"
DATE = '"23-Nov-2026 09:13:41 +0100"'


@dataclass
class Talk:
    """One connection, and the command it has just sent."""

    server: ScriptedImap
    sock: socket.socket
    reader: BufferedReader
    number: int
    tag: str = ""
    args: str = ""
    command: str = ""
    over: bool = False

    def send(self, text: str | bytes) -> None:
        self.sock.sendall(text.encode() if isinstance(text, str) else text)

    def line(self, text: str | bytes) -> None:
        self.send((text.encode() if isinstance(text, str) else text) + b"\r\n")

    def ok(self, text: str = "done") -> None:
        self.line(f"{self.tag} OK {text}")

    def no(self, text: str = "refused") -> None:
        self.line(f"{self.tag} NO {text}")

    def default(self) -> None:
        self.server.answer(self)

    def close(self) -> None:
        self.reader.close()
        self.sock.close()

    def hang_up(self) -> None:
        self.over = True
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)


@dataclass
class ScriptedImap:
    """A mailbox in memory. `answers` replaces what is said to a command ("SELECT", "UID FETCH",
    "greeting"); `heard` holds every line that any client sent.
    """

    messages: dict[int, bytes] = field(default_factory=dict)
    capabilities: str = "IMAP4rev1 AUTH=PLAIN IDLE MOVE"
    context: ssl.SSLContext | None = None
    implicit: bool = True
    uidvalidity: int = 7
    answers: dict[str, Callable[[Talk], None]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    moved: dict[str, list[int]] = field(default_factory=dict)
    connections: int = 0

    def __enter__(self) -> Self:
        self._talks: list[Talk] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for talk in list(self._talks):
            talk.hang_up()
        for thread in self._threads:
            thread.join(5)

    def account(self, **changes: Any) -> ImapAccount:
        """The way in, with short time-outs."""
        ways: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.port,
            "tls": "none",
            "username": "gateway",
            "password": lambda: PASSWORD,
            "connect_seconds": 2.0,
            "read_seconds": 2.0,
        }
        return ImapAccount(**(ways | changes))

    def commands(self) -> list[str]:
        """What was heard, without tags."""
        return [line.partition(" ")[2] for line in self.heard]

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            number = self.connections
            self._start(lambda sock=sock, number=number: self._serve(sock, number))  # type: ignore[misc]

    def _serve(self, sock: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError, ValueError), contextlib.ExitStack() as stack:
            stack.callback(sock.close)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context is not None and self.implicit:
                sock = self.context.wrap_socket(sock, server_side=True)
                stack.callback(sock.close)
            talk = Talk(self, sock, sock.makefile("rb"), number)
            stack.callback(talk.close)
            self._talks.append(talk)
            self._say(talk, "greeting")
            while not talk.over and (line := talk.reader.readline()):
                self.heard.append(line.decode("latin-1").rstrip("\r\n"))
                talk.tag, _, rest = self.heard[-1].partition(" ")
                command, _, talk.args = rest.partition(" ")
                if command.upper() == "UID":
                    second, _, talk.args = talk.args.partition(" ")
                    command = f"UID {second}"
                self._say(talk, command.upper())

    def _say(self, talk: Talk, command: str) -> None:
        talk.command = command
        self.answers.get(command, self.answer)(talk)

    def answer(self, talk: Talk) -> None:
        """What a well-behaved server says."""
        method = getattr(self, "_" + talk.command.lower().replace(" ", "_"), None)
        if method is None:
            talk.line(f"{talk.tag} BAD unknown command")
        else:
            method(talk)

    def _greeting(self, talk: Talk) -> None:
        talk.line("* OK ready")

    def _capability(self, talk: Talk) -> None:
        talk.line(f"* CAPABILITY {self.capabilities}")
        talk.ok()

    def _starttls(self, talk: Talk) -> None:
        assert self.context is not None
        talk.ok()
        talk.sock = self.context.wrap_socket(talk.sock, server_side=True)
        talk.reader = talk.sock.makefile("rb")

    def _authenticate(self, talk: Talk) -> None:
        talk.line("+ ")
        self.heard.append(talk.reader.readline().decode().strip())
        talk.ok()

    def _login(self, talk: Talk) -> None:
        talk.ok()

    def _namespace(self, talk: Talk) -> None:
        talk.line('* NAMESPACE (("" ".")) NIL NIL')
        talk.ok()

    def _list(self, talk: Talk) -> None:
        talk.line('* LIST (\\Noselect) "." ""')
        talk.ok()

    def _select(self, talk: Talk) -> None:
        talk.line("* FLAGS (\\Seen \\Deleted)")
        talk.line(f"* {len(self.messages)} EXISTS")
        talk.line("* 0 RECENT")
        talk.line(f"* OK [UIDVALIDITY {self.uidvalidity}] valid")
        talk.ok("[READ-WRITE] done")

    def _examine(self, talk: Talk) -> None:
        self._select(talk)

    def _noop(self, talk: Talk) -> None:
        talk.ok()

    def _create(self, talk: Talk) -> None:
        self.moved.setdefault(talk.args.strip('"'), [])
        talk.ok()

    def _uid_search(self, talk: Talk) -> None:
        wanted = sorted(self.messages)
        if talk.args.startswith("UID "):
            wanted = [uid for uid in wanted if uid == int(talk.args[4:])]
        talk.line(" ".join(["* SEARCH", *map(str, wanted)]))
        talk.ok()

    def _uid_fetch(self, talk: Talk) -> None:
        numbers, _, what = talk.args.partition(" ")
        for uid in [int(number) for number in numbers.split(",")]:
            if uid in self.messages:
                self.fetched(talk, uid, what)
        talk.ok()

    def fetched(self, talk: Talk, uid: int, what: str) -> None:
        raw = self.messages[uid]
        sequence = sorted(self.messages).index(uid) + 1
        if "BODY.PEEK[]<" in what:
            start, length = map(int, what[:-1].rpartition("<")[2].rstrip(">)").split("."))
            part = raw[start : start + length]
            talk.send(f"* {sequence} FETCH (UID {uid} BODY[]<{start}> {{{len(part)}}}\r\n")
            talk.send(part + b")\r\n")
        elif "BODY.PEEK[]" in what:
            talk.send(f"* {sequence} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n")
            talk.send(raw + b")\r\n")
        else:
            talk.line(f"* {sequence} FETCH (UID {uid} RFC822.SIZE {len(raw)} INTERNALDATE {DATE})")

    def _uid_move(self, talk: Talk) -> None:
        number, _, folder = talk.args.partition(" ")
        name = folder.strip('"')
        if name not in self.moved:
            talk.no("[TRYCREATE] no such folder")
            return
        if int(number) in self.messages:
            del self.messages[int(number)]
            self.moved[name].append(int(number))
        talk.ok()

    def _idle(self, talk: Talk) -> None:
        talk.line("+ idling")
        talk.reader.readline()
        talk.ok()

    def _logout(self, talk: Talk) -> None:
        talk.line("* BYE")
        talk.ok()
        talk.over = True
