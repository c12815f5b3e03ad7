"""Free loopback ports that no other test session is given."""

from __future__ import annotations

import contextlib
import secrets
import socket

# Below the kernel's own range, whence any outgoing connection may take a number that bind(0) gave.
_FIRST, _LAST = 20000, 32000


def free_port() -> int:
    """A port that is free now, and this process's own until it ends."""
    for _ in range(1000):
        port = _FIRST + secrets.randbelow(_LAST - _FIRST)
        if _claimed(port) and _free(port):
            return port
    raise RuntimeError(f"no free port between {_FIRST} and {_LAST}")


def _claimed(port: int) -> bool:
    """An abstract Unix socket named by the port: taken by one process only, freed when it ends."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0referral-intake-tests-port-{port}")
    except OSError:
        claim.close()
        return False
    claim.detach()  # stays open as long as the process
    return True


def _free(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False
