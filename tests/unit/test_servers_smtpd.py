"""What is true of the SMTP server that misbehaves on cue."""

from __future__ import annotations

import smtplib
import ssl
import time
from typing import TYPE_CHECKING

import pytest

from tests.servers.smtpd_script import ACCEPT_THEN_DROP, DROP, GARBAGE, Answer, Hang, Verb

if TYPE_CHECKING:
    from tests.conftest import ScriptedSmtpFactory
    from tests.servers.certificates import Certificates
    from tests.servers.smtpd import ScriptedSmtp

SENDER, RECIPIENT = "sender@example.org", "recipient@example.org"
RAW = b".first\r\n..second\r\n\r\nthird\r\n.\r\n"


def client(server: ScriptedSmtp, *, timeout: float = 10) -> smtplib.SMTP:
    return smtplib.SMTP(server.host, server.port, local_hostname="test", timeout=timeout)


def send(server: ScriptedSmtp, *rcpt: str) -> dict[str, tuple[int, bytes]]:
    with client(server) as smtp:
        return smtp.sendmail(SENDER, rcpt or RECIPIENT, RAW)


def test_what_is_taken_is_kept_byte_for_byte(scripted_smtp: ScriptedSmtpFactory) -> None:
    server = scripted_smtp()
    send(server, RECIPIENT, "other@example.org")
    (envelope,) = server.wait_for(1)
    assert envelope.content == RAW
    assert (envelope.mail_from, envelope.rcpt) == (SENDER, (RECIPIENT, "other@example.org"))
    assert (envelope.tls, envelope.authenticated_as) == (False, None)


def test_starttls_and_authentication(
    scripted_smtp: ScriptedSmtpFactory, certificates: Certificates
) -> None:
    server = scripted_smtp(tls="starttls", users={"bot": "secret"})
    with client(server) as smtp:
        assert smtp.mail(SENDER)[0] == 530
        smtp.ehlo()
        assert not smtp.has_extn("auth")
        smtp.starttls(context=certificates.client_context())
        with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
            smtp.login("bot", "wrong")
        assert caught.value.smtp_code == 535
        smtp.login("bot", "secret")
        smtp.sendmail(SENDER, RECIPIENT, RAW)
    assert (server.envelopes[0].tls, server.envelopes[0].authenticated_as) == (True, "bot")
    assert "AUTH PLAIN" in server.commands


def test_login_is_understood_as_well_as_plain(scripted_smtp: ScriptedSmtpFactory) -> None:
    server = scripted_smtp(users={"bot": "secret"})
    with client(server) as smtp:
        smtp.ehlo()
        smtp.user, smtp.password = "bot", "secret"
        assert smtp.auth("LOGIN", smtp.auth_login)[0] == 235


def test_implicit_tls(scripted_smtp: ScriptedSmtpFactory, certificates: Certificates) -> None:
    server = scripted_smtp(tls="implicit")
    context = certificates.client_context()
    with smtplib.SMTP_SSL(server.host, server.port, timeout=10, context=context) as smtp:
        smtp.sendmail(SENDER, RECIPIENT, RAW)
    assert server.envelopes[0].tls


@pytest.mark.parametrize("which", ["stranger_context", "other_name_context"])
def test_a_wrong_certificate_is_noticed(
    scripted_smtp: ScriptedSmtpFactory, certificates: Certificates, which: str
) -> None:
    server = scripted_smtp(tls="starttls", context=getattr(certificates, which)())
    with client(server) as smtp, pytest.raises(ssl.SSLCertVerificationError):
        smtp.starttls(context=certificates.client_context())


def test_without_tls_no_starttls_is_offered(scripted_smtp: ScriptedSmtpFactory) -> None:
    with client(scripted_smtp()) as smtp:
        smtp.ehlo()
        assert not smtp.has_extn("starttls")


@pytest.mark.parametrize(
    ("verb", "answer", "error"),
    [
        ("MAIL", "550 5.7.60 not yours to send as", smtplib.SMTPSenderRefused),
        ("MAIL", "451 4.7.1 not now", smtplib.SMTPSenderRefused),
        ("RCPT", "550 5.1.1 unknown", smtplib.SMTPRecipientsRefused),
        ("DATA", "451 4.3.0 not now", smtplib.SMTPDataError),
        ("DOT", "554 5.7.1 spam", smtplib.SMTPDataError),
        ("DOT", "452 4.3.1 disk full", smtplib.SMTPDataError),
        ("DOT", GARBAGE, smtplib.SMTPException),
        ("RCPT", DROP, smtplib.SMTPServerDisconnected),
        ("CONTENT", DROP, smtplib.SMTPServerDisconnected),
        ("DOT", DROP, smtplib.SMTPServerDisconnected),
        ("CONNECT", "421 4.3.2 not now", smtplib.SMTPConnectError),
        ("CONNECT", DROP, smtplib.SMTPServerDisconnected),
    ],
)
def test_what_is_not_taken_is_not_kept_and_the_next_try_is_as_usual(
    scripted_smtp: ScriptedSmtpFactory, verb: Verb, answer: Answer, error: type[Exception]
) -> None:
    server = scripted_smtp()
    server.on(verb, answer)
    with pytest.raises(error):
        send(server)
    assert server.envelopes == []
    send(server)
    assert len(server.envelopes) == 1


def test_accepted_and_then_hung_up_on(scripted_smtp: ScriptedSmtpFactory) -> None:
    server = scripted_smtp()
    server.on("DOT", ACCEPT_THEN_DROP)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(server)
    assert [envelope.content for envelope in server.envelopes] == [RAW]


def test_a_silence_ends_when_told_or_when_the_server_does(
    scripted_smtp: ScriptedSmtpFactory,
) -> None:
    server = scripted_smtp()
    server.on("MAIL", Hang(0.3))
    began = time.monotonic()
    send(server)
    assert time.monotonic() - began >= 0.3
    server.on("DOT", Hang(60))
    impatient = pytest.raises(smtplib.SMTPServerDisconnected, match="timed out")
    with client(server, timeout=0.3) as smtp, impatient:
        smtp.sendmail(SENDER, RECIPIENT, RAW)
    server.stop()
    assert len(server.envelopes) == 1


def test_a_recipients_answer_stands(scripted_smtp: ScriptedSmtpFactory) -> None:
    server = scripted_smtp()
    server.recipient("nobody@example.org", "550 5.1.1 unknown")
    server.recipient(lambda address: address.endswith(".test"), "450 4.2.0 later")
    refused = send(server, "Nobody@example.org", "a@example.test", RECIPIENT)
    assert {code for code, _ in refused.values()} == {550, 450}
    assert server.envelopes[0].rcpt == (RECIPIENT,)
    server.always("MAIL", "421 4.3.2 closing")
    for _ in range(2):
        with pytest.raises(smtplib.SMTPSenderRefused):
            send(server)


def test_a_stopped_server_comes_back_on_the_same_port(scripted_smtp: ScriptedSmtpFactory) -> None:
    server = scripted_smtp()
    with server.stopped(), pytest.raises(ConnectionRefusedError):
        send(server)
    send(server)
    assert server.connections == 1
