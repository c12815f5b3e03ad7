"""E-mail, handed over to one submission server."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any, TypeVar

import aiosmtplib

from notifiers.base import Accepted, DeliveryError, OutcomeUnknownError, Scope
from notifiers.failures import failure_word, lane_error
from notifiers.private_loop import PrivateLoop, turns
from notifiers.smtp_client import SmtpClient
from notifiers.smtp_envelope import refuse_malformed
from notifiers.smtp_replies import SESSION_LOST, Phase, is_refusal, presentable, refusal
from notifiers.smtp_settings import Reuse, Timeouts
from notifiers.tls import is_loopback, verifying_context

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from notifiers.base import Notification
    from notifiers.smtp_settings import Tls

T = TypeVar("T")


class SmtpNotifier:
    """Sends over one connection, kept for the next notification; one thread at a time.

    The connection is encrypted and verified, by implicit TLS or by a STARTTLS that must succeed.
    `tls="none"` is for a server on this machine only. Credentials never leave otherwise. With
    `ca_file` only its authorities are believed. `password` is asked at each log-in and not kept.
    Between sends nothing runs here: an idle connection is let go at the next send or by `close`,
    which must be called in the end. Not to be called from within a running event loop.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        tls: Tls,
        ca_file: Path | None = None,
        username: str | None = None,
        password: Callable[[], str] | None = None,
        helo: str | None = None,
        timeouts: Timeouts | None = None,
        reuse: Reuse | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`helo`: the name we give ourselves; None for this machine's. ValueError when the settings
        contradict each other. Nothing is connected or read yet.
        """
        if tls == "none" and not is_loopback(host):
            raise ValueError("without TLS the mail server must be on this machine (loopback)")
        if (username is None) != (password is None):
            raise ValueError("a user name and a password belong together")
        if helo is not None and not (
            helo.isascii() and helo.isprintable() and len(helo.split()) == 1
        ):
            raise ValueError("the name for EHLO must be one word of ASCII")
        self._host = host
        self._port = port
        self._tls = tls
        self._ca_file = ca_file
        self._username = username
        self._password = password
        self._helo = helo
        self._timeouts = timeouts or Timeouts()
        self._reuse = reuse or Reuse()
        self._clock = clock
        self._loop = PrivateLoop()
        self._client: SmtpClient | None = None
        self._phase = Phase.SESSION
        self._used = 0
        self._last_used = 0.0
        self._envelope_open = False
        """Whether the server may still hold a sender of ours, as after a refused recipient."""

    def __repr__(self) -> str:
        return f"SmtpNotifier({self._host}:{self._port}, tls={self._tls})"

    def send(self, notification: Notification, before_data: Callable[[], None]) -> Accepted:
        """Try once (contract of `Notifier.send`). After `before_data`, whatever isn't a definite
        answer is an OutcomeUnknownError, even where nothing may have been written yet.
        """
        refuse_malformed(notification)
        outcome = self._run(self._try(notification, before_data))
        if isinstance(outcome, Accepted):
            return outcome
        raise outcome

    def check(self) -> None:
        """Connect afresh, verify, log in and say goodbye; DeliveryError when it fails."""
        self.close()
        try:
            self._attempt(self._connect())
        finally:
            self.close()

    def close(self) -> None:
        """Say goodbye, for at most `timeouts.quit` seconds, and let go of everything."""
        try:
            if self._client is not None:
                self._run(self._quit())
        finally:
            self._loop.close()

    def _attempt(self, step: Coroutine[Any, Any, object]) -> None:
        """Raised from here, outside every `except`: the library's exceptions carry addresses, and
        must not follow ours as their context.
        """
        error = self._run(self._explained(step))
        if error is not None:
            raise error

    def _run(self, step: Coroutine[Any, Any, T]) -> T:
        try:
            return self._loop.run(step)
        except BaseException:  # an interrupt, amid a command whose answer is still to come
            self._loop.run(self._drop())
            raise

    async def _try(
        self, notification: Notification, before_data: Callable[[], None]
    ) -> Accepted | DeliveryError | OutcomeUnknownError:
        """The outcome is returned, not raised, for the reason given at `_attempt`. `before_data`
        may block: nothing else runs on this loop, and no time-out is running.
        """
        error = await self._explained(self._open_envelope(notification))
        if error is not None:
            return error
        try:
            before_data()
        except BaseException:
            await self._drop()
            raise
        return await self._hand_over(notification.body)

    async def _explained(self, step: Coroutine[Any, Any, object]) -> DeliveryError | None:
        """What a step before DATA failed of. A no to the recipient does the connection no harm."""
        try:
            async with asyncio.timeout(self._timeouts.envelope):
                await step
        except Exception as exc:  # noqa: BLE001 - the contract knows no other errors
            error = _explain(exc, self._phase)
            answered = isinstance(exc, aiosmtplib.SMTPResponseException) and is_refusal(exc.code)
        else:
            return None
        self._last_used = self._clock()
        if not answered or error.scope is Scope.LANE:
            await self._drop()
        return error

    async def _open_envelope(self, notification: Notification) -> None:
        client = await self._begin_on_kept_connection(notification.sender)
        if client is None:
            client = await self._connect()
            self._phase = Phase.SENDER
            async with asyncio.timeout(self._timeouts.command):
                await client.mail(notification.sender, timeout=None)
        self._used += 1
        self._envelope_open = True
        self._phase = Phase.RECIPIENT
        # Our own time-out: the library's makes a task of each wait, and the loop turn once more.
        async with asyncio.timeout(self._timeouts.command):
            await client.rcpt(notification.recipient, timeout=None)
        if not client.is_in_step:
            raise lane_error("protocol-error")

    async def _begin_on_kept_connection(self, sender: str) -> SmtpClient | None:
        """MAIL on the connection of the last send. None when there is none that is any good; a
        stale one costs nothing, since nothing was asked of it yet.
        """
        client = self._client
        if client is None:
            return None
        if self._used >= self._reuse.messages or self._clock() - self._last_used > self._reuse.idle:
            await self._quit()
            return None
        self._phase = Phase.SENDER
        try:
            async with asyncio.timeout(self._timeouts.reused):
                # The loop stood still: what came in since (a 421, a hang-up) answers no command.
                if client.has_heard:
                    await turns()
                if self._envelope_open:
                    await client.rset(timeout=None)
                await client.mail(sender, timeout=None)
        except aiosmtplib.SMTPSenderRefused as exc:
            if exc.code not in SESSION_LOST:
                raise
        except (aiosmtplib.SMTPException, OSError):
            pass
        else:
            return client
        await self._drop()
        return None

    async def _connect(self) -> SmtpClient:
        """Connect, encrypt, verify and log in."""
        self._phase = Phase.SESSION
        context = None if self._tls == "none" else verifying_context(self._ca_file)
        self._used, self._last_used, self._envelope_open = 0, self._clock(), False
        self._client = client = SmtpClient(
            hostname=self._host,
            port=self._port,
            use_tls=self._tls == "implicit",
            start_tls=False,  # None, the default, is opportunistic; ours is done below
            tls_context=context,
            local_hostname=self._helo,
            timeout=self._timeouts.command,
        )
        await client.connect(timeout=self._timeouts.connect)
        self._helo = client.local_hostname  # looked up once: it may cost a DNS query
        await client.ehlo()
        if self._tls == "starttls":
            if not client.supports_extension("starttls"):
                raise lane_error("starttls-not-offered")
            await client.starttls(timeout=self._timeouts.connect)
            await client.ehlo()
        self._require_privacy(client)
        if self._username is not None and self._password is not None:
            self._phase = Phase.LOGIN
            await self._login(client, self._username, self._password)
        return client

    def _require_privacy(self, client: SmtpClient) -> None:
        """Nothing of ours, credentials least of all, goes where it could be read on the way."""
        if self._tls != "none":
            if client.get_transport_info("sslcontext") is None:
                raise lane_error("tls-failed")
        elif not is_loopback(client.get_transport_info("peername")[0]):
            raise lane_error("not-loopback")

    async def _login(self, client: SmtpClient, username: str, password: Callable[[], str]) -> None:
        """Once, with one method: the library's own log-in tries a wrong password with each method
        offered, which locks accounts, and prefers CRAM-MD5.
        """
        offered = client.server_auth_methods
        if not {"plain", "login"} & set(offered):
            raise lane_error("login-not-offered")
        try:
            secret = password()
        except Exception:  # noqa: BLE001 - whatever the holder raises may quote the secret
            raise lane_error("password-unreadable") from None
        if "plain" in offered:
            await client.auth_plain(username, secret)
        else:
            await client.auth_login(username, secret)

    async def _hand_over(self, body: bytes) -> Accepted | DeliveryError | OutcomeUnknownError:
        """DATA. What is not accepted is returned too, see `_try`."""
        self._phase = Phase.CONTENT
        outcome: Accepted | DeliveryError | OutcomeUnknownError
        outcome = OutcomeUnknownError("outcome-unknown")
        client = self._client
        if client is None:
            return outcome
        try:
            async with asyncio.timeout(self._timeouts.data):
                reply = await client.data(body, timeout=None)
            outcome = Accepted(reply=presentable(f"{reply.code} {reply.message}"))
            self._envelope_open = False
        except aiosmtplib.SMTPDataError as exc:
            if is_refusal(exc.code):
                outcome = refusal(self._phase, exc.code, exc.message)
        except Exception:  # noqa: BLE001, S110 - whatever it was, it was no answer
            pass
        self._last_used = self._clock()
        lane = isinstance(outcome, DeliveryError) and outcome.scope is Scope.LANE
        if lane or isinstance(outcome, OutcomeUnknownError) or not client.is_in_step:
            await self._drop()
        return outcome

    async def _quit(self) -> None:
        if self._client is not None and self._client.is_connected:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                async with asyncio.timeout(self._timeouts.quit):
                    await self._client.quit()
        await self._drop()

    async def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()
        await turns()


def _explain(exc: Exception, phase: Phase) -> DeliveryError:
    """A new error, which knows nothing of `exc` but its kind."""
    if isinstance(exc, DeliveryError):
        return DeliveryError(exc.code, permanent=exc.permanent, scope=exc.scope)
    if isinstance(exc, aiosmtplib.SMTPResponseException):
        return refusal(phase, exc.code, exc.message)
    return DeliveryError(failure_word(exc), permanent=False, scope=phase.scope)
