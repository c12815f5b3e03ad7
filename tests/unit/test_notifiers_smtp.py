"""What the SMTP channel makes of each thing a server may say, or not say."""

from __future__ import annotations

import base64
import signal
import socket
import ssl
import time
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from notifiers.base import Accepted, DeliveryError, Notification, OutcomeUnknownError, Scope
from notifiers.smtp import SmtpNotifier
from notifiers.smtp_settings import Reuse, Timeouts
from tests.unit.notifiers_smtp_server import DROP, HANG, TRICKLE, ScriptedSmtp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BODY = b"Subject: A\r\n\r\nHello\r\n"
PASSWORD = "canary-password"
PLAIN = base64.b64encode(b"\0canary-user\0canary-password")
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


# --- what the answers mean (mail.md 2.3) -----------------------------------------------------------

LANE, OWN = Scope.LANE, Scope.RECIPIENT


@pytest.mark.parametrize(
    ("verb", "answer", "code", "permanent", "scope"),
    [
        ("CONNECT", "421 4.3.2 canary going down", "421 4.3.2", False, LANE),
        ("CONNECT", "554 5.7.1 canary blocked", "554 5.7.1", False, LANE),
        ("CONNECT", DROP, "unreachable", False, LANE),
        ("CONNECT", "hello canary", "protocol-error", False, LANE),
        ("EHLO", "451 4.3.0 canary", "451 4.3.0", False, LANE),
        ("EHLO", "502 canary", "502", False, LANE),
        ("EHLO", DROP, "unreachable", False, LANE),
        ("AUTH", "535 5.7.139 canary", "login-refused 535 5.7.139", True, LANE),
        ("AUTH", "535 canary", "login-refused 535", True, LANE),
        ("AUTH", "530 5.7.57 canary", "login-refused 530 5.7.57", True, LANE),
        ("AUTH", "454 4.7.0 canary", "login-refused 454 4.7.0", False, LANE),
        ("AUTH", DROP, "unreachable", False, LANE),
        ("MAIL", "550 5.7.60 canary", "sender-refused 550 5.7.60", True, LANE),
        ("MAIL", "550 5.2.251 canary", "sender-refused 550 5.2.251", True, LANE),
        ("MAIL", "554 5.2.2 canary", "sender-refused 554 5.2.2", True, LANE),
        ("MAIL", "432 4.3.2 canary", "sender-refused 432 4.3.2", False, LANE),
        ("MAIL", "451 canary", "sender-refused 451", False, LANE),
        ("MAIL", "421 4.7.0 canary", "421 4.7.0", False, LANE),
        ("MAIL", DROP, "unreachable", False, LANE),
        ("RCPT", "550 5.1.1 <a.b@canary.test>", "550 5.1.1", True, OWN),
        ("RCPT", "550 5.1.10 canary", "550 5.1.10", True, OWN),
        ("RCPT", "553 canary", "553", True, OWN),
        ("RCPT", "556 5.1.10 canary", "556 5.1.10", True, OWN),
        ("RCPT", "550 5.7.1 canary", "550 5.7.1", True, OWN),
        ("RCPT", "450 4.2.1 canary", "450 4.2.1", False, OWN),
        ("RCPT", "452 4.2.2 canary", "452 4.2.2", False, OWN),
        ("RCPT", "550 4.7.1 canary", "550 4.7.1", False, OWN),
        ("RCPT", "450 5.1.1 canary", "450 5.1.1", True, OWN),
        ("RCPT", "421 4.7.0 canary", "421 4.7.0", False, LANE),
        ("RCPT", "432 4.3.2 canary", "432 4.3.2", False, LANE),
        ("RCPT", "530 5.7.57 canary", "530 5.7.57", True, LANE),
        ("RCPT", DROP, "unreachable", False, OWN),
        ("DATA", "451 4.3.0 canary", "451 4.3.0", False, OWN),
        ("DATA", "554 5.5.1 canary", "554 5.5.1", True, OWN),
        ("DATA", "421 4.3.2 canary", "421 4.3.2", False, LANE),
        ("DOT", "451 4.7.1 canary", "451 4.7.1", False, OWN),
        ("DOT", "452 canary", "452", False, OWN),
        ("DOT", "552 5.3.4 canary", "552 5.3.4", True, OWN),
        ("DOT", "554 5.6.0 canary", "554 5.6.0", True, OWN),
        ("DOT", "554 5.2.252 SendAsDenied canary", "554 5.2.252", True, LANE),
        ("DOT", "432 4.3.2 canary", "432 4.3.2", False, LANE),
        ("DOT", "451 4.3.2 canary", "451 4.3.2", False, LANE),
        ("DOT", "421 4.3.0 canary", "421 4.3.0", False, LANE),
    ],
)
def test_each_refusal_is_told_by_code_permanence_and_scope(
    tower: Tower,
    server: ScriptedSmtp,
    verb: str,
    answer: str,
    code: str,
    permanent: bool,  # noqa: FBT001
    scope: Scope,
) -> None:
    server.on(verb, answer)
    after = verb in {"DATA", "DOT"}
    notifier = tower.to(server, login=True)
    error = failure(notifier, before_data=nothing if after else Never())
    assert told(error) == (code, permanent, scope)
    assert isinstance(notifier.send(a_notification(), nothing), Accepted)


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("DATA", DROP),
        ("DATA", "gibberish"),
        ("DATA", "250 ok"),
        ("DOT", DROP),
        ("DOT", "gibberish"),
        ("DOT", "354 go on"),
        ("DOT", "250-" + "x" * 40_000),
    ],
)
def test_without_a_definite_answer_to_the_data_the_outcome_is_unknown(
    tower: Tower, server: ScriptedSmtp, verb: str, answer: str
) -> None:
    server.on(verb, answer)
    notifier = tower.to(server)
    with pytest.raises(OutcomeUnknownError) as caught:
        notifier.send(a_notification(), nothing)
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert str(caught.value) == "outcome-unknown"
    notifier.send(a_notification(), nothing)
    assert server.connections == 2


