"""An SMTP server that misbehaves on cue, written by hand because libraries are too well-bred."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

from tests.servers.ports import free_port
from tests.servers.smtpd_script import Script
from tests.servers.smtpd_session import Session
from tests.servers.waiting import eventually

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Mapping

    from tests.servers.smtpd_script import Answer, Envelope, Verb

Tls: TypeAlias = Literal["none", "starttls", "implicit"]


class ScriptedSmtp:
    """Takes every message, unless told otherwise.

    With `users` (name → password) it offers AUTH PLAIN and LOGIN, under TLS only if it has TLS,
    and demands it before MAIL. With tls="none" it does not offer STARTTLS.
    """

    host = "localhost"

    def __init__(
        self,
        *,
        tls: Tls = "none",
        context: ssl.SSLContext | None = None,
        users: Mapping[str, str] | None = None,
        offers: tuple[str, ...] = ("8BITMIME", "SIZE 41943040", "ENHANCEDSTATUSCODES"),
        take: Callable[[Envelope], str] | None = None,
    ) -> None:
        self.port = free_port()
        self.tls: Tls = tls
        self.context = context
        self.users = users
        self.offers = offers
        self.take = take
        """Called with each message before it counts as taken; what it returns is the reply."""
        self.script = Script()
        self.envelopes: list[Envelope] = []
        """The messages it took, whether or not its reply could say so."""
        self.commands: list[str] = []
        """Each command line of every connection; secrets after AUTH are left out."""
        self.connections = 0
        self.closing = threading.Event()
        self._sessions: set[Session] = set()
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None

    # What it is told

    def on(self, verb: Verb, *answers: Answer | None) -> None:
        """The next answers at `verb`, one each time; None is the usual one. Then as before."""
        self.script.on(verb, *answers)

    def always(self, verb: Verb, answer: Answer | None) -> None:
        """The answer at `verb` from now on; None is the usual one again."""
        self.script.always(verb, answer)

    def recipient(self, which: str | Callable[[str], bool], answer: Answer) -> None:
        """The answer to every RCPT for an address, or for those of which `which` is true."""
        self.script.recipient(which, answer)

    def wait_for(self, count: int, timeout: float = 15) -> list[Envelope]:
        """The messages taken, as soon as there are so many."""
        return eventually(
            lambda: list(self.envelopes) if len(self.envelopes) >= count else [],
            f"{count} messages taken",
            timeout=timeout,
        )

    # Its life

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Self:
        """Answer; on the same port as before, if there was a before."""
        self.closing.clear()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._run(self._listen, self._listener)
        return self

    def stop(self) -> None:
        """Be unreachable: every connection ends, none can be made."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        self.closing.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        self.hang_up()
        threads, self._threads = self._threads, []
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive(), "the scripted SMTP server still talks"

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Unreachable for as long as the block lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def hang_up(self) -> None:
        """End every connection that is open now."""
        for session in list(self._sessions):
            session.hang_up()

    def _run(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                self.connections += 1
                session = Session(self, connection)
                self._sessions.add(session)
                self._run(self._serve, session)

    def _serve(self, session: Session) -> None:
        try:
            session.talk()
        finally:
            session.close()
            self._sessions.discard(session)
