"""Runs a named function over bytes in a child that can be limited and killed."""

from __future__ import annotations

import array
import contextlib
import errno
import fcntl
import json
import os
import select
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_START_SECONDS = 60.0
_SEND_SECONDS = 10.0
_GRACE_SECONDS = 5.0
"""The warm process ends a child at its deadline; only if it fails to is it ended itself."""
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a run may use. `megabytes` is address space; `result_megabytes` what may come back.

    Without `cpu_seconds` only the wall clock counts, up to which a child may also compute.
    """

    wall_seconds: float
    megabytes: int
    cpu_seconds: float | None = None
    result_megabytes: int = 16


class Ending(StrEnum):
    """How a run ended."""

    OK = "ok"
    TIMEOUT = "timeout"
    """The wall clock or the processor time ran out."""
    MEMORY = "memory"
    CRASHED = "crashed"
    """Ended by a signal, or the warm process was lost."""
    RAISED = "raised"
    """The function raised; what it raised stays in the child, since it may quote the document."""
    TOO_LARGE_RESULT = "too-large-result"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """`result` is what the function returned, through JSON; None unless `ending` is OK. `signal` is
    the number of the signal that ended a crashed child, if it was one.
    """

    ending: Ending
    result: Any = None
    signal: int | None = None


class IsolationClosedError(BlockingIOError):
    """A run was cut off because this program ends: nothing is known of the document."""


class Isolation:
    """Children forked from a warm process that was started afresh and knows no secret.

    That process is single-threaded, has the readers loaded, and leaves the network where the
    machine lets it (`report` says so). Safe to use from several threads, several runs at once. When
    this process dies, however it dies, so do that one and its children.
    """

    def __init__(self, *prepared: tuple[str, dict[str, Any]]) -> None:
        """`prepared`: functions (`module:name`) with their keyword arguments, called once in the
        warm process, so that every child finds done what all of them need.
        """
        self._prepared = json.dumps(prepared)
        self._lock = threading.Lock()
        self._warm: _Warm | None = None
        self._report: dict[str, str] = {}
        self._closings = 0

    def run(
        self, function: str, content: bytes, arguments: dict[str, Any], limits: Limits
    ) -> Outcome:
        """Call `module:name` with `content` and the keyword arguments. Never raises for what the
        function does, and never waits much longer than the wall clock limit.

        Raises IsolationClosedError when it was cut off by `close`.
        """
        closings = self._closings
        outcome = self._run(function, content, arguments, limits)
        if outcome.ending is not Ending.OK and closings != self._closings:
            raise IsolationClosedError(errno.EAGAIN, "the program is ending")
        return outcome

    def _run(
        self, function: str, content: bytes, arguments: dict[str, Any], limits: Limits
    ) -> Outcome:
        request = {
            "function": function,
            "arguments": arguments,
            "wall_seconds": limits.wall_seconds,
            "cpu_seconds": limits.cpu_seconds or limits.wall_seconds,
            "megabytes": limits.megabytes,
            "result_bytes": limits.result_megabytes * _MEGABYTE,
        }
        try:
            with _nameless("document", content) as document, _nameless("result") as result:
                reading, writing = os.pipe2(os.O_CLOEXEC)
                with os.fdopen(reading, "rb", buffering=0) as told:
                    warm = self._send(json.dumps(request).encode(), [document, result, writing])
                    outcome = self._wait(told, warm, limits.wall_seconds + _GRACE_SECONDS)
                if outcome.ending is not Ending.OK:
                    return outcome
                return _read(result, limits.result_megabytes * _MEGABYTE)
        except OSError:
            return Outcome(ending=Ending.CRASHED)

    def report(self) -> dict[str, str]:
        """What walls the children have on this machine, each "isolated" or "shared": the network,
        and the processes (whether nothing that a child starts can outlive it). Empty when no child
        can be started at all.
        """
        with self._lock, contextlib.suppress(OSError):
            self._started()
            return dict(self._report)
        return {}

    def close(self) -> None:
        """End the warm process and every child."""
        self._closings += 1
        with self._lock:
            self._end()

    def _send(self, request: bytes, descriptors: list[int]) -> _Warm:
        """Hand the request over; the last descriptor, by which we are told, is closed here."""
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
        try:
            with self._lock:
                warm = self._started()
                try:
                    warm.control.sendmsg([request], rights)
                except OSError:
                    # It died since the last run: a new one takes its place, once.
                    self._end()
                    warm = self._started()
                    warm.control.sendmsg([request], rights)
                return warm
        finally:
            os.close(descriptors[-1])

    def _wait(self, told: Any, warm: _Warm, seconds: float) -> Outcome:
        poll = select.poll()
        poll.register(told, select.POLLIN)
        if not poll.poll(seconds * 1000):
            self._abandon(warm)
            return Outcome(ending=Ending.TIMEOUT)
        ending, _, number = told.read(64).decode("ascii", "replace").partition(" ")
        if ending not in set(Ending):
            self._abandon(warm)
            return Outcome(ending=Ending.CRASHED)
        return Outcome(ending=Ending(ending), signal=int(number) if number else None)

    def _abandon(self, warm: _Warm) -> None:
        """End a warm process that doesn't answer, unless another has taken its place already."""
        with self._lock:
            if self._warm is warm:
                self._end()

    def _started(self) -> _Warm:
        if self._warm is None:
            self._warm = warm = _start(self._prepared)
            try:
                said = warm.control.recv(4096)
                if not said:
                    raise ConnectionError
                self._report = json.loads(said)
                warm.control.settimeout(_SEND_SECONDS)
            except OSError:
                self._end()
                raise
        return self._warm

    def _end(self) -> None:
        if self._warm is None:
            return
        warm, self._warm = self._warm, None
        warm.control.close()
        try:
            warm.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            warm.process.kill()
            warm.process.wait()


@dataclass(frozen=True, slots=True, eq=False)
class _Warm:
    process: subprocess.Popen[bytes]
    control: socket.socket


def _start(prepared: str) -> _Warm:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "parsers.zygote", str(theirs.fileno()), prepared],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(Path(__file__).parent.parent), "LC_ALL": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        )
    ours.settimeout(_START_SECONDS)
    return _Warm(process, ours)


@contextlib.contextmanager
def _nameless(name: str, content: bytes | None = None) -> Iterator[int]:
    """A file without a name, so that nothing of a document ever lies on a disk. With a content, it
    is sealed: a child can't change it.
    """
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        if content is not None:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
            fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
        yield descriptor
    finally:
        os.close(descriptor)


def _read(descriptor: int, most: int) -> Outcome:
    """What a child left, believed no further than that it is JSON of a permitted size."""
    size = os.fstat(descriptor).st_size
    if size > most:
        return Outcome(ending=Ending.TOO_LARGE_RESULT)
    with open(os.dup(descriptor), "rb") as file:  # noqa: PTH123 - it has no path
        file.seek(0)
        said = file.read(size)
    try:
        return Outcome(ending=Ending.OK, result=json.loads(said))
    except (ValueError, RecursionError):
        return Outcome(ending=Ending.CRASHED)
