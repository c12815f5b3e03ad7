from __future__ import annotations

import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from parsers.isolation import Ending, Isolation, IsolationClosedError, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
HERE = "tests.unit.test_parsers_isolation"
LIMITS = Limits(wall_seconds=10, megabytes=1024, result_megabytes=1)
SHORT = Limits(wall_seconds=0.4, megabytes=1024)


# What the children are asked to do.


def length(content: bytes, *, plus: int = 0) -> int:
    return len(content) + plus


def spin(_: bytes) -> None:
    while True:
        pass


def sleep(_: bytes, *, seconds: float = 60) -> None:
    time.sleep(seconds)


def set_an_alarm(_: bytes) -> None:
    """A library computes on, and Python has no say meanwhile."""
    signal.alarm(1)
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000_000_000)


def allocate(_: bytes) -> int:
    return len(b"x" * (4 << 30))


def segfault(_: bytes) -> None:
    ctypes.string_at(0)


def abort(_: bytes) -> None:
    os.abort()


def flood(_: bytes) -> str:
    return "x" * (2 << 20)


def raise_it(content: bytes) -> None:
    raise ValueError(content)


def leave_at_once(_: bytes) -> None:
    os._exit(0)


def close_everything(_: bytes) -> int:
    os.closerange(0, 1000)
    return 1


def breed(content: bytes) -> int:
    """Start something that leaves the group, and return."""
    marker = content.decode()
    if os.fork() == 0:
        os.setsid()
        os.execv("/bin/sleep", ["sleep", marker])
    return 1


def breed_and_spin(content: bytes) -> None:
    breed(content)
    spin(content)


def nest(_: bytes) -> Any:
    inner: Any = []
    for _level in range(900):
        inner = [inner]
    return inner


def unserialisable(_: bytes) -> object:
    return object()


def connect(_: bytes, *, port: int) -> str:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return "refused"
    return "connected"


def surroundings(_: bytes) -> dict[str, Any]:
    return {
        "descriptors": sorted(int(path.name) for path in Path("/proc/self/fd").iterdir()),
        "environment": sorted(os.environ),
        "core": __import__("resource").getrlimit(__import__("resource").RLIMIT_CORE)[0],
    }


def write_document(_: bytes) -> str:
    try:
        for descriptor in (3, 4, 5, 6):
            if os.path.exists(f"/proc/self/fd/{descriptor}"):  # noqa: PTH110
                os.pwrite(descriptor, b"changed", 0)
    except PermissionError:
        return "sealed"
    return "written"


@pytest.fixture(scope="module")
def isolation() -> Iterator[Isolation]:
    made = Isolation()
    yield made
    made.close()


def run(
    isolation: Isolation, name: str, content: bytes = b"", limits: Limits = LIMITS, **more: Any
) -> Any:
    return isolation.run(f"{HERE}:{name}", content, more, limits)


def living(pattern: str) -> list[int]:
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if pattern in line and state != "Z" and int(process.name) != os.getpid():
                found.append(int(process.name))
    return found


def gone(pattern: str) -> bool:
    until = time.monotonic() + 8
    while time.monotonic() < until:
        if not living(pattern):
            return True
        time.sleep(0.05)
    return False


def test_a_function_gets_the_bytes_and_the_arguments(isolation: Isolation) -> None:
    outcome = run(isolation, "length", b"abc", plus=2)
    assert outcome.ending is Ending.OK
    assert outcome.result == 5


def test_a_large_document_arrives_whole(isolation: Isolation) -> None:
    assert run(isolation, "length", b"x" * (30 << 20)).result == 30 << 20


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("allocate", Ending.MEMORY),
        ("flood", Ending.TOO_LARGE_RESULT),
        ("raise_it", Ending.RAISED),
        ("unserialisable", Ending.RAISED),
        ("leave_at_once", Ending.CRASHED),
        ("close_everything", Ending.RAISED),
        ("does_not_exist", Ending.RAISED),
    ],
)
def test_every_end_has_a_name(isolation: Isolation, name: str, ending: Ending) -> None:
    assert run(isolation, name).ending is ending
    assert run(isolation, "length", b"ab").result == 2


@pytest.mark.parametrize("name", ["segfault", "abort"])
def test_a_crash_is_a_crash_and_tells_its_signal(isolation: Isolation, name: str) -> None:
    outcome = run(isolation, name)
    assert outcome.ending is Ending.CRASHED
    assert outcome.signal in (signal.SIGSEGV, signal.SIGABRT)


@pytest.mark.parametrize("name", ["spin", "sleep"])
def test_the_wall_clock_ends_a_child(isolation: Isolation, name: str) -> None:
    began = time.monotonic()
    assert run(isolation, name, limits=SHORT).ending is Ending.TIMEOUT
    assert time.monotonic() - began < 3


def test_processor_time_ends_a_child(isolation: Isolation) -> None:
    limits = Limits(wall_seconds=20, cpu_seconds=1, megabytes=1024)
    assert run(isolation, "spin", limits=limits).ending is Ending.TIMEOUT


def test_an_alarm_ends_a_child_whatever_it_does(isolation: Isolation) -> None:
    began = time.monotonic()
    assert run(isolation, "set_an_alarm").ending is Ending.TIMEOUT
    assert time.monotonic() - began < LIMITS.wall_seconds - 1


def test_a_deep_result_never_breaks_the_reader_of_it(isolation: Isolation) -> None:
    assert run(isolation, "nest").ending in (Ending.OK, Ending.CRASHED, Ending.RAISED)