@pytest.mark.parametrize("silence", [HANG, TRICKLE])
@pytest.mark.parametrize("verb", ["DATA", "DOT"])
def test_silence_after_the_data_ends_in_an_unknown_outcome(
    tower: Tower, server: ScriptedSmtp, verb: str, silence: str
) -> None:
    server.on(verb, silence)
    notifier = tower.to(server, timeouts=Timeouts(data=0.3))
    with pytest.raises(OutcomeUnknownError):
        notifier.send(a_notification(), nothing)


@pytest.mark.parametrize(
    ("verb", "scope"),
    [("CONNECT", LANE), ("EHLO", LANE), ("AUTH", LANE), ("MAIL", LANE), ("RCPT", OWN)],
)
@pytest.mark.parametrize("silence", [HANG, TRICKLE])
def test_silence_before_the_data_is_a_timeout(
    tower: Tower, server: ScriptedSmtp, verb: str, scope: Scope, silence: str
) -> None:
    server.on(verb, silence)
    notifier = tower.to(server, login=True, timeouts=Timeouts(envelope=0.3))
    assert told(failure(notifier, before_data=Never())) == ("timeout", False, scope)


def test_each_step_has_a_timeout_of_its_own(tower: Tower, server: ScriptedSmtp) -> None:
    for verb, timeouts in (("CONNECT", Timeouts(connect=0.2)), ("RCPT", Timeouts(command=0.2))):
        server.on(verb, HANG)
        assert failure(tower.to(server, timeouts=timeouts)).code == "timeout"


def test_no_server_is_unreachable(tower: Tower) -> None:
    with ScriptedSmtp() as server:
        pass
    assert told(failure(tower.to(server))) == ("unreachable", False, LANE)


# --- TLS and credentials ---------------------------------------------------------------------------


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
        try:
            notifier.send(a_notification(), nothing)
        except DeliveryError as error:
            assert error.code == "tls-failed"  # the injected text is no handshake
        assert b"AUTH" not in server.in_clear


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("wrong", ["authority", "name", "system"])
def test_an_unverified_server_hears_nothing(tower: Tower, tls: Any, wrong: str) -> None:
    with ScriptedSmtp(tls, tower.stranger if wrong == "authority" else tower.certified) as server:
        changes = {
            "authority": {},
            "name": {"host": "127.0.0.1"},  # its certificate says localhost
            "system": {"ca_file": None},
        }[wrong]
        notifier = tower.to(server, login=True, **changes)
        assert told(failure(notifier, before_data=Never())) == ("tls-not-verified", False, LANE)
        assert b"AUTH" not in server.heard
        assert b"MAIL" not in server.heard


def test_old_tls_is_refused(tower: Tower) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning):
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
    with pytest.raises(ValueError, match="belong together|one word"):
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


# --- what goes over the wire -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        b"\r\n",
        b".\r\n",
        b"Subject: dots\r\n\r\n.\r\n..\r\n.x\r\nmid.dle\r\n.\r\n\r\n.\r\n",
        b"Subject: long\r\n\r\n" + b"=C3=A9 line\r\n" * 40_000,
        b"Bcc: kept@force.test\r\n\r\n \r\n\t\r\n",
    ],
)
def test_bytes_arrive_exactly(tower: Tower, server: ScriptedSmtp, body: bytes) -> None:
    tower.to(server).send(a_notification(body=body), nothing)
    assert server.received == [body]


