"""The connection under an IMAP session: verified before a credential leaves, bounded, cuttable."""

from __future__ import annotations

import contextlib
import imaplib
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedReader
    from pathlib import Path

LARGEST_MESSAGE = 150_000_000
"""Bytes. Microsoft 365 takes no message above this; nobody sends a form in a larger one."""

_ALLOWANCE = LARGEST_MESSAGE + 50_000_000
_LONGEST_LINE = 16_000_000
_KEEPALIVE = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4))


@dataclass(frozen=True, kw_only=True, slots=True)
class ImapAccount:
    """Where a mailbox is, and how to get in. `password` is asked at each log-in, never kept.

    `tls`: "none" is refused unless the server's address is this machine's own.
    `ca_file`: trusted instead of the system's authorities.
    """

    host: str
    port: int
    username: str
    password: Callable[[], str] = field(repr=False)
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    ca_file: Path | None = None
    connect_seconds: float = 15.0
    read_seconds: float = 60.0

    @property
    def where(self) -> str:
        """host:port, as sentences name it."""
        return f"{self.host}:{self.port}"

    def tls_context(self) -> ssl.SSLContext:
        """Certificate and host name are verified; there is no way to turn that off."""
        context = ssl.create_default_context(cafile=self.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


class PlaintextRefusedError(Exception):
    """The connection would not be encrypted. No credential has left."""


class Lifeline:
    """Lets another thread end a connection, whatever the connection's own thread is stuck in.

    It holds a duplicate of the TCP socket: SSLSocket.shutdown() would first forget its encryption,
    and the stuck thread's next write could leave in the clear.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: socket.socket | None = None
        self._cut = False

    def hold(self, sock: socket.socket) -> None:
        """Raises OSError when the connection was given up while it was being made."""
        with self._lock:
            if self._cut:
                raise ConnectionAbortedError
            self._held = sock.dup()

    def cut(self) -> None:
        """End the connection now. May be called twice, and from any thread."""
        with self._lock:
            self._cut = True
            held, self._held = self._held, None
        if held is not None:
            with contextlib.suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)
            held.close()


class Wire(imaplib.IMAP4):
    """An IMAP connection, encrypted as the account demands before its constructor returns."""

    def __init__(self, account: ImapAccount, lifeline: Lifeline) -> None:
        self._account = account
        self._lifeline = lifeline
        self._context = None if account.tls == "none" else account.tls_context()
        self._allowance = _ALLOWANCE
        super().__init__(account.host, account.port, account.connect_seconds)
        if account.tls == "starttls":
            try:
                self._upgrade()
            except BaseException:
                with contextlib.suppress(OSError):  # a failed handshake has closed it already
                    self.shutdown()
                raise

    def _create_socket(self, timeout: float | None) -> socket.socket:
        sock = socket.create_connection((self._account.host, self._account.port), timeout)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in _KEEPALIVE:
                if hasattr(socket, option):
                    sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
            self._lifeline.hold(sock)
            if self._context is None:
                _require_own_machine(sock)
            elif self._account.tls == "implicit":
                return self._context.wrap_socket(sock, server_hostname=self._account.host)
        except BaseException:
            sock.close()
            raise
        return sock

    def _upgrade(self) -> None:
        if self.state != "NONAUTH" or "STARTTLS" not in self.capabilities:
            raise PlaintextRefusedError
        plain = cast("BufferedReader", self.file)
        try:
            self.starttls(self._context)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise PlaintextRefusedError from None
        # What came in the clear behind the server's OK was not written by the server we verified
        # (the STARTTLS injections of 2011 and 2021): nothing of it may count.
        with contextlib.suppress(OSError, ValueError):
            if plain.peek(1):
                raise PlaintextRefusedError
        self.untagged_responses.clear()

    def begin(self) -> None:
        """Before each command: notice a BYE, forget unasked-for answers, renew the allowance."""
        if "BYE" in self.untagged_responses:
            raise self.abort("BYE")
        self.untagged_responses.clear()
        self._allowance = _ALLOWANCE

    def read(self, size: int) -> bytes:
        """A literal. Its size is the server's word: imaplib alone would allocate any amount."""
        self._spend(size)
        return super().read(size)

    def readline(self) -> bytes:
        """A line, of up to 2 million UIDs; imaplib's own limit is a tenth of it."""
        line = cast("BufferedReader", self.file).readline(_LONGEST_LINE)
        self._spend(len(line))
        return line

    def _spend(self, size: int) -> None:
        self._allowance -= size
        if self._allowance < 0:
            raise self.abort("answer too large")

    def peek(self) -> bytes | None:
        """What has arrived, without taking it or waiting; None or empty when nothing has.

        The reader's own buffer and TLS's are looked at too, which polling the socket is blind to:
        a server's `* 1 EXISTS` in one segment with its `+ idling` lies there.
        """
        seconds = self.sock.gettimeout()
        self.sock.settimeout(0)
        try:
            return cast("BufferedReader", self.file).peek(1)
        except ssl.SSLWantReadError:
            return None
        finally:
            self.sock.settimeout(seconds)


def _require_own_machine(sock: socket.socket) -> None:
    if not ipaddress.ip_address(sock.getpeername()[0]).is_loopback:
        raise PlaintextRefusedError
