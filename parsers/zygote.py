"""The warm process from which the children of `isolation` are forked."""

from __future__ import annotations

import array
import contextlib
import ctypes
import gc
import importlib
import json
import logging
import os
import resource
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

_PRELOADED = ("pdfplumber", "pypdfium2", "parsers.extract")
_MEGABYTE = 1024 * 1024
_REQUEST = 64 * 1024
_LOOK_AROUND = 2000
"""Milliseconds after which it is looked whether the process that started us still lives."""
_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 36, 38
_RAISED, _OUT_OF_MEMORY, _TOO_LARGE = 72, 73, 74
_ENDINGS = {
    0: "ok",
    _RAISED: "raised",
    _OUT_OF_MEMORY: "memory",
    _TOO_LARGE: "too-large-result",
    int(signal.SIGALRM): "timeout",
}

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(slots=True)
class _Child:
    pid: int
    watch: int
    tell: int
    deadline: float
    cpu_seconds: float
    timed_out: bool = False


class Zygote:
    """Forks a child for each request on its socket, until the other side is gone.

    It must not ask to be killed with its parent (PR_SET_PDEATHSIG): that looks at the thread that
    started it, which may end long before the process. The socket's end tells, and its parent's id.
    """

    def __init__(self, descriptor: int, prepared: list[tuple[str, dict[str, Any]]]) -> None:
        """`prepared`: functions called once before the first request, with their arguments."""
        self._prepared = prepared
        self._parent = os.getppid()
        self._control = socket.socket(fileno=descriptor)
        self._children: dict[int, _Child] = {}
        self._own_pids: int | None = None

    def serve(self) -> None:
        """Return when nobody is left to serve; every child is dead then."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        network = _leave_network()
        self._own_pids = _own_pids()
        _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        logging.disable(logging.CRITICAL)
        for module in _PRELOADED:
            importlib.import_module(module)
        for function, arguments in self._prepared:
            # What fails here fails again in each child, where it is told.
            with contextlib.suppress(Exception):
                _named(function)(**arguments)
        gc.collect()
        gc.freeze()  # else a child's collector writes on what all share, and so copies it
        report = {
            "network": "isolated" if network else "shared",
            "processes": "isolated" if self._own_pids is not None else "shared",
        }
        self._control.send(json.dumps(report).encode())
        while os.getppid() == self._parent and self._once():
            pass
        for child in self._children.values():
            _kill(child.pid)
            os.waitpid(child.pid, 0)
        self._children.clear()
        self._end_orphans()

    def _once(self) -> bool:
        """Wait for the next event and see to it; False when the other side is gone."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        for child in self._children.values():
            poll.register(child.watch, select.POLLIN)
        now = time.monotonic()
        nearest = min((child.deadline - now for child in self._children.values()), default=60.0)
        ready = {fd for fd, _ in poll.poll(min(_LOOK_AROUND, max(0.0, nearest * 1000)))}
        for child in list(self._children.values()):
            if child.watch in ready:
                del self._children[child.watch]
                self._bury(child)
            elif time.monotonic() >= child.deadline:
                child.timed_out = True
                child.deadline = float("inf")
                _kill(child.pid)
        return self._control.fileno() not in ready or self._next()

    def _next(self) -> bool:
        descriptors = array.array("i")
        request, ancillary, _, _ = self._control.recvmsg(_REQUEST, socket.CMSG_SPACE(12))
        if not request:
            return False
        for level, kind, rights in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                descriptors.frombytes(rights)
        document, result, tell = descriptors
        try:
            asked = json.loads(request)
            pid = self._fork()
            if pid == 0:
                _child(asked, document, result)
            child = _Child(
                pid=pid,
                watch=os.pidfd_open(pid),
                tell=tell,
                deadline=time.monotonic() + asked["wall_seconds"],
                cpu_seconds=asked["cpu_seconds"],
            )
            self._children[child.watch] = child
        except (OSError, ValueError):
            # Too many processes, or a request that was cut off: nothing has begun.
            _tell(tell, "crashed")
        finally:
            os.close(document)
            os.close(result)
        return True

    def _fork(self) -> int:
        """Where it can, the child is the first process of a namespace: when it ends, the kernel
        ends whatever it has started.
        """
        if self._own_pids is None:
            return os.fork()
        walled = _libc.unshare(_CLONE_NEWPID) == 0
        try:
            pid = os.fork()
        except OSError:
            pid = -1
        if walled and pid != 0:
            _libc.setns(self._own_pids, _CLONE_NEWPID)
        if pid < 0:
            raise BlockingIOError
        return pid

    def _bury(self, child: _Child) -> None:
        """Say how it ended, after whatever it started has been ended too."""
        _kill(child.pid)
        _, status, used = os.wait4(child.pid, 0)
        self._end_orphans()
        os.close(child.watch)
        code = os.waitstatus_to_exitcode(status)
        spent = used.ru_utime + used.ru_stime >= child.cpu_seconds
        if child.timed_out or code == -signal.SIGXCPU or (code == -signal.SIGKILL and spent):
            _tell(child.tell, "timeout")
        elif code < 0:
            _tell(child.tell, f"crashed {-code}")
        else:
            _tell(child.tell, _ENDINGS.get(code, "crashed"))

    def _end_orphans(self) -> None:
        """What a child started and left outside its group came to us (PR_SET_CHILD_SUBREAPER)."""
        known = {child.pid for child in self._children.values()}
        until = time.monotonic() + 1.0
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
                orphans = {int(pid) for pid in listed.split()} - known
                for pid in orphans:
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                if orphans:
                    continue
            return


