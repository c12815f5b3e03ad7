"""Server processes and their folder, which end with pytest however pytest ends."""

from __future__ import annotations

import contextlib
import functools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from tests.servers.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Outlives a killed pytest by an instant: its standard input ends when pytest does. Then every
# process group written down in the folder is killed, and the folder removed.
_KEEPER = """
read -r _
for group in "$1"/groups/*; do
  [ -e "$group" ] && kill -s KILL -- "-$(cat "$group")"
done
tries=0
while ! rm -rf -- "$1" && [ $tries -lt 50 ]; do tries=$((tries + 1)); sleep 0.1; done
"""


class ServerMissingError(Exception):
    """A program that the tests need is not on this machine."""


class ServerFailedError(Exception):
    """A server did not come up."""


def executable(name: str, *places: str) -> str:
    """Where a program is: on PATH, where Debian keeps daemons, or in `places`."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin", *places])
    found = shutil.which(name, path=path)
    if found is None:
        raise ServerMissingError(
            f"{name} is not installed; scripts/system-packages installs what the tests need"
        )
    return found


def is_root() -> bool:
    """Whether servers have to be given another account."""
    return os.geteuid() == 0


@functools.cache
def unprivileged() -> pwd.struct_passwd:
    """The account servers run under: nobody's when pytest is root, else one's own."""
    return pwd.getpwnam("nobody") if is_root() else pwd.getpwuid(os.geteuid())


def dropping() -> list[str]:
    """What stands before a command so that it runs unprivileged."""
    if not is_root():
        return []
    account = unprivileged()
    return [
        executable("setpriv"),
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
    ]


@functools.cache
def namespace() -> tuple[str, ...]:
    """What stands before a command so that it has a process namespace of its own, which ends as
    a whole; nothing where the machine does not allow one.
    """
    pid = ("--pid", "--fork", "--kill-child=KILL")
    try:
        prefix = (
            (executable("setpriv"), "--pdeathsig=KILL", executable("unshare"), *pid)
            if is_root()
            else (executable("unshare"), "--user", "--map-current-user", *pid)
        )
    except ServerMissingError:
        return ()
    probe = subprocess.run([*prefix, "true"], check=False, capture_output=True)
    return prefix if probe.returncode == 0 else ()


class Premises:
    """A folder for servers; it and what runs in it go when this process goes, even by SIGKILL."""

    def __init__(self) -> None:
        # Always /tmp: every account may walk through it, and names of Unix sockets must be short.
        self.path = Path(tempfile.mkdtemp(prefix="intake-tests-", dir="/tmp"))
        self.path.chmod(0o755)
        self.groups = self.path / "groups"
        self.groups.mkdir()
        self._keeper = subprocess.Popen(
            ["/bin/sh", "-c", _KEEPER, "keeper", str(self.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def folder(self, name: str) -> Path:
        """A new folder that the unprivileged account owns."""
        made = self.path / name
        made.mkdir()
        if is_root():
            os.chown(made, unprivileged().pw_uid, unprivileged().pw_gid)
        return made

    def close(self) -> None:
        """Leave nothing behind."""
        self._keeper.communicate(timeout=30)


class ServerProcess:
    """A server in the foreground, with all its children."""

    def __init__(
        self, premises: Premises, name: str, command: Sequence[str], *, as_root: bool = False
    ) -> None:
        self.name = name
        self.log = premises.path / f"{name}.log"
        self._group_file = premises.groups / name
        self._folder = premises.path
        self._command = [*([] if as_root else dropping()), *command]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, ready: Callable[[], bool]) -> None:
        """Run until `stop`; returns when it is `ready`."""
        if self._process is not None:
            raise RuntimeError(f"{self.name} runs already")
        inside = namespace()
        if inside and threading.current_thread() is not threading.main_thread():
            # The kernel ties the server's life to the thread that started it.
            raise RuntimeError(f"{self.name} can only be started from the main thread")
        # Postfix and Dovecot change their ids and so lose the tie: the shell keeps it for them.
        command = [*inside, "/bin/sh", "-c", '"$@" & wait', "-"] if inside else []
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *self._command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env={"PATH": os.environ["PATH"], "HOME": str(self._folder), "TZ": "UTC"},
                start_new_session=True,
            )
        self._group_file.write_text(str(self._process.pid))
        try:
            eventually(lambda: self._ended() or ready(), f"{self.name} answers", timeout=30)
        except AssertionError as error:
            self.stop()
            raise ServerFailedError(f"{error}\n{self.said()}") from None
        if self._ended():
            self.stop()
            raise ServerFailedError(f"{self.name} ended at once:\n{self.said()}")

    def stop(self) -> None:
        """End it with all its children, at once; returns when they are gone."""
        process, self._process = self._process, None
        if process is None:
            return
        first = _only_child(process.pid) if namespace() else None
        if first is not None:
            # The namespace's first process is only gone when all others in it are.
            with contextlib.suppress(ProcessLookupError):
                os.kill(first, signal.SIGKILL)
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)
        eventually(lambda: not _group_lives(process.pid), f"{self.name} is gone")
        self._group_file.unlink(missing_ok=True)

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and not self._ended()

    def said(self) -> str:
        """The end of what it wrote."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return text[-4000:]

    def _ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None


def _only_child(pid: int) -> int | None:
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return None
    return int(listed[0]) if listed else None


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