def test_lines_that_begin_with_a_dot_are_stuffed_on_the_wire(
    tower: Tower, server: ScriptedSmtp
) -> None:
    tower.to(server).send(a_notification(body=b".a\r\n.\r\n"), nothing)
    assert b"DATA\r\n..a\r\n..\r\n.\r\n" in server.heard


@pytest.mark.parametrize("sender", ["", "gw@force.test"])
def test_the_envelope_has_one_sender_and_one_recipient_and_no_options(
    tower: Tower, server: ScriptedSmtp, sender: str
) -> None:
    recipient = "o'neil+x=y..z_.@sub-1.example"
    tower.to(server).send(a_notification(sender=sender, recipient=recipient), nothing)
    assert f"MAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode() in server.heard


@pytest.mark.parametrize(
    "address",
    [
        "",
        "canary",
        "@canary.test",
        "a@",
        "a@b@canary.test",
        "a b@canary.test",
        "<a@canary.test>",
        "A <a@canary.test>",
        "a@canary.test> NOTIFY=NEVER",
        "a@canary.test\r\nRCPT TO:<x@y.test>",
        "a@canary.test\n",
        "a@canary.test,b@canary.test",
        '"a b"@canary.test',
        "jörg@canary.test",
        "a@cänary.test",
        "a@canary.test\u2028",
        "a" * 65 + "@canary.test",
        "a@" + "b" * 254,
    ],
)
def test_a_malformed_address_is_refused_before_connecting(
    tower: Tower, server: ScriptedSmtp, address: str
) -> None:
    notifier = tower.to(server)
    error = failure(notifier, a_notification(recipient=address), Never())
    assert told(error) == ("bad-address", True, OWN)
    if address:
        error = failure(notifier, a_notification(sender=address), Never())
        assert told(error) == ("bad-sender", True, LANE)
    assert server.connections == 0


@pytest.mark.parametrize("body", [b"", b"a", b"a\n", b"a\rb\r\n", b"\xc3\xa9\r\n", b"\0\r\n"])
def test_a_body_that_would_be_altered_is_refused_before_connecting(
    tower: Tower, server: ScriptedSmtp, body: bytes
) -> None:
    error = failure(tower.to(server), a_notification(body=body), Never())
    assert told(error) == ("bad-body", True, OWN)
    assert server.connections == 0


# --- one connection for many -----------------------------------------------------------------------


def test_a_connection_serves_the_next_notification_too(tower: Tower, server: ScriptedSmtp) -> None:
    notifier = tower.to(server, login=True)
    for _ in range(3):
        notifier.send(a_notification(), nothing)
    assert (server.connections, server.verbs.count("AUTH")) == (1, 1)
    assert server.received == [BODY] * 3


@pytest.mark.parametrize("verb", ["RCPT", "DATA", "DOT"])
def test_after_a_refusal_the_connection_serves_the_next(
    tower: Tower, server: ScriptedSmtp, verb: str
) -> None:
    server.on(verb, "550 5.7.1 no")
    notifier = tower.to(server)
    failure(notifier)
    notifier.send(a_notification(), nothing)
    assert server.connections == 1


def test_a_connection_is_left_after_so_many_messages(tower: Tower, server: ScriptedSmtp) -> None:
    notifier = tower.to(server, reuse=Reuse(messages=2))
    for _ in range(5):
        notifier.send(a_notification(), nothing)
    assert (server.connections, server.verbs.count("QUIT")) == (3, 2)


def test_a_connection_is_left_after_so_long_a_silence(tower: Tower, server: ScriptedSmtp) -> None:
    now = [0.0]
    notifier = tower.to(server, reuse=Reuse(idle=30), clock=lambda: now[0])
    for pause, connections in ((0.0, 1), (29.0, 1), (31.0, 2)):
        now[0] += pause
        notifier.send(a_notification(), nothing)
        assert server.connections == connections


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("RSET", DROP),
        ("RSET", HANG),
        ("RSET", "421 4.4.2 idle"),
        ("RSET", "500 what"),
        ("MAIL", DROP),
        ("MAIL", HANG),
        ("MAIL", "421 4.4.2 idle"),
        ("MAIL", "503 5.5.1 log in"),
    ],
)
def test_a_stale_connection_is_replaced_within_the_same_try(
    tower: Tower, server: ScriptedSmtp, verb: str, answer: str
) -> None:
    notifier = tower.to(server, timeouts=Timeouts(reused=0.2))
    notifier.send(a_notification(), nothing)
    server.on(verb, answer)
    called: list[int] = []
    notifier.send(a_notification(body=b"second\r\n"), lambda: called.append(1))
    assert called == [1]
    assert server.received == [BODY, b"second\r\n"]
    assert server.connections == 2


