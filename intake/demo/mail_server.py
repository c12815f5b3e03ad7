"""A mail server of its own process, on loopback, that keeps what it is sent in files."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aiosmtpd.smtp import SMTP

if TYPE_CHECKING:
    from aiosmtpd.smtp import Envelope, Session


class Keeper:
    """Accepts everything, and says so only when it is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one message."""
        self._count += 1
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        unfinished = self._folder / f"{self._count:03}.part"
        unfinished.write_bytes(raw)
        unfinished.rename(self._folder / f"{self._count:03}.eml")
        return "250 2.0.0 kept"


async def serve(folder: Path) -> None:
    """Serve until standard input is closed; the port is the first line printed."""
    loop = asyncio.get_running_loop()
    keeper = Keeper(folder)
    server = await loop.create_server(
        lambda: SMTP(keeper, hostname="localhost", enable_SMTPUTF8=False), "127.0.0.1", 0
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.buffer.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
