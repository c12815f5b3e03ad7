"""A mailbox in a Maildir on this machine."""

from __future__ import annotations

import base64
import contextlib
import errno
import os
import re
import stat
from typing import TYPE_CHECKING

from intake.mailboxes.base import (
    Fetched,
    MailboxUnavailableError,
    MessageGoneError,
    MessageRef,
    MessageUnreadableError,
)

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

_LARGEST_MESSAGE = 150_000_000
_TRIES = 5
_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)


class MaildirMailbox:
    """Mailbox over a Maildir that other programs use at the same time.

    The directory is the delivering program's and is never made here. One without `new` is refused,
    an empty one too: it is what a wrong path or a missing mount looks like, and would be a mailbox
    that is quiet for ever. `cur` and `tmp` may be missing. Folders (Maildir++) are made if missing.

    The unique part of a file's name (before ":") is the key; the rest, and whether it lies in `new`
    or `cur`, changes whenever somebody sets a flag. A Maildir knows no time of receipt: with
    `start_at`, the file's time stands for it, which a delivery sets and a move keeps.
    """

    def __init__(self, *, name: str, path: Path, start_at: datetime | None = None) -> None:
        self.name = name
        self._path = path
        self._start_at = start_at

    def list(self) -> list[MessageRef]:
        """See Mailbox. Directories and names with a dot in front are not messages."""
        # Twice, for a file that is renamed during the first look may be seen under neither name.
        found = self._files() | self._files()
        times: dict[str, float] = {}
        for key, path in found.items():
            with contextlib.suppress(FileNotFoundError):
                times[key] = path.lstat().st_mtime
        earliest = self._start_at.timestamp() if self._start_at else float("-inf")
        return [
            MessageRef(mailbox=self.name, key=key)
            for key, time in sorted(times.items(), key=lambda item: (item[1], item[0]))
            if time >= earliest
        ]

    def fetch(self, ref: MessageRef) -> Fetched:
        """See Mailbox. `received_at` is None: the file's time is not the server's word."""
        for _ in range(_TRIES):
            path = self._files().get(ref.key)
            if path is None:
                break
            with contextlib.suppress(FileNotFoundError):  # renamed meanwhile: look again
                return Fetched(raw=_read(path), received_at=None)
        raise MessageGoneError

    def file(self, ref: MessageRef, folder: str, before: Callable[[], None] = lambda: None) -> bool:
        """See Mailbox. False also where this user may not write."""
        try:
            for _ in range(_TRIES):
                path = self._files().get(ref.key)
                if path is None:
                    return True
                target = self._room(folder)
                with contextlib.suppress(FileNotFoundError):  # renamed meanwhile: look again
                    before()
                    path.rename(_free_name(target, path))
                    _sync(target)
                    _sync(path.parent)
                    return True
        except OSError as error:
            if error.errno in _NOT_ALLOWED:
                return False
            raise self._unavailable(error) from None
        return False

    def check(self) -> builtins.list[str]:
        """See Mailbox."""
        self._files()
        if os.access(self._path, os.W_OK | os.X_OK):
            return []
        return [f"mailbox {self.name}: {self._path} cannot be written to: messages stay in it"]

    def close(self) -> None:
        """See Mailbox. There is nothing to let go of."""

    def _files(self) -> dict[str, Path]:
        """Every message by its key. `new` first: mail goes from there to `cur`, never back."""
        found: dict[str, Path] = {}
        for room in (self._path / "new", self._path / "cur"):
            try:
                with os.scandir(room) as entries:
                    for entry in entries:
                        if not entry.name.startswith(".") and not entry.is_dir(
                            follow_symlinks=False
                        ):
                            found[entry.name.partition(":")[0]] = room / entry.name
            except FileNotFoundError as error:
                if room.name == "new":
                    raise self._unavailable(error) from None
            except OSError as error:
                raise self._unavailable(error) from None
        return found

    def _room(self, folder: str) -> Path:
        """The folder's `cur`, made when it is missing."""
        home = self._path / ("." + ".".join(_modified_utf7(part) for part in folder.split("/")))
        for room in (home, home / "tmp", home / "new", home / "cur"):
            with contextlib.suppress(FileExistsError):
                room.mkdir(mode=0o700)
                _sync(room.parent)
        (home / "maildirfolder").touch(mode=0o600)
        return home / "cur"

    def _unavailable(self, error: OSError) -> MailboxUnavailableError:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return MailboxUnavailableError(
                f"mailbox {self.name}: {self._path} is not a Maildir (it has no directory new)",
                permanent=True,
            )
        return MailboxUnavailableError(
            f"mailbox {self.name}: {self._path} cannot be used: {error.strerror}",
            permanent=error.errno in _NOT_ALLOWED,
        )


def _read(path: Path) -> bytes:
    """A regular file's bytes. Raises FileNotFoundError and MessageUnreadableError."""
    try:
        # O_NONBLOCK: a named pipe would keep us waiting for somebody to write into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise MessageUnreadableError(f"the file cannot be opened: {error.strerror}") from None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise MessageUnreadableError("it is not a file")
        try:
            raw = file.read(_LARGEST_MESSAGE + 1)
        except OSError as error:
            raise MessageUnreadableError(f"the file cannot be read: {error.strerror}") from None
    if not raw:
        raise MessageUnreadableError("the file is empty")
    if len(raw) > _LARGEST_MESSAGE:
        raise MessageUnreadableError("the message is too large")
    return raw


def _free_name(target: Path, path: Path) -> Path:
    """A name in `target` that keeps the file's flags and overwrites no other message."""
    key, _, info = path.name.partition(":")
    free = target / f"{key}:{info or '2,'}"
    number = 0
    while os.path.lexists(free):
        number += 1
        free = target / f"{key}-{number}:{info or '2,'}"
    return free


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _modified_utf7(name: str) -> str:
    """RFC 3501 §5.1.3, as IMAP servers name folders on disk."""

    def shifted(run: re.Match[str]) -> str:
        if run[0] == "&":
            return "&-"
        coded = base64.b64encode(run[0].encode("utf-16-be")).decode("ascii")
        return "&" + coded.rstrip("=").replace("/", ",") + "-"

    return re.sub(r"&|[^\x20-\x7e]+", shifted, name)