def _leave_network() -> bool:
    """A network namespace of our own has no way out; without the right to make one, go without."""
    return any(
        _libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)
    )


def _own_pids() -> int | None:
    """Our own process namespace, to come back to; None where none can be made for children."""
    try:
        own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    if _comes_back(own):
        return own
    os.close(own)
    return None


def _comes_back(own: int) -> bool:
    """Whether a process can be told to have its children elsewhere, and then here again: without
    rights over our own namespace it can't, and after its first child it could start no other. So
    a child of ours tries.
    """
    pid = os.fork()
    if pid == 0:
        done = _libc.unshare(_CLONE_NEWPID) == 0 and _libc.setns(own, _CLONE_NEWPID) == 0
        os._exit(0 if done else 1)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) == 0


def _child(asked: dict[str, Any], document: int, result: int) -> NoReturn:
    """The process ends here, whatever happens."""
    code = _RAISED
    try:
        os.setsid()
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        low, high = sorted((document, result))
        for first, last in ((0, low), (low + 1, high), (high + 1, 65536)):
            os.closerange(first, last)
        for _ in range(3):
            os.open(os.devnull, os.O_RDWR)
        _limit(asked)
        _end_at_an_alarm()
        with open(document, "rb", closefd=False) as file:
            file.seek(0)
            content = file.read()
        said = json.dumps(_named(asked["function"])(content, **asked["arguments"])).encode()
        if len(said) > asked["result_bytes"]:
            code = _TOO_LARGE
        else:
            with open(result, "wb", closefd=False) as file:
                file.write(said)
            code = 0
    except MemoryError:
        code = _OUT_OF_MEMORY
    finally:
        os._exit(code)


def _end_at_an_alarm() -> None:
    """The first process of a namespace is not ended by a signal that it doesn't handle
    (pid_namespaces(7)), and Python handles one only when no library is at work: so the C library
    ends it, with the signal's number as its code.
    """
    ending = ctypes.cast(_libc._exit, ctypes.c_void_p)  # noqa: SLF001 - the C library's name
    _libc.signal(ctypes.c_int(signal.SIGALRM), ending)


def _named(function: str) -> Callable[..., Any]:
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _limit(asked: dict[str, Any]) -> None:
    cpu = max(1, round(asked["cpu_seconds"]))
    for what, soft, hard in (
        (resource.RLIMIT_AS, asked["megabytes"] * _MEGABYTE, 0),
        (resource.RLIMIT_CPU, cpu, cpu + 1),
        (resource.RLIMIT_FSIZE, asked["result_bytes"], 0),
        (resource.RLIMIT_NOFILE, 64, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(what, (soft, hard or soft))


def _tell(pipe: int, ending: str) -> None:
    with contextlib.suppress(OSError):
        os.write(pipe, ending.encode())
    os.close(pipe)


def _kill(group: int) -> None:
    """The child and its group; it may not have made its group yet."""
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(group, signal.SIGKILL)


if __name__ == "__main__":
    Zygote(int(sys.argv[1]), json.loads(sys.argv[2])).serve()
