"""Doorbells on real servers: whatever happens to the line, mail rings."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from intake.mailboxes.doorbell import MaildirDoorbell
from intake.mailboxes.imap_wire import ImapAccount
from tests.faults.listening import Rings, bell, listening
from tests.servers.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import FaultProxyFactory
    from tests.servers.dovecot import Dovecot
    from tests.servers.faultproxy import Ending

LETTER = b"Subject: hello\r\n\r\nHello\r\n"


def account(dovecot: Dovecot, user: str, port: int | None = None) -> ImapAccount:
    return ImapAccount(
        host=dovecot.host,
        port=port or dovecot.imaps_port,
        username=user,
        password=lambda: dovecot.password,
        ca_file=dovecot.ca_file,
        connect_seconds=2,
        read_seconds=1,
    )


def test_each_message_that_arrives_rings(dovecot: Dovecot, mailbox_user: str) -> None:
    with listening(bell(account(dovecot, mailbox_user))) as rings:
        rings.next("it has connected")
        for _ in range(3):
            dovecot.deliver(mailbox_user, LETTER)
            rings.next("mail")


def test_a_quiet_mailbox_is_quiet(dovecot: Dovecot, mailbox_user: str) -> None:
    """Rounds end and begin again without a ring."""
    with listening(bell(account(dovecot, mailbox_user), round_seconds=0.2)) as rings:
        rings.next("it has connected")
        rings.stop.wait(0.8)
        assert rings.count == 1
        dovecot.deliver(mailbox_user, LETTER)
        rings.next("mail")


@pytest.mark.parametrize("number", range(4))
def test_what_arrives_just_before_it_listens_rings(
    dovecot: Dovecot, mailbox_user: str, number: int
) -> None:
    """The server tells of it in one breath with its agreement to IDLE, or just before that."""
    delivered = threading.Event()

    class Late(Rings):
        def ring(self) -> None:
            super().ring()
            if self.count == 1:  # SELECT is done, IDLE comes next
                for _ in range(1 + number):
                    dovecot.deliver(mailbox_user, LETTER)
                delivered.set()

    rings = Late()
    doorbell = bell(account(dovecot, mailbox_user))
    thread = threading.Thread(target=doorbell.run, args=[rings.ring, rings.stop], daemon=True)
    thread.start()
    assert delivered.wait(20)
    rings.next("it has connected")
    eventually(lambda: rings.count > 1, "what came in between rings", timeout=20)
    rings.stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_server_that_was_away_is_found_again_and_rings(
    dovecot: Dovecot, mailbox_user: str
) -> None:
    with listening(bell(account(dovecot, mailbox_user))) as rings:
        rings.next("it has connected")
        with dovecot.stopped():
            rings.next("the line has ended")
        rings.next("it has connected again")
        dovecot.deliver(mailbox_user, LETTER)
        rings.next("mail")


def test_a_server_that_is_away_at_first_is_found(dovecot: Dovecot, mailbox_user: str) -> None:
    where = account(dovecot, mailbox_user)
    with dovecot.stopped():
        rings = Rings()
        thread = threading.Thread(
            target=bell(where).run, args=[rings.ring, rings.stop], daemon=True
        )
        thread.start()
        rings.stop.wait(0.5)
        assert rings.count == 0
    rings.next("it has connected")
    rings.stop.set()
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize("ending", ["fin", "rst"])
def test_a_cut_line_heals(
    dovecot: Dovecot, mailbox_user: str, fault_proxy: FaultProxyFactory, ending: Ending
) -> None:
    proxy = fault_proxy(dovecot.imaps_port)
    with listening(bell(account(dovecot, mailbox_user, proxy.port))) as rings:
        rings.next("it has connected")
        for cuts in (1, 2):
            proxy.cut(ending)
            # The end of the line is one ring, the new connection another.
            eventually(lambda cuts=cuts: rings.count >= 1 + 2 * cuts, "it rings")  # type: ignore[misc] # bound
        rings.next("it has connected again")
        dovecot.deliver(mailbox_user, LETTER)
        rings.next("mail")


def test_a_line_that_is_cut_at_once_each_time_is_not_hammered(
    dovecot: Dovecot, mailbox_user: str, fault_proxy: FaultProxyFactory
) -> None:
    proxy = fault_proxy(dovecot.imaps_port)
    proxy.cut_to_client_after = 0
    with listening(bell(account(dovecot, mailbox_user, proxy.port), pauses=(0.2, 0.5))) as rings:
        eventually(lambda: proxy.connections >= 2, "it tries again")
        rings.stop.wait(1)
        assert proxy.connections < 9
        proxy.cut_to_client_after = None
        rings.next("it has connected")


def test_a_half_open_line_is_found_dead_by_the_end_of_the_round(
    dovecot: Dovecot, mailbox_user: str, fault_proxy: FaultProxyFactory
) -> None:
    proxy = fault_proxy(dovecot.imaps_port)
    doorbell = bell(account(dovecot, mailbox_user, proxy.port), round_seconds=0.5)
    with listening(doorbell) as rings:
        rings.next("it has connected")
        proxy.black_hole = True
        dovecot.deliver(mailbox_user, LETTER)
        rings.next("the line is dead")
        proxy.black_hole = False
        proxy.cut("rst")
        eventually(lambda: proxy.connections >= 2, "it connects again")
        rings.next("it has connected again")


def test_it_stops_at_once_in_the_middle_of_a_dead_line(
    dovecot: Dovecot, mailbox_user: str, fault_proxy: FaultProxyFactory
) -> None:
    proxy = fault_proxy(dovecot.imaps_port)
    proxy.black_hole = True
    with listening(bell(account(dovecot, mailbox_user, proxy.port))):
        eventually(lambda: proxy.connections, "it tries to connect")


def test_it_stops_at_once_while_it_rests(dovecot: Dovecot, mailbox_user: str) -> None:
    with listening(bell(account(dovecot, mailbox_user, port=1), pauses=(60,))) as rings:
        rings.stop.wait(0.3)


# Maildir


def delivered(path: Path, name: str) -> None:
    (path / "tmp" / name).write_bytes(LETTER)
    (path / "tmp" / name).rename(path / "new" / name)


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    path = tmp_path / "mail"
    for room in ("new", "cur", "tmp"):
        (path / room).mkdir(parents=True)
    return path


def test_a_file_in_new_rings(maildir: Path) -> None:
    with listening(MaildirDoorbell(path=maildir, look_seconds=0.05)) as rings:
        rings.next("it has begun")
        for name in ("1", "2", "3"):
            delivered(maildir, name)
            rings.next("mail")


def test_mail_that_is_taken_out_does_not_ring(maildir: Path) -> None:
    delivered(maildir, "1")
    with listening(MaildirDoorbell(path=maildir, look_seconds=0.05)) as rings:
        rings.next("it has begun")
        (maildir / "new" / "1").rename(maildir / "cur" / "1:2,S")
        rings.stop.wait(0.5)
        assert rings.count == 1


def test_a_maildir_that_comes_back_rings(maildir: Path) -> None:
    delivered(maildir, "1")
    with listening(MaildirDoorbell(path=maildir, look_seconds=0.05)) as rings:
        rings.next("it has begun")
        away = maildir.with_name("away")
        maildir.rename(away)
        rings.stop.wait(0.3)
        away.rename(maildir)
        rings.next("it is back")
