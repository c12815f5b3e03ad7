"""What is true of the mail and database servers that the other tests stand on."""

from __future__ import annotations

import os
import re
import signal
import smtplib
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy
from imapclient import IMAPClient  # type: ignore[import-untyped]
from imapclient.exceptions import LoginError  # type: ignore[import-untyped]

from tests.servers.process import ServerMissingError, executable
from tests.servers.waiting import eventually

if TYPE_CHECKING:
    from tests.servers.dovecot import Dovecot
    from tests.servers.mail_loop import MailLoop
    from tests.servers.postgresql import PostgreSQL

RAW = b"Subject: Referral\r\n\r\n.a line that begins with a dot\r\ncaf\xc3\xa9\r\n"
REPOSITORY = Path(__file__).parents[2]


# Dovecot


def test_what_is_delivered_stands_in_the_mailbox_byte_for_byte(
    dovecot: Dovecot, mailbox_user: str
) -> None:
    dovecot.deliver(mailbox_user, RAW, mail_from="bounces@example.org")
    (message,) = dovecot.messages(mailbox_user)
    assert message.endswith(RAW)
    assert message.startswith(b"Return-Path: <bounces@example.org>\r\n")


def test_a_tagged_recipient_arrives_in_the_untagged_mailbox(
    dovecot: Dovecot, mailbox_user: str
) -> None:
    dovecot.deliver(mailbox_user, RAW, rcpt=mailbox_user.replace("@", "+school@"))
    assert len(dovecot.messages(mailbox_user)) == 1


def test_what_is_appended_gets_nothing_put_before_it(dovecot: Dovecot, mailbox_user: str) -> None:
    uid = dovecot.append(mailbox_user, RAW, "Archive/2026", flags=[b"\\Seen", b"$Kept"])
    assert dovecot.messages(mailbox_user, "Archive/2026") == [RAW]
    assert dovecot.flags(mailbox_user, "Archive/2026") == {uid: {b"\\Seen", b"$Kept"}}
    assert dovecot.folders(mailbox_user) == ["Archive", "Archive/2026", "INBOX"]
    assert dovecot.messages(mailbox_user) == []


def test_looking_leaves_no_mark(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, RAW)
    dovecot.messages(mailbox_user)
    assert dovecot.flags(mailbox_user) == {1: frozenset()}


def test_a_human_moves_marks_and_deletes(dovecot: Dovecot, mailbox_user: str) -> None:
    for _ in range(3):
        dovecot.deliver(mailbox_user, RAW)
    first, second, third = dovecot.uids(mailbox_user)
    dovecot.move(mailbox_user, first, "Done")
    dovecot.expunge(mailbox_user, second)
    dovecot.mark(mailbox_user, third, [b"\\Seen"])
    assert dovecot.uids(mailbox_user, "Done") == [1]
    assert dovecot.flags(mailbox_user) == {third: {b"\\Seen"}}
    assert dovecot.uids(mailbox_user, "No such folder") == []


