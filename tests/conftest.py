"""The fixtures that start real servers, each once a session and only when a test asks for it."""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.acceptance.gateway import Gateway
from tests.servers import mail_loop as loops
from tests.servers.certificates import Certificates, issue
from tests.servers.dovecot import Dovecot
from tests.servers.faultproxy import FaultProxy
from tests.servers.mail_loop import MailLoop
from tests.servers.postgresql import PostgreSQL
from tests.servers.process import Premises, ServerMissingError, namespace
from tests.servers.smtpd import ScriptedSmtp, Tls

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def pytest_report_header() -> list[str]:
    """What the real servers are on this machine, where machines differ."""
    ending = "in namespaces of their own" if namespace() else "in process groups of their own"
    return [f"mail loop: {loops.kind()} before Dovecot; servers run {ending}"]


@contextlib.contextmanager
def _needing_packages() -> Iterator[None]:
    """A missing program fails the test, in one sentence: to skip would be to promise too much."""
    try:
        yield
    except ServerMissingError as error:
        pytest.fail(str(error), pytrace=False)


# Once a session


@pytest.fixture(scope="session")
def premises() -> Iterator[Premises]:
    """The folder in which all servers of the session live."""
    made = Premises()
    yield made
    made.close()


@pytest.fixture(scope="session")
def certificates(premises: Premises) -> Certificates:
    """The session's authority, a wrong one, and the servers' certificates."""
    return issue(premises.path / "certificates")


@pytest.fixture(scope="session")
def session_dovecot(premises: Premises, certificates: Certificates) -> Iterator[Dovecot]:
    """Not for tests: they ask for `dovecot`."""
    with _needing_packages():
        server = Dovecot(premises, certificates).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def session_mail_loop(premises: Premises, session_dovecot: Dovecot) -> Iterator[MailLoop]:
    """Not for tests: they ask for `mail_loop`."""
    with _needing_packages():
        loop = MailLoop(premises, session_dovecot).start()
    yield loop
    loop.stop()


@pytest.fixture(scope="session")
def session_postgresql(premises: Premises) -> Iterator[PostgreSQL]:
    """Not for tests: they ask for `postgresql` or `postgres_url`."""
    with _needing_packages():
        server = PostgreSQL(premises).start()
    yield server
    server.stop()


# Once a test


@pytest.fixture
def dovecot(session_dovecot: Dovecot) -> Dovecot:
    """A real Dovecot that runs, whatever the test before did to it."""
    if not session_dovecot.running:
        session_dovecot.stop()
        session_dovecot.start()
    return session_dovecot


@pytest.fixture
def mail_loop(session_mail_loop: MailLoop, dovecot: Dovecot) -> MailLoop:
    """A real Postfix that delivers into `dovecot` (its stand-in where pytest is not root)."""
    assert session_mail_loop.dovecot is dovecot
    if not session_mail_loop.running:
        session_mail_loop.stop()
        session_mail_loop.start()
    return session_mail_loop


@pytest.fixture
def mailbox_user() -> str:
    """The address, and so the Dovecot user, of a gateway mailbox that only this test knows."""
    return f"gateway-{secrets.token_hex(6)}@example.police.uk"


@pytest.fixture
def gateway(tmp_path: Path, mail_loop: MailLoop, mailbox_user: str) -> Gateway:
    """A gateway with an empty mailbox and no worker."""
    return Gateway(tmp_path, mail_loop, mailbox_user)


@pytest.fixture
def referrer() -> str:
    """The address of somebody whom only this test knows."""
    return f"sam-{secrets.token_hex(6)}@club.example.org"


@pytest.fixture
def postgresql(session_postgresql: PostgreSQL) -> PostgreSQL:
    """A real PostgreSQL that runs, whatever the test before did to it."""
    if not session_postgresql.running:
        session_postgresql.stop()
        session_postgresql.start()
    return session_postgresql


@pytest.fixture
def postgres_url(postgresql: PostgreSQL) -> str:
    """The SQLAlchemy URL of an empty schema that only this test knows."""
    return postgresql.new_schema()


class ScriptedSmtpFactory(Protocol):
    """Starts a scripted SMTP server that lasts as long as the test."""

    def __call__(
        self,
        *,
        tls: Tls = "none",
        users: Mapping[str, str] | None = None,
        context: ssl.SSLContext | None = None,
    ) -> ScriptedSmtp:
        """`context` is the server's side; without it, the session's right certificate."""


@pytest.fixture
def scripted_smtp(certificates: Certificates) -> Iterator[ScriptedSmtpFactory]:
    """SMTP servers that misbehave on cue."""
    with contextlib.ExitStack() as stack:

        def make(
            *,
            tls: Tls = "none",
            users: Mapping[str, str] | None = None,
            context: ssl.SSLContext | None = None,
        ) -> ScriptedSmtp:
            server = ScriptedSmtp(
                tls=tls, users=users, context=context or certificates.server_context()
            )
            return stack.enter_context(server)

        yield make


class FaultProxyFactory(Protocol):
    """Puts a proxy before a port of 127.0.0.1, for as long as the test lasts."""

    def __call__(self, target_port: int) -> FaultProxy:
        """Where its `port` leads to."""


@pytest.fixture
def fault_proxy() -> Iterator[FaultProxyFactory]:
    """Lines that can be made slow, cut, reset or silent."""
    with contextlib.ExitStack() as stack:
        yield lambda target_port: stack.enter_context(FaultProxy(target_port))
