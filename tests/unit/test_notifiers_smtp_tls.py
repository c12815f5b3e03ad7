"""Credentials and content go to the right server, encrypted, or nowhere."""

# ruff: noqa: F811, F401 - fixtures are imported, and taken by their names
from __future__ import annotations

import base64
import contextlib
import ssl
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from notifiers.base import DeliveryError
from notifiers.smtp import SmtpNotifier
from notifiers.smtp_client import SmtpClient
from notifiers.tls import verifying_context
from tests.unit.notifiers_smtp_rig import (
    BODY,
    LANE,
    PASSWORD,
    PLAIN,
    Never,
    Tower,
    a_notification,
    certificates,
    failure,
    nothing,
    server,
    told,
    tower,
)
from tests.unit.notifiers_smtp_server import ScriptedSmtp

if TYPE_CHECKING:
    from pathlib import Path

    from notifiers.smtp_settings import Tls


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_credentials_and_content_go_out_encrypted(tower: Tower, tls: Any) -> None:
    with ScriptedSmtp(tls, tower.certified) as server:
        tower.to(server, login=True).send(a_notification(), nothing)
        assert PLAIN in server.heard
        assert server.received == [BODY]
        assert server.in_clear in {b"", b"EHLO gateway.test\r\nSTARTTLS\r\n"}


def test_without_starttls_nothing_is_sent(tower: Tower) -> None:
    with ScriptedSmtp("starttls", tower.certified) as server:
        server.strips_starttls = True
        error = failure(tower.to(server, login=True), before_data=Never())
        assert told(error) == ("starttls-not-offered", False, LANE)
        assert server.heard == b"EHLO gateway.test\r\n"


def test_a_refused_starttls_is_not_replaced_by_clear_text(tower: Tower) -> None:
    with ScriptedSmtp("starttls", tower.certified) as server:
        server.on("STARTTLS", "454 4.7.0 not now")
        assert told(failure(tower.to(server, login=True))) == ("454 4.7.0", False, LANE)
        assert b"AUTH" not in server.heard


def test_what_is_injected_behind_starttls_is_not_believed(tower: Tower) -> None:
    with ScriptedSmtp("starttls", tower.certified, offers=("AUTH PLAIN",)) as server:
        server.on("STARTTLS", "220 go\r\n250-smtp.test\r\n250 AUTH LOGIN")
        notifier = tower.to(server, login=True)
        with contextlib.suppress(DeliveryError):
            notifier.send(a_notification(), nothing)
        assert b"AUTH" not in server.in_clear
        assert b"AUTH LOGIN" not in server.heard


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("wrong", ["authority", "name", "system"])
def test_an_unverified_server_hears_nothing(tower: Tower, tls: Any, wrong: str) -> None:
    with ScriptedSmtp(tls, tower.stranger if wrong == "authority" else tower.certified) as server:
        settings: dict[str, dict[str, Any]] = {
            "authority": {},
            "name": {"host": "127.0.0.1"},  # its certificate says localhost
            "system": {"ca_file": None},
        }
        notifier = tower.to(server, login=True, **settings[wrong])
        assert told(failure(notifier, before_data=Never())) == ("tls-not-verified", False, LANE)
        assert b"AUTH" not in server.heard
        assert b"MAIL" not in server.heard


@pytest.mark.parametrize(
    ("tls", "told_of_transport", "code"),
    [
        ("starttls", {"sslcontext": None}, "tls-failed"),
        ("implicit", {"sslcontext": None}, "tls-failed"),
        ("none", {"peername": ("192.0.2.1", 25)}, "not-loopback"),
    ],
)
def test_privacy_is_checked_on_the_connection_itself(
    tls: Tls, told_of_transport: dict[str, object], code: str
) -> None:
    class Client(SmtpClient):
        def get_transport_info(self, key: str) -> object:
            return told_of_transport[key]

    notifier = SmtpNotifier(host="localhost", port=25, tls=tls)
    with pytest.raises(DeliveryError, match=code):
        notifier._require_privacy(Client())