def test_a_mailbox_is_its_tests_own(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver("someone-else@example.police.uk", RAW)
    assert dovecot.messages(mailbox_user) == []


def test_a_wrong_password_is_refused(dovecot: Dovecot, mailbox_user: str) -> None:
    with (
        pytest.raises(LoginError, match="AUTHENTICATIONFAILED"),
        dovecot.client(mailbox_user, password="wrong"),
    ):
        pass


def test_the_servers_certificate_is_only_trusted_by_who_knows_the_authority(
    dovecot: Dovecot,
) -> None:
    for ca_file in (None, dovecot.certificates.wrong_ca_file):
        stranger = ssl.create_default_context(cafile=ca_file)
        with pytest.raises(ssl.SSLCertVerificationError):
            IMAPClient(dovecot.host, port=dovecot.imaps_port, ssl_context=stranger, timeout=10)


def test_starttls_is_on_offer_and_verifiable(dovecot: Dovecot, mailbox_user: str) -> None:
    with IMAPClient(dovecot.host, port=dovecot.imap_port, ssl=False, timeout=10) as session:
        assert session.has_capability("STARTTLS")
        session.starttls(dovecot.certificates.client_context())
        session.login(mailbox_user, dovecot.password)
        assert {b"IDLE", b"MOVE", b"UIDPLUS"} <= set(session.capabilities())


def test_a_delivery_wakes_an_idling_session(dovecot: Dovecot, mailbox_user: str) -> None:
    with dovecot.client(mailbox_user) as session:
        session.select_folder("INBOX")
        session.idle()
        dovecot.deliver(mailbox_user, RAW)
        assert (1, b"EXISTS") in eventually(lambda: session.idle_check(timeout=1), "woken")
        session.idle_done()


def test_a_stopped_dovecot_hangs_up_and_keeps_the_mail(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, RAW)
    validity = dovecot.uidvalidity(mailbox_user)
    with IMAPClient(dovecot.host, port=dovecot.imap_port, ssl=False, timeout=10) as session:
        with dovecot.stopped():
            with pytest.raises(ConnectionRefusedError):
                IMAPClient(dovecot.host, port=dovecot.imap_port, ssl=False, timeout=10)
            with pytest.raises((OSError, session.Error)):
                session.noop()
        session.shutdown()
        session.logout = session.shutdown  # the way out of the block would talk to the dead
    assert dovecot.uids(mailbox_user) == [1]
    assert dovecot.uidvalidity(mailbox_user) == validity
    dovecot.deliver(mailbox_user, RAW)
    assert dovecot.uids(mailbox_user) == [1, 2]


# The whole way


def submit(loop: MailLoop, rcpt: str, mail_from: str, *, ca_file: Path | None = None) -> None:
    context = ssl.create_default_context(cafile=ca_file or loop.ca_file)
    with smtplib.SMTP(loop.host, loop.submission_port, timeout=20) as smtp:
        smtp.starttls(context=context)
        smtp.login(loop.username, loop.password)
        smtp.sendmail(mail_from, rcpt, RAW)


def test_a_message_goes_the_whole_way_and_the_answer_comes_back(
    mail_loop: MailLoop, mailbox_user: str
) -> None:
    school = f"head-of-{mailbox_user}".replace("police.uk", "org")
    mail_loop.send(RAW, mail_from=school, rcpt=mailbox_user)
    (referral,) = eventually(lambda: mail_loop.dovecot.messages(mailbox_user), "the referral")
    assert referral.endswith(RAW)
    submit(mail_loop, school, mailbox_user)
    (answer,) = eventually(lambda: mail_loop.dovecot.messages(school), "the answer")
    assert answer.startswith(f"Return-Path: <{mailbox_user}>".encode())


@pytest.mark.parametrize(("name", "code"), [("refused", 550), ("later", 451)])
def test_a_recipient_is_refused_by_name(mail_loop: MailLoop, name: str, code: int) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        submit(mail_loop, f"{name}-someone@example.org", "gateway@example.police.uk")
    assert caught.value.recipients[f"{name}-someone@example.org"][0] == code


def test_a_bounce_comes_back_with_an_empty_return_path(
    mail_loop: MailLoop, mailbox_user: str
) -> None:
    submit(mail_loop, "bounced-someone@example.org", mailbox_user)
    (bounce,) = eventually(lambda: mail_loop.dovecot.messages(mailbox_user), "the bounce")
    assert bounce.startswith(b"Return-Path: <>\r\n")
    assert b"message/delivery-status" in bounce


def test_submission_wants_tls_the_right_authority_and_the_right_password(
    mail_loop: MailLoop,
) -> None:
    with smtplib.SMTP(mail_loop.host, mail_loop.submission_port, timeout=20) as smtp:
        smtp.ehlo()
        assert smtp.has_extn("starttls")
        assert not smtp.has_extn("auth")
        assert smtp.mail("a@example.org")[0] == 530
        smtp.starttls(context=ssl.create_default_context(cafile=mail_loop.ca_file))
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.login(mail_loop.username, "wrong")
    wrong = mail_loop.dovecot.certificates.wrong_ca_file
    with pytest.raises(ssl.SSLCertVerificationError):
        submit(mail_loop, "a@example.org", "b@example.org", ca_file=wrong)


def test_a_stopped_mail_loop_comes_back_on_the_same_port(
    mail_loop: MailLoop, mailbox_user: str
) -> None:
    with mail_loop.stopped(), pytest.raises(ConnectionRefusedError):
        submit(mail_loop, mailbox_user, "b@example.org")
    submit(mail_loop, mailbox_user, "b@example.org")
    eventually(lambda: mail_loop.dovecot.messages(mailbox_user), "the message")


# PostgreSQL


def one_table(url: str) -> list[str]:
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE cases (id integer)"))
        connection.execute(sqlalchemy.text("INSERT INTO cases VALUES (1)"))
        tables = sqlalchemy.inspect(connection).get_table_names()
    engine.dispose()
    return tables


def test_two_tests_do_not_see_each_others_tables(postgresql: PostgreSQL, postgres_url: str) -> None:
    assert one_table(postgres_url) == ["cases"]
    assert one_table(postgresql.new_schema()) == ["cases"]


def test_a_crashed_postgresql_keeps_what_was_committed(
    postgresql: PostgreSQL, postgres_url: str
) -> None:
    one_table(postgres_url)
    engine = sqlalchemy.create_engine(postgres_url)
    with postgresql.stopped(), pytest.raises(sqlalchemy.exc.OperationalError):
        engine.connect()
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("SELECT count(*) FROM cases")) == 1
    engine.dispose()


# Their end, and their absence


def test_a_missing_program_is_told_in_one_sentence_with_the_remedy() -> None:
    with pytest.raises(ServerMissingError, match=r"no-such-server .* scripts/system-packages"):
        executable("no-such-server")


_VICTIM = """
import time
from pathlib import Path

def test_until_killed(premises, mail_loop, postgres_url):
    Path("{note}").write_text(str(premises.path))
    time.sleep(120)
"""


def test_a_killed_pytest_leaves_neither_a_server_nor_a_file_behind(tmp_path: Path) -> None:
    note, victim = tmp_path / "note", tmp_path / "test_victim.py"
    victim.write_text(_VICTIM.format(note=note))
    options = ["-p", "tests.conftest", "-c", str(REPOSITORY / "pyproject.toml"), "-q"]
    pytest_run = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, f"--rootdir={tmp_path}", str(victim)],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])},
    )
    try:
        folder = Path(
            eventually(lambda: note.read_text() if note.exists() else "", "up", timeout=60)
        )
        assert len(processes_of(folder)) >= 5
    finally:
        pytest_run.send_signal(signal.SIGKILL)
        pytest_run.wait()
    eventually(lambda: not processes_of(folder) and not folder.exists(), "all gone")
    time.sleep(0.2)
    assert processes_of(folder) == []


def processes_of(folder: Path) -> list[str]:
    """Every process that names the folder, stands in it, or holds a file in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode(errors="replace")
            opened = [os.readlink(fd) for fd in (process / "fd").iterdir()]  # noqa: PTH115
            places = [command, os.readlink(process / "cwd"), *opened]  # noqa: PTH115
        except OSError:
            continue  # it has just ended, or is another account's
        if any(re.search(re.escape(str(folder)), place) for place in places):
            found.append(command)
    return found