@pytest.mark.parametrize("tls", ["none", "implicit", "starttls"])
def test_a_connection_the_server_has_left_is_replaced(tower: Tower, tls: Any) -> None:
    with ScriptedSmtp(tls, tower.certified) as server:
        notifier = tower.to(server)
        notifier.send(a_notification(), nothing)
        server.hang_up()
        notifier.send(a_notification(body=b"second\r\n"), nothing)
        assert server.received == [BODY, b"second\r\n"]


def test_a_stale_connection_is_replaced_only_once(tower: Tower, server: ScriptedSmtp) -> None:
    notifier = tower.to(server)
    notifier.send(a_notification(), nothing)
    server.on("MAIL", DROP, DROP)
    assert told(failure(notifier, before_data=Never())) == ("unreachable", False, LANE)
    assert server.connections == 2


def test_a_refused_sender_is_not_mistaken_for_a_stale_connection(
    tower: Tower, server: ScriptedSmtp
) -> None:
    notifier = tower.to(server)
    notifier.send(a_notification(), nothing)
    server.on("MAIL", "550 5.2.251 throttled")
    assert failure(notifier).code == "sender-refused 550 5.2.251"
    assert server.connections == 1


def test_a_farewell_that_came_in_between_is_no_answer(tower: Tower, server: ScriptedSmtp) -> None:
    server.on("DOT", "250 2.0.0 taken\r\n421 4.4.2 bye")
    notifier = tower.to(server)
    assert notifier.send(a_notification(), nothing).reply == "250 2.0.0 taken"
    notifier.send(a_notification(), nothing)
    assert server.connections == 2


def test_a_server_out_of_step_is_not_given_the_data(tower: Tower, server: ScriptedSmtp) -> None:
    server.on("MAIL", "250 ok\r\n250 again")
    server.on("RCPT", "550 5.1.1 no such user")
    error = failure(tower.to(server), before_data=Never())
    assert told(error) == ("protocol-error", False, LANE)


# --- success, and letting go -----------------------------------------------------------------------


def test_the_reply_holds_no_address(tower: Tower, server: ScriptedSmtp) -> None:
    server.on("DOT", "250-2.0.0 ok a.b@canary.test\r\n250 queued as <x@canary> é \x1b[1m" + "y" * 300)
    reply = tower.to(server).send(a_notification(), nothing).reply
    assert reply.startswith("250 2.0.0 ok <…> queued as <…> ? ?[1myyy")
    assert len(reply) == 200


@pytest.mark.parametrize("answer", [HANG, DROP, "500 no", TRICKLE])
@pytest.mark.parametrize("tls", ["none", "implicit"])
def test_a_farewell_unanswered_costs_neither_the_success_nor_time(
    tower: Tower, tls: Any, answer: str
) -> None:
    with ScriptedSmtp(tls, tower.certified) as server:
        server.on("QUIT", answer)
        notifier = tower.to(server)
        assert notifier.send(a_notification(), nothing).reply.startswith("250")
        began = time.monotonic()
        notifier.close()
        assert time.monotonic() - began < 2


def test_closing_says_goodbye(tower: Tower, server: ScriptedSmtp) -> None:
    notifier = tower.to(server)
    notifier.send(a_notification(), nothing)
    notifier.close()
    assert server.verbs[-1] == "QUIT"


def test_when_before_data_raises_the_server_hears_no_data(
    tower: Tower, server: ScriptedSmtp
) -> None:
    with pytest.raises(ZeroDivisionError):
        tower.to(server).send(a_notification(), lambda: 1 // 0 and None)
    assert "DATA" not in server.verbs


def test_a_check_logs_in_and_leaves(tower: Tower, server: ScriptedSmtp) -> None:
    tower.to(server, login=True).check()
    assert server.verbs == ["EHLO", "AUTH", "QUIT"]


def test_a_check_tells_what_is_wrong(tower: Tower, server: ScriptedSmtp) -> None:
    server.on("AUTH", "535 5.7.8 no")
    with pytest.raises(DeliveryError, match=r"login-refused 535 5\.7\.8"):
        tower.to(server, login=True).check()


@pytest.mark.parametrize("verb", ["RCPT", "DOT"])
def test_an_interrupted_send_leaves_nothing_behind(
    tower: Tower, server: ScriptedSmtp, verb: str
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    server.on(verb, HANG)
    notifier = tower.to(server)
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            notifier.send(a_notification(), nothing)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    notifier.send(a_notification(body=b"second\r\n"), nothing)
    assert server.received[-1] == b"second\r\n"
    assert server.connections == 2


def test_a_black_hole_is_given_up(tower: Tower) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        for tls in ("none", "implicit"):
            notifier = SmtpNotifier(
                host="127.0.0.1", port=port, tls=tls, timeouts=Timeouts(connect=0.2)  # type: ignore[arg-type]
            )
            tower.made.append(notifier)
            assert told(failure(notifier)) == ("timeout", False, LANE)
