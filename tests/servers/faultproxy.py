"""A TCP proxy whose line can be made slow, cut, reset or silent while a test runs."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING, Literal, Self

from tests.servers.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Callable

Ending = Literal["fin", "rst"]


class FaultProxy:
    """Forwards 127.0.0.1:`port` to a server; its fields can be set at any time.

    They hold for open connections as well as new ones.
    """

    host = "localhost"

    def __init__(self, target_port: int) -> None:
        self.port = free_port()
        self.latency = 0.0
        """Seconds that each piece of data waits, in either direction."""
        self.black_hole = False
        """Connections are taken and stay open; nothing is forwarded any more (what was sent
        meanwhile is lost). A new connection is not even led to the server.
        """
        self.black_hole_after: int | None = None
        """Be one as soon as the server has sent this many bytes on one connection."""
        self.cut_to_client_after: int | None = None
        """End a connection when the server has sent this many bytes on it (0: at its first)."""
        self.cut_to_server_after: int | None = None
        """End a connection when the client has sent this many bytes on it."""
        self.ending: Ending = "fin"
        """How a connection is cut: politely, or with RST."""
        self.connections = 0
        """How many were taken."""
        self._target_port = target_port
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._open: set[socket.socket] = set()
        self._ended: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None

    def __enter__(self) -> Self:
        self.accept()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.refuse()
        self.cut("rst")
        for thread in self._threads:
            thread.join(10)
        for connection in self._ended:
            connection.close()

    def accept(self) -> None:
        """Take connections (again)."""
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._run(self._listen, self._listener)

    def refuse(self) -> None:
        """Refuse new connections; the open ones stay."""
        if self._listener is not None:
            listener, self._listener = self._listener, None
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def cut(self, ending: Ending = "fin") -> None:
        """End every connection that is open now."""
        with self._lock:
            open_now = list(self._open)
        self._end(ending, *open_now)

    def _run(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                self.connections += 1
                self._keep(client)
                self._run(self._lead, client)

    def _lead(self, client: socket.socket) -> None:
        while self.black_hole and not self._over.is_set() and client in self._open:
            time.sleep(0.01)  # a connection begun in silence stays silent until the silence ends
        try:
            server = socket.create_connection(("127.0.0.1", self._target_port), timeout=10)
        except OSError:
            self._end("rst", client)
            return
        server.settimeout(None)
        self._keep(server)
        if client not in self._open or self._over.is_set():
            self._end("rst", client, server)
            return
        self._run(self._forward, client, server, "server")
        self._forward(server, client, "client")

    def _forward(
        self, source: socket.socket, sink: socket.socket, to: Literal["client", "server"]
    ) -> None:
        sent = 0
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                time.sleep(self.latency)
                limit = self.cut_to_client_after if to == "client" else self.cut_to_server_after
                silence = self.black_hole_after if to == "client" else None
                if silence is not None and sent + len(piece) >= silence:
                    if not self.black_hole:
                        sink.sendall(piece[: max(0, silence - sent)])
                    self.black_hole = True
                    continue
                if self.black_hole:
                    continue
                if limit is not None and sent + len(piece) >= limit:
                    sink.sendall(piece[: max(0, limit - sent)])
                    break
                sink.sendall(piece)
                sent += len(piece)
        if not self.black_hole:
            self._end(self.ending, source, sink)

    def _keep(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._open.add(connection)

    def _end(self, ending: Ending, *connections: socket.socket) -> None:
        with self._lock:
            # All at once: the thread that notices the end of one would politely end its other half.
            doomed = self._open.intersection(connections)
            self._open -= doomed
        for connection in doomed:
            with contextlib.suppress(OSError):
                self._hang_up(connection, ending)

    def _hang_up(self, connection: socket.socket, ending: Ending) -> None:
        if ending == "fin":
            # Closed only at the very end: to close with bytes unread would be a reset.
            self._ended.append(connection)
            connection.shutdown(socket.SHUT_RDWR)
            return
        # Linger for no time: at its close the kernel sends RST instead of FIN. The close counts
        # when no thread reads any more, and a shutdown of this half alone sends nothing.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RD)
        connection.close()
