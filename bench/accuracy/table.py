"""The scores as a table, in Markdown that also reads well in a terminal."""

from __future__ import annotations

import platform
import shutil
import subprocess
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bench.accuracy.score import Score

_HEAD = ("kind", "documents", "fields", "exact", "letters wrong", "wrong, marked",
         "**wrong, silent**", "invented", "dropped", "of these silently", "not read")  # fmt: skip
_PACKAGES = ("pdfplumber", "pdfminer.six", "pypdfium2", "lxml", "pillow", "rapidfuzz")


def table(scores: Mapping[str, Score]) -> str:
    """One line for each kind."""
    rows = [_HEAD, tuple("-" if number else ":-" for number in range(len(_HEAD)))]
    rows += [_row(kind, score) for kind, score in scores.items()]
    wide = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join(
        "| " + " | ".join(_cell(text, wide[n], right=n > 0) for n, text in enumerate(row)) + " |"
        for row in rows
    )


def _cell(text: str, wide: int, *, right: bool) -> str:
    if text in ("-", ":-"):
        return "-" * (wide - 1) + ":" if right else ":" + "-" * (wide - 1)
    return text.rjust(wide) if right else text.ljust(wide)


def _row(kind: str, score: Score) -> tuple[str, ...]:
    unread = ", ".join(f"{count} {reason}" for reason, count in sorted(score.unread.items()))
    if not score.fields:
        return (kind, str(score.documents), *[""] * (len(_HEAD) - 3), unread)
    silent = f"{score.silent}" + (f" ({score.in_doubt} in doubt)" if score.in_doubt else "")
    return (
        kind,
        f"{score.documents}",
        f"{score.fields}",
        f"{score.exact / score.fields:.2%}",
        f"{score.error_rate:.3%}",
        f"{score.marked}",
        f"**{silent}**" if score.silent else silent,
        f"{score.invented}",
        f"{score.dropped}",
        f"{score.missed}",
        unread,
    )


def circumstances(seed: int, count: int, day: date) -> str:
    """What the numbers were measured with."""
    tools = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"Measured on {day.isoformat()}: seed {seed}, {count} forms of each kind filled in at "
        f"random beside the golden documents; Python {platform.python_version()}, {tools}, "
        f"{_tesseract()}. Anew: `make accuracy`."
    )


def _tesseract() -> str:
    if shutil.which("tesseract") is None:
        return "no tesseract"
    said = subprocess.run(
        ["tesseract", "--version"], check=True, capture_output=True, text=True
    ).stdout
    return said.splitlines()[0]
