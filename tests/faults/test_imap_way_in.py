"""Getting into an IMAP server that is not what it should be."""

from __future__ import annotations

import logging
import socket
import ssl
import traceback
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from intake.mailboxes.base import MailboxUnavailableError
from intake.mailboxes.imap import ImapMailbox
from intake.mailboxes.imap_wire import ImapAccount, PlaintextRefusedError, _require_own_machine
from tests.faults.scripted_imap import PASSWORD, ScriptedImap, Talk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CREDENTIALS = ("AUTHENTICATE", "LOGIN", "AGdhdGV3YXkA")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def serving(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def mailbox(server: ScriptedImap, **changes: Any) -> ImapMailbox:
    return ImapMailbox(name="gateway", account=server.account(**changes), call_seconds=5)


def refused(server: ScriptedImap, **changes: Any) -> MailboxUnavailableError:
    box = mailbox(server, **changes)
    with pytest.raises(MailboxUnavailableError) as caught:
        box.check()
    box.close()
    assert f"127.0.0.1:{server.port}" in str(caught.value)
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))
    return caught.value


def said_nothing_secret(server: ScriptedImap) -> bool:
    return not any(word in line for line in server.heard for word in CREDENTIALS)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_verified_server_is_used(tls: str, authority: trustme.CA, ca_file: Path) -> None:
    capabilities = "IMAP4rev1 STARTTLS AUTH=PLAIN IDLE MOVE"
    with ScriptedImap(
        messages={1: b"a"},
        context=serving(authority),
        implicit=tls == "implicit",
        capabilities=capabilities,
    ) as server:
        box = mailbox(server, tls=tls, ca_file=ca_file)
        assert [ref.uid for ref in box.list()] == [1]
        box.close()


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("wrong", ["authority", "host name"])
def test_an_unverifiable_server_hears_no_credential(
    tls: str, wrong: str, authority: trustme.CA, ca_file: Path
) -> None:
    context = (
        serving(trustme.CA()) if wrong == "authority" else serving(authority, "imap.example.org")
    )
    with ScriptedImap(
        context=context, implicit=tls == "implicit", capabilities="IMAP4rev1 STARTTLS AUTH=PLAIN"
    ) as server:
        trouble = refused(server, tls=tls, ca_file=ca_file)
        assert "certificate" in str(trouble)
        assert trouble.permanent
        assert said_nothing_secret(server)


def test_a_stripped_starttls_gets_no_credential(ca_file: Path) -> None:
    with ScriptedImap(capabilities="IMAP4rev1 AUTH=PLAIN") as server:
        trouble = refused(server, tls="starttls", ca_file=ca_file)
        assert "STARTTLS" in str(trouble)
        assert trouble.permanent
        assert said_nothing_secret(server)


def test_a_refused_starttls_gets_no_credential(ca_file: Path) -> None:
    with ScriptedImap(
        capabilities="IMAP4rev1 STARTTLS AUTH=PLAIN", answers={"STARTTLS": Talk.no}
    ) as server:
        assert "encrypted" in str(refused(server, tls="starttls", ca_file=ca_file))
        assert said_nothing_secret(server)


def test_a_preauthenticated_greeting_does_not_skip_starttls(ca_file: Path) -> None:
    with ScriptedImap(
        capabilities="IMAP4rev1 STARTTLS AUTH=PLAIN",
        answers={"greeting": lambda talk: talk.line("* PREAUTH come in")},
    ) as server:
        assert "encrypted" in str(refused(server, tls="starttls", ca_file=ca_file))
        assert not any("SELECT" in line for line in server.heard)


def test_words_smuggled_in_before_tls_do_not_count(authority: trustme.CA, ca_file: Path) -> None:
    def smuggle(talk: Talk) -> None:
        talk.send(f"{talk.tag} OK begin\r\n* SEARCH 99\r\n")
        talk.sock = serving(authority).wrap_socket(talk.sock, server_side=True)
        talk.reader = talk.sock.makefile("rb")

    with ScriptedImap(
        context=serving(authority),
        implicit=False,
        capabilities="IMAP4rev1 STARTTLS AUTH=PLAIN",
        answers={"STARTTLS": smuggle},
    ) as server:
        refused(server, tls="starttls", ca_file=ca_file)
        assert said_nothing_secret(server)


def test_a_plain_server_on_the_tls_port_is_refused(ca_file: Path) -> None:
    with ScriptedImap() as server:
        refused(server, tls="implicit", ca_file=ca_file)
        assert said_nothing_secret(server)


def test_old_tls_is_not_spoken() -> None:
    account = ImapAccount(host="h", port=993, username="u", password=lambda: "p")
    context = account.tls_context()
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "2001:db8::1"])
def test_no_encryption_is_for_this_machine_only(address: str) -> None:
    class Peer(socket.socket):
        def getpeername(self) -> tuple[str, int]:
            return address, 143

    with Peer() as peer, pytest.raises(PlaintextRefusedError):
        _require_own_machine(peer)


def test_an_unreachable_server_is_named() -> None:
    with ScriptedImap() as server:
        account = server.account()
    box = ImapMailbox(name="gateway", account=account, call_seconds=5)
    with pytest.raises(MailboxUnavailableError, match=f"127.0.0.1:{account.port} cannot be rea"):
        box.list()
    box.close()


def test_a_ca_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with ScriptedImap() as server:
        assert "No such file" in str(
            refused(server, tls="implicit", ca_file=tmp_path / "missing.pem")
        )


