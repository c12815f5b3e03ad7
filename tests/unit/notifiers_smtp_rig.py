"""What the tests of the SMTP channel share: a server, and notifiers that talk to it."""

from __future__ import annotations

import base64
import ssl
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from notifiers.base import DeliveryError, Notification, Scope
from notifiers.smtp import SmtpNotifier
from notifiers.smtp_settings import Timeouts
from tests.unit.notifiers_smtp_server import ScriptedSmtp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BODY = b"Subject: A\r\n\r\nHello\r\n"
PASSWORD = "canary-password"
PLAIN = base64.b64encode(b"\0canary-user\0canary-password")
LANE, OWN = Scope.LANE, Scope.RECIPIENT
QUICK = Timeouts(connect=5, command=5, envelope=10, data=5, reused=5, quit=0.2)


def a_notification(**changes: Any) -> Notification:
    usual = {"id": "1", "body": BODY, "sender": "gw@force.test", "recipient": "a.b@canary.test"}
    return Notification(**(usual | changes))


def nothing() -> None:
    pass


class Never:
    def __call__(self) -> None:
        raise AssertionError("before_data was called")


class Tower:
    """Makes notifiers for a server, and closes them in the end."""

    def __init__(self, ca_file: Path, certified: ssl.SSLContext, stranger: ssl.SSLContext) -> None:
        self.ca_file = ca_file
        self.certified = certified
        self.stranger = stranger
        self.made: list[SmtpNotifier] = []

    def to(self, server: ScriptedSmtp, *, login: bool = False, **changes: Any) -> SmtpNotifier:
        settings: dict[str, Any] = {
            "host": "127.0.0.1" if server._tls == "none" else "localhost",
            "port": server.port,
            "tls": server._tls,
            "ca_file": self.ca_file,
            "helo": "gateway.test",
            "timeouts": QUICK,
        }
        if login:
            settings |= {"username": "canary-user", "password": lambda: PASSWORD}
        self.made.append(SmtpNotifier(**(settings | changes)))
        return self.made[-1]


@pytest.fixture(scope="session")
def certificates(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, ssl.SSLContext, ssl.SSLContext]:
    ca = trustme.CA()
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(path)
    contexts = []
    for authority in (ca, trustme.CA()):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        contexts.append(context)
    return path, contexts[0], contexts[1]


@pytest.fixture
def tower(certificates: tuple[Path, ssl.SSLContext, ssl.SSLContext]) -> Iterator[Tower]:
    tower = Tower(*certificates)
    yield tower
    for notifier in tower.made:
        notifier.close()


@pytest.fixture
def server() -> Iterator[ScriptedSmtp]:
    with ScriptedSmtp() as server:
        yield server


def failure(
    notifier: SmtpNotifier,
    notification: Notification | None = None,
    before_data: Callable[[], None] = nothing,
) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        notifier.send(notification or a_notification(), before_data)
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert "canary" not in f"{caught.value!r} {caught.value.args} {notifier!r}"
    return caught.value


def told(error: DeliveryError) -> tuple[str, bool, Scope]:
    return error.code, error.permanent, error.scope
