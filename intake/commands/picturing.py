"""The folder into which `extract --picture` puts its pictures."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from intake.commands.status import Status
from parsers.pictures import is_ours

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from parsers.model import Extraction
    from parsers.pictures import Picture

_NAMED = 12
"""Digits of a document's SHA-256 in the names of its pictures: nothing of its own name is."""
_LOOKED_AT = 256


def made(folder: Path) -> str | None:
    """Make the folder, for the user alone; a sentence when it can't be used."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        return f"{folder}: pictures can't be put there ({error.strerror}); name another folder\n"
    return None


def keep(path: Path, read: Extraction, pictures: Iterable[Picture], folder: Path) -> Status:
    """Put the pictures of one document into the folder, and say where they lie. A file that isn't
    a picture of ours is never written over: that is 2; a page that could not be drawn is 1.
    """
    status = Status.DONE
    any_page = False
    for picture in pictures:
        any_page = True
        page = f"{path}: page {picture.page}"
        target = folder / f"{read.sha256[:_NAMED]}-page-{picture.page}.png"
        if picture.png is None:
            sys.stderr.write(f"{page} could not be drawn ({picture.ending}); open the file\n")
            status = max(status, Status.ATTENTION)
            continue
        try:
            _write(target, picture.png)
        except OSError as error:
            sys.stderr.write(f"{page} is not kept: {target} can't be written ({error.strerror})\n")
            status = Status.WRONG
        else:
            sys.stderr.write(f"{page} is drawn in {target}\n")
    if not any_page:
        why = "no form was found in it" if not read.forms else "this kind of file has no pages"
        sys.stderr.write(f"{path}: nothing was drawn, because {why}\n")
    return status


def _write(target: Path, png: bytes) -> None:
    """Readable by the user alone; takes the place of an earlier picture, and of nothing else."""
    if _is_earlier(target):
        target.unlink()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(png)


def _is_earlier(target: Path) -> bool:
    """Whether a picture that we made lies there; what can't be looked into is not ours."""
    if target.is_symlink() or not target.is_file():
        return False
    with target.open("rb") as file:
        return is_ours(file.read(_LOOKED_AT))