@pytest.mark.parametrize("name", ["breed", "breed_and_spin"])
def test_what_a_child_started_ends_with_it(isolation: Isolation, name: str) -> None:
    marker = f"7{os.getpid()}{len(name)}"
    run(isolation, name, marker.encode(), limits=SHORT)
    assert gone(f"sleep {marker}")


def test_a_child_has_no_way_to_the_network(isolation: Isolation) -> None:
    if isolation.report()["network"] != "isolated":
        pytest.skip("this machine gives no network namespaces")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert run(isolation, "connect", port=server.getsockname()[1]).result == "refused"


def test_a_child_knows_nothing_of_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTAKE_SECRET", "x")
    fresh = Isolation()
    try:
        seen = run(fresh, "surroundings").result
    finally:
        fresh.close()
    assert "INTAKE_SECRET" not in seen["environment"]
    assert seen["core"] == 0
    # Three to nowhere, the document, the result, and the listing itself.
    assert len(seen["descriptors"]) <= 6


def test_a_document_can_not_be_changed_by_a_child(isolation: Isolation) -> None:
    assert run(isolation, "write_document", b"as it was").result == "sealed"


def test_several_runs_at_once(isolation: Isolation) -> None:
    outcomes: list[Any] = []

    def ask(number: int) -> None:
        outcomes.append(run(isolation, "length", b"x" * number).result == number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(40)]
    began = time.monotonic()
    slow = threading.Thread(target=lambda: run(isolation, "sleep", seconds=1.0))
    slow.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began < 6
    slow.join()
    assert outcomes == [True] * 40


def test_the_warm_process_outlives_the_thread_that_started_it() -> None:
    isolation = Isolation()
    try:
        thread = threading.Thread(target=lambda: run(isolation, "length"))
        thread.start()
        thread.join()
        time.sleep(0.2)
        assert isolation._warm is not None
        first = isolation._warm.process.pid
        assert run(isolation, "length", b"abc").result == 3
        assert isolation._warm.process.pid == first
    finally:
        isolation.close()


def test_a_lost_warm_process_is_replaced() -> None:
    isolation = Isolation()
    try:
        assert run(isolation, "length").ending is Ending.OK
        assert isolation._warm is not None
        os.kill(isolation._warm.process.pid, signal.SIGKILL)
        assert run(isolation, "length", b"abc").ending in (Ending.OK, Ending.CRASHED)
        assert run(isolation, "length", b"abc").result == 3
    finally:
        isolation.close()


def test_losing_the_warm_process_during_a_run_is_a_crash() -> None:
    isolation = Isolation()
    marker = f"8{os.getpid()}"
    try:
        run(isolation, "length")
        assert isolation._warm is not None
        victim = isolation._warm.process.pid
        threading.Timer(0.5, lambda: os.kill(victim, signal.SIGKILL)).start()
        began = time.monotonic()
        assert run(isolation, "breed_and_spin", marker.encode()).ending is Ending.CRASHED
        assert time.monotonic() - began < 5
        if isolation.report()["processes"] == "isolated":
            assert gone(f"sleep {marker}")
        assert run(isolation, "length", b"abc").result == 3
    finally:
        isolation.close()


def test_a_stopped_warm_process_never_hangs_us() -> None:
    isolation = Isolation()
    try:
        run(isolation, "length")
        assert isolation._warm is not None
        os.kill(isolation._warm.process.pid, signal.SIGSTOP)
        began = time.monotonic()
        assert run(isolation, "length", limits=SHORT).ending is Ending.TIMEOUT
        assert time.monotonic() - began < 12
        assert run(isolation, "length", b"abc").result == 3
    finally:
        isolation.close()


def test_nothing_outlives_a_parent_that_is_killed() -> None:
    marker = f"9{os.getpid()}"
    script = textwrap.dedent(
        f"""
        import threading, time
        from parsers.isolation import Isolation, Limits
        isolation = Isolation()
        limits = Limits(wall_seconds=60, megabytes=1024)
        isolation.report()
        run = lambda: isolation.run("{HERE}:breed_and_spin", b"{marker}", {{}}, limits)
        threading.Thread(target=run, daemon=True).start()
        time.sleep(0.5)
        print(isolation._warm.process.pid, flush=True)
        time.sleep(60)
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        zygote = int(parent.stdout.readline())
        assert living(f"sleep {marker}")
        parent.kill()
    assert gone(f"sleep {marker}")
    until = time.monotonic() + 5
    while Path(f"/proc/{zygote}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    state = Path(f"/proc/{zygote}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_closing_twice_is_no_fault() -> None:
    isolation = Isolation()
    isolation.close()
    isolation.report()
    isolation.close()
    isolation.close()


def test_what_is_cut_off_by_our_own_end_is_no_verdict_on_a_document() -> None:
    isolation = Isolation()
    isolation.report()
    ending = threading.Timer(0.5, isolation.close)
    ending.start()
    with pytest.raises(IsolationClosedError):
        run(isolation, "sleep")
    ending.join()
    isolation.close()


def test_without_rights_over_the_machine_one_document_follows_another() -> None:
    """As an ordinary user, who may leave a namespace but not come back to it; `unshare -r` makes
    one of root, too.
    """
    script = textwrap.dedent(
        f"""
        from contextlib import closing
        from parsers.isolation import Isolation, Limits
        with closing(Isolation()) as isolation:
            limits = Limits(wall_seconds=10, megabytes=1024)
            ran = [isolation.run("{HERE}:length", b"abc", {{}}, limits) for _ in range(3)]
            print(*(each.ending.value for each in ran), *isolation.report().values())
        """
    )
    done = subprocess.run(
        ["unshare", "-Ur", sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["ok", "ok", "ok", "isolated", "shared"]