@pytest.mark.parametrize(
    ("words", "permanent"),
    [
        ("[AUTHENTICATIONFAILED] correct horse is wrong", True),
        ("wrong", True),
        ("[UNAVAILABLE] later", False),
        ("[LIMIT] too many connections", False),
    ],
)
@pytest.mark.parametrize("way", ["AUTHENTICATE", "LOGIN"])
def test_a_refused_log_in_is_told(way: str, words: str, permanent: bool) -> None:  # noqa: FBT001
    capabilities = "IMAP4rev1 AUTH=PLAIN" if way == "AUTHENTICATE" else "IMAP4rev1"

    def answer(talk: Talk) -> None:
        if way == "AUTHENTICATE":
            talk.line("+ ")
            talk.reader.readline()
        talk.no(words)

    with ScriptedImap(capabilities=capabilities, answers={way: answer}) as server:
        trouble = refused(server)
        assert "refused the log-in" in str(trouble)
        assert trouble.permanent is permanent


def test_a_throttled_log_in_is_not_taken_for_a_wrong_password() -> None:
    with ScriptedImap(
        answers={"AUTHENTICATE": lambda talk: talk.line(f"{talk.tag} BAD not connected")}
    ) as server:
        assert not refused(server).permanent


def test_a_connection_lost_at_log_in_is_not_taken_for_a_wrong_password() -> None:
    with ScriptedImap(answers={"AUTHENTICATE": Talk.hang_up}) as server:
        trouble = refused(server)
        assert "log-in" not in str(trouble)
        assert not trouble.permanent


def test_login_quotes_what_it_sends() -> None:
    with ScriptedImap(capabilities="IMAP4rev1 MOVE IDLE") as server:
        box = mailbox(server, username='force\\a "b"', password=lambda: 'p "q" \\')
        assert box.check() == []
        box.close()
        assert 'LOGIN "force\\\\a \\"b\\"" "p \\"q\\" \\\\"' in server.commands()


@pytest.mark.parametrize("password", ["a\r\nZ9 DELETE INBOX", "pässword", "nul\0"])
def test_login_never_sends_what_could_end_its_line(password: str) -> None:
    with ScriptedImap(capabilities="IMAP4rev1") as server:
        assert refused(server, password=lambda: password).permanent
        assert said_nothing_secret(server)


def test_login_is_not_sent_where_the_server_forbids_it() -> None:
    with ScriptedImap(capabilities="IMAP4rev1 LOGINDISABLED") as server:
        assert refused(server).permanent
        assert said_nothing_secret(server)


def test_a_password_that_cannot_be_read_is_told() -> None:
    def unreadable() -> str:
        raise PermissionError

    with ScriptedImap() as server:
        assert "password" in str(refused(server, password=unreadable))


def test_a_password_of_any_script_gets_in_by_plain() -> None:
    with ScriptedImap() as server:
        box = mailbox(server, password=lambda: "cyfrinair-ŵ")
        assert box.check() == []
        box.close()


def test_what_the_server_can_do_is_asked_again_after_the_log_in() -> None:
    """Exchange names MOVE only to those who are logged in."""

    def by_state(talk: Talk) -> None:
        logged_in = any("AUTHENTICATE" in line for line in talk.server.heard)
        talk.line(f"* CAPABILITY IMAP4rev1 AUTH=PLAIN{' MOVE IDLE' if logged_in else ''}")
        talk.ok()

    with ScriptedImap(answers={"CAPABILITY": by_state}) as server:
        box = mailbox(server)
        assert box.check() == []
        box.close()


def test_a_missing_folder_is_named() -> None:
    with ScriptedImap(
        answers={"SELECT": lambda talk: talk.no("[NONEXISTENT] no such folder")}
    ) as server:
        trouble = refused(server)
        assert "INBOX" in str(trouble)
        assert trouble.permanent


def broken_greeting(talk: Talk) -> None:
    talk.line("220 smtp.example.org ESMTP of Jane Doe")


def broken_line(talk: Talk) -> None:
    talk.send("* SEARCH 1\r\nDear Prevent team, Jane Doe\r\n")


def end_in_a_line(talk: Talk) -> None:
    talk.send("* OK Jane Doe")
    talk.hang_up()


def not_ascii(talk: Talk) -> None:
    talk.send(f"{talk.tag} NO Jane Doe \xe9\r\n".encode("latin-1"))


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("greeting", broken_greeting),
        ("UID SEARCH", broken_line),
        ("UID SEARCH", end_in_a_line),
        ("SELECT", not_ascii),
    ],
)
def test_no_word_of_the_server_gets_into_errors_or_logs(
    command: str,
    answer: Callable[[Talk], None],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    logging.getLogger("imapclient").setLevel(logging.DEBUG)
    logging.getLogger("imapclient").propagate = True
    with (
        caplog.at_level(logging.DEBUG),
        ScriptedImap(messages={1: b"a"}, answers={command: answer}) as server,
    ):
        box = mailbox(server)
        with pytest.raises(MailboxUnavailableError) as caught:
            box.list()
        box.close()
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "Jane" not in told + "".join(capfd.readouterr())


def test_a_message_reaches_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        ScriptedImap(messages={1: b"Dear Prevent team\r\nJane Doe\r\n"}) as server,
    ):
        box = mailbox(server)
        (ref,) = box.list()
        assert b"Jane" in box.fetch(ref).raw
        box.close()
    assert "Jane" not in caplog.text
    assert PASSWORD not in caplog.text
