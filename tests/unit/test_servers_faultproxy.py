"""What is true of the proxy that spoils a line."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import FaultProxyFactory
    from tests.servers.faultproxy import Ending, FaultProxy


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that says back what it hears."""

    def answer(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            while heard := connection.recv(65536):
                connection.sendall(heard)

    def listen() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=answer, args=[listener.accept()[0]], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=listen, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def connect(proxy: FaultProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=5)


def said_back(line: socket.socket, data: bytes) -> bytes:
    line.sendall(data)
    return line.recv(1000)


def test_a_good_line_forwards_and_a_slow_one_does_so_late(
    fault_proxy: FaultProxyFactory, echo: int
) -> None:
    proxy = fault_proxy(echo)
    with connect(proxy) as line:
        assert said_back(line, b"hello") == b"hello"
        proxy.latency = 0.1
        began = time.monotonic()
        assert said_back(line, b"hello") == b"hello"
        assert time.monotonic() - began >= 0.2  # there and back


@pytest.mark.parametrize("ending", ["fin", "rst"])
def test_a_line_is_cut_after_so_many_bytes(
    fault_proxy: FaultProxyFactory, echo: int, ending: Ending
) -> None:
    proxy = fault_proxy(echo)
    proxy.ending = ending
    proxy.cut_to_client_after = 8
    with connect(proxy) as line:
        assert said_back(line, b"hello") == b"hello"
        line.sendall(b"world")
        if ending == "fin":
            assert line.recv(1000) == b"wor"
            assert line.recv(1000) == b""
        else:
            with pytest.raises(ConnectionResetError):
                list(iter(lambda: line.recv(1000), b""))


def test_all_lines_are_reset_at_once(fault_proxy: FaultProxyFactory, echo: int) -> None:
    proxy = fault_proxy(echo)
    with connect(proxy) as first, connect(proxy) as second:
        for line in (first, second):
            said_back(line, b"hello")
        proxy.cut("rst")
        for line in (first, second):
            with pytest.raises(ConnectionResetError):
                line.recv(1000)
    with connect(proxy) as third:
        assert said_back(third, b"hello") == b"hello"


def test_a_black_hole_takes_everything_and_says_nothing(
    fault_proxy: FaultProxyFactory, echo: int
) -> None:
    proxy = fault_proxy(echo)
    with connect(proxy) as old:
        said_back(old, b"hello")
        proxy.black_hole = True
        with connect(proxy) as new:
            for line in (old, new):
                line.settimeout(0.1)
                with pytest.raises(TimeoutError):
                    said_back(line, b"hello")
            proxy.black_hole = False
            new.settimeout(5)
            assert new.recv(1000) == b"hello"


def test_a_line_falls_silent_midway(fault_proxy: FaultProxyFactory, echo: int) -> None:
    proxy = fault_proxy(echo)
    proxy.black_hole_after = 8
    with connect(proxy) as line:
        assert said_back(line, b"hello") == b"hello"
        assert said_back(line, b"world") == b"wor"
        line.settimeout(0.1)
        with pytest.raises(TimeoutError):
            line.recv(1000)


def test_a_refusing_proxy_keeps_open_lines(fault_proxy: FaultProxyFactory, echo: int) -> None:
    proxy = fault_proxy(echo)
    with connect(proxy) as line:
        said_back(line, b"hello")
        proxy.refuse()
        with pytest.raises(ConnectionRefusedError):
            connect(proxy)
        assert said_back(line, b"hello") == b"hello"
    proxy.accept()
    with connect(proxy) as line:
        assert said_back(line, b"hello") == b"hello"
