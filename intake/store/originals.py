"""The messages as they came, byte for byte, each in a file of its own."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SUFFIX = ".eml"
_UNFINISHED = ".part"


class OriginalMissingError(Exception):
    """The original that a ledger row names is not there."""


class Originals(Protocol):
    """Where originals are kept. Encryption stands behind this, and nobody else need know."""

    def put(self, key: str, raw: bytes) -> None:
        """Keep `raw` under `key`, durably: when this returns, a power cut cannot undo it. Putting
        the same key again replaces it whole.
        """

    def get(self, key: str) -> bytes:
        """The bytes kept under `key`; OriginalMissingError."""

    def keys(self) -> Iterator[str]:
        """Every key that is kept."""


class FileOriginals:
    """One file an original, named by the ledger's id: nothing personal stands in a name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, raw: bytes) -> None:
        """Write beside, fsync, rename, fsync the directories: whole, or not at all."""
        path = self._path(key)
        _make_durably(path.parent)
        unfinished = path.with_suffix(_UNFINISHED)
        descriptor = os.open(
            unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600
        )
        try:
            with open(descriptor, "wb") as file:  # noqa: PTH123 - opened by descriptor for its mode
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(path)
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise
        _fsync_directory(path.parent)

    def get(self, key: str) -> bytes:
        """Read the file."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise OriginalMissingError(key) from None

    def keys(self) -> Iterator[str]:
        """Every finished file's name."""
        for path in sorted(self._folder.glob(f"*/*{_SUFFIX}")):
            yield path.stem

    def _path(self, key: str) -> Path:
        if not (key.isascii() and key.isalnum()):
            raise ValueError("an original's key is made of letters and digits")
        return self._folder / key[:2] / f"{key}{_SUFFIX}"


def _make_durably(folder: Path) -> None:
    """Make a folder so that a power cut cannot take it, with what was put into it, away again."""
    if folder.is_dir():
        return
    _make_durably(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _fsync_directory(folder.parent)


def _fsync_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
