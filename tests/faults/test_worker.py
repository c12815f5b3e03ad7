"""The worker on a real Dovecot: found mail, lost lines, the way it ends, and that there is one."""

from __future__ import annotations

import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.samples import messages
from tests.servers.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.acceptance.gateway import Gateway
    from tests.conftest import FaultProxyFactory
    from tests.servers.faultproxy import FaultProxy

AGAIN = 75


def letter(gateway: Gateway, number: int = 1) -> bytes:
    return messages.mail(
        sender="sam@club.example.org", to=gateway.user, text=f"Please call me, {number}."
    )


def arrives(gateway: Gateway, number: int = 1) -> None:
    gateway.loop.dovecot.deliver(gateway.user, letter(gateway, number), "sam@club.example.org")


def states(gateway: Gateway) -> list[str]:
    with gateway.store() as store:
        return [row["state"] for row in store.ledger.listing()]


def is_done(gateway: Gateway, count: int) -> bool:
    return len(gateway.folder("Intake/Attention")) == count and not gateway.inbox()


@pytest.fixture
def line(gateway: Gateway, fault_proxy: FaultProxyFactory) -> FaultProxy:
    """The gateway's line to its mailbox."""
    dovecot = gateway.loop.dovecot
    proxy = fault_proxy(dovecot.imaps_port)
    settings = gateway.config.read_text()
    assert settings.count(f"port = {dovecot.imaps_port}\n") == 1
    gateway.config.write_text(
        settings.replace(f"port = {dovecot.imaps_port}\n", f"port = {proxy.port}\n")
    )
    return proxy


def test_a_mailbox_out_of_reach_at_the_start_is_picked_up_when_it_is_back(
    gateway: Gateway, line: FaultProxy
) -> None:
    line.refuse()
    arrives(gateway)
    with gateway.worker():
        eventually(lambda: "mailbox_unavailable" in gateway.logs(), "it says so")
        assert f"localhost:{line.port} cannot be reached" in gateway.logs()
        line.accept()
        eventually(lambda: is_done(gateway, 1), "the message is recorded and filed", timeout=40)
    assert states(gateway) == ["recorded"]


def test_lines_that_are_cut_again_and_again_lose_and_double_nothing(
    gateway: Gateway, line: FaultProxy
) -> None:
    with gateway.worker():
        for number in range(3):
            arrives(gateway, number)
            line.cut("rst" if number % 2 else "fin")
        eventually(lambda: is_done(gateway, 3), "all are recorded and filed", timeout=60)
    assert states(gateway) == ["recorded"] * 3
    assert len(gateway.cases()) == 3


def test_a_server_that_restarts_is_found_again(gateway: Gateway) -> None:
    with gateway.worker():
        with gateway.loop.dovecot.stopped():
            eventually(lambda: "mailbox_unavailable" in gateway.logs(), "it says so", timeout=30)
        arrives(gateway)
        eventually(lambda: is_done(gateway, 1), "the message is recorded and filed", timeout=60)


@pytest.fixture
def waiting(gateway: Gateway, tmp_path: Path) -> Iterator[tuple[list[str], Path]]:
    """A worker that has understood its first message and waits, and the file that lets it go on."""
    go_on = tmp_path / "go-on"
    words = [sys.executable, "-m", "tests.faults.waiting_worker", str(gateway.config)]
    yield [*words, "understood", str(go_on)], go_on
    go_on.touch()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_finishes_the_message_in_hand_and_leaves_the_rest(
    gateway: Gateway, waiting: tuple[list[str], Path], number: signal.Signals
) -> None:
    words, go_on = waiting
    arrives(gateway, 1)
    arrives(gateway, 2)
    with gateway.started(words) as (process, log):
        eventually(go_on.with_suffix(".reached").exists, "it has a message in hand", timeout=30)
        process.send_signal(number)
        eventually(lambda: "worker_stopping" in log.read_text(), "it has heard")
        assert process.poll() is None
        go_on.touch()
        assert process.wait(30) == 0
        assert "worker_stopped" in log.read_text()
    assert states(gateway) == ["recorded", "seen"]
    assert len(gateway.inbox()) == 1
    assert len(gateway.folder("Intake/Attention")) == 1


def test_it_stops_whichever_thread_the_signal_is_delivered_to(gateway: Gateway) -> None:
    """The kernel may choose any thread; the main one is not woken by it."""
    config = str(gateway.config)
    words = [sys.executable, "-m", "tests.faults.waiting_worker", config, "understood", "stop"]
    arrives(gateway)
    with gateway.started(words) as (process, log):
        assert process.wait(30) == 0, log.read_text()
    assert states(gateway) == ["recorded"]


def test_asked_to_stop_on_a_dead_line_it_ends_soon(gateway: Gateway, line: FaultProxy) -> None:
    settings = gateway.config.read_text()
    gateway.config.write_text(settings.replace("poll_seconds = 3600", "poll_seconds = 1"))
    words = [sys.executable, "-m", "intake", "run", "--config", str(gateway.config)]
    with gateway.started(words) as (process, log):
        eventually(lambda: "worker_started" in log.read_text(), "the worker started")
        eventually(lambda: line.connections >= 2, "mailbox and doorbell have connected")
        line.black_hole = True
        arrives(gateway)
        eventually(gateway.inbox, "there is mail")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, log.read_text()
        assert time.monotonic() - began < 20
    assert states(gateway) == []


def test_there_is_one_worker_over_a_mailbox(gateway: Gateway) -> None:
    with gateway.worker():
        for command in ("run", "poll"):
            refused = gateway.command(command)
            assert refused.returncode == AGAIN
            (sentence,) = [line for line in refused.stderr.splitlines() if not line.startswith("{")]
            assert sentence.startswith("mailbox gateway: another referral-intake process holds it")
        arrives(gateway)
        eventually(lambda: is_done(gateway, 1), "the first goes on", timeout=30)


def test_a_killed_worker_leaves_no_lock(gateway: Gateway) -> None:
    words = [sys.executable, "-m", "intake", "run", "--config", str(gateway.config)]
    with gateway.started(words) as (process, log):
        eventually(lambda: "worker_started" in log.read_text(), "the worker started")
        process.kill()
        process.wait(30)
    polled = gateway.command("poll")
    assert polled.returncode == 0, polled.stderr
