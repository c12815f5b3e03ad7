"""The library's connection to a mail server, and what we must know of it between commands."""

from __future__ import annotations

import asyncio
import select

import aiosmtplib


class SmtpClient(aiosmtplib.SMTP):
    """Closes without waiting: the library's own close leaves a TLS connection open until the server
    has answered the closing handshake, for up to 30 s and only while the loop runs.
    """

    def close(self) -> None:
        """Let go of the connection at once."""
        transport = self.transport
        super().close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    @property
    def is_in_step(self) -> bool:
        """False when the server has said more than it was asked: the library would take the rest
        for the answer to the next command.
        """
        return self.protocol is not None and not self.protocol._buffer  # noqa: SLF001 - no other way

    @property
    def has_heard(self) -> bool:
        """Whether something came in (a farewell, a hang-up) that the loop has not read yet."""
        if not self.is_connected:
            return True
        incoming = select.poll()
        incoming.register(self.get_transport_info("socket"), select.POLLIN)
        return bool(incoming.poll(0))