def test_every_context_verifies_and_is_modern(tower: Tower) -> None:
    for context in (verifying_context(None), verifying_context(tower.ca_file)):
        assert context.check_hostname
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_old_tls_is_refused(tower: Tower) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSVersion"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSVersion"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    trustme.CA().issue_cert("localhost").configure_cert(context)
    with ScriptedSmtp("implicit", context) as server:
        error = failure(tower.to(server, login=True))
        assert error.code in {"tls-failed", "unreachable"}
        assert server.heard == b""


def test_an_implicit_tls_port_that_speaks_in_clear_is_refused(
    tower: Tower, server: ScriptedSmtp
) -> None:
    notifier = tower.to(server, tls="implicit", host="localhost", login=True)
    assert told(failure(notifier)) == ("tls-failed", False, LANE)


def test_an_unreadable_ca_file_stops_the_lane(tower: Tower, tmp_path: Path) -> None:
    with ScriptedSmtp("implicit", tower.certified) as server:
        for path in (tmp_path / "missing.pem", tmp_path / "empty.pem"):
            if path.stem == "empty":
                path.write_text("nothing")
            notifier = tower.to(server, ca_file=path)
            assert told(failure(notifier)) == ("ca-file-unreadable", False, LANE)


@pytest.mark.parametrize("host", ["smtp.example.org", "10.0.0.1", "128.0.0.1", "localhost.evil"])
def test_without_tls_only_this_machine_will_do(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        SmtpNotifier(host=host, port=25, tls="none")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10", "::1"])
def test_without_tls_this_machine_will_do(host: str) -> None:
    SmtpNotifier(host=host, port=25, tls="none")


@pytest.mark.parametrize("changes", [{"username": "u"}, {"password": lambda: "p"}, {"helo": "a b"}])
def test_contradictory_settings_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"belong together|one word"):
        SmtpNotifier(host="localhost", port=25, tls="none", **changes)


def test_a_wrong_password_is_tried_once(tower: Tower, server: ScriptedSmtp) -> None:
    server.on("AUTH", "535 5.7.8 no")
    failure(tower.to(server, login=True))
    assert server.verbs.count("AUTH") == 1
    assert b"AUTH PLAIN" in server.heard


def test_login_is_used_where_plain_is_not_offered(tower: Tower) -> None:
    with ScriptedSmtp(offers=("AUTH LOGIN XOAUTH2",)) as server:
        tower.to(server, login=True).send(a_notification(), nothing)
        assert base64.b64encode(PASSWORD.encode()) in server.heard
        assert server.received == [BODY]


@pytest.mark.parametrize("offers", [(), ("AUTH CRAM-MD5",)])
def test_nothing_is_sent_when_no_login_is_possible(tower: Tower, offers: tuple[str, ...]) -> None:
    with ScriptedSmtp(offers=offers) as server:
        error = failure(tower.to(server, login=True), before_data=Never())
        assert told(error) == ("login-not-offered", False, LANE)
        assert server.heard == b"EHLO gateway.test\r\n"


def test_an_unreadable_password_stops_the_lane(tower: Tower, server: ScriptedSmtp) -> None:
    def unreadable() -> str:
        raise OSError("canary: /secrets/canary")

    notifier = tower.to(server, username="u", password=unreadable)
    assert told(failure(notifier)) == ("password-unreadable", False, LANE)


def test_the_password_is_asked_anew_at_each_log_in(tower: Tower, server: ScriptedSmtp) -> None:
    passwords = iter(["old", "new"])
    server.on("AUTH", "535 5.7.8 no")
    notifier = tower.to(server, username="u", password=lambda: next(passwords))
    failure(notifier)
    notifier.send(a_notification(), nothing)
    assert base64.b64encode(b"\0u\0new") in server.heard
