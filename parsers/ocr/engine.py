"""Reads the letters of pictures with the tesseract program and the languages installed for it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

PROGRAM = "tesseract"
ENGLISH, LATIN = "eng", "Latin"
"""Debian's tesseract-ocr-eng, and tesseract-ocr-script-latn with every Latin letter."""
PAGE, SPARSE, BLOCK = 3, 11, 6
"""Tesseract's page segmentation modes: a whole page, scattered words, one block of text."""
_WORD = "5"
_COLUMNS = 12


class EngineError(Exception):
    """The program is missing, failed, or took too long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A word in a picture: its box in pixels (x0, top, x1, bottom), how sure the engine is (0 to
    1), and a number that it shares with the other words of its line.
    """

    text: str
    box: tuple[int, int, int, int]
    confidence: float
    line: tuple[int, int, int]


@cache
def languages() -> frozenset[str]:
    """Those of ours that are installed; empty without the program."""
    program = shutil.which(PROGRAM)
    if program is None:
        return frozenset()
    try:
        listed = subprocess.run(
            [program, "--list-langs"],
            capture_output=True,
            check=True,
            timeout=20,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    names = {Path(line.strip()).name for line in listed.stdout.decode("utf-8", "replace").split()}
    return frozenset({ENGLISH, LATIN} & names)


class Engine:
    """One run of the program at a time, on one processor, until a moment of the monotonic clock."""

    def __init__(self, until: float) -> None:
        """`until`: when no run may go on any more."""
        self._until = until
        self._program = shutil.which(PROGRAM)

    def read(
        self, pictures: Sequence[Image], *, language: str, layout: int, dpi: int
    ) -> list[list[Seen]]:
        """The words of each picture, in the order of reading; EngineError when there is no answer.
        Nothing is written to a disk.
        """
        if not pictures:
            return []
        if self._program is None:
            raise EngineError
        try:
            told = subprocess.run(
                [
                    *(self._program, "stdin", "stdout", "-l", language, "--psm", str(layout)),
                    *("--dpi", str(dpi), "tsv"),
                ],
                input=_stacked(pictures),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=True,
                timeout=max(0.1, self._until - time.monotonic()),
                env=os.environ | {"OMP_THREAD_LIMIT": "1"},
            )
            return _told(told.stdout.decode("utf-8", "replace"), len(pictures))
        except (OSError, subprocess.SubprocessError, ValueError):
            raise EngineError from None


def _stacked(pictures: Sequence[Image]) -> bytes:
    """All pictures in one file, so that the program loads its language once."""
    buffer = io.BytesIO()
    first, *others = pictures
    first.save(buffer, "TIFF", save_all=True, append_images=others)
    return buffer.getvalue()


def _told(table: str, count: int) -> list[list[Seen]]:
    found: list[list[Seen]] = [[] for _ in range(count)]
    for row in table.split("\n"):
        columns = row.split("\t")
        if len(columns) < _COLUMNS or columns[0] != _WORD or not columns[11].strip():
            continue
        page, block, paragraph, line = map(int, columns[1:5])
        left, top, wide, high = map(int, columns[6:10])
        if page <= count:
            found[page - 1].append(
                Seen(
                    text=columns[11].strip(),
                    box=(left, top, left + wide, top + high),
                    confidence=min(max(float(columns[10]) / 100, 0.0), 1.0),
                    line=(block, paragraph, line),
                )
            )
    return found
