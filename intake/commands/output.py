"""Printing: records as JSON Lines on standard output, people's text and progress elsewhere."""

from __future__ import annotations

import json
import sys
import unicodedata
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from intake.cases.summary import utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_HARMLESS = "\N{REPLACEMENT CHARACTER}"
_TURNS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
_WIDTH_ELSEWHERE = 180
"""Columns of a table that goes into a file or a pipe."""


def people() -> Console:
    """Where people read along: standard error, in colour only on a terminal."""
    return Console(stderr=True, highlight=False)


def json_lines(records: Iterable[Mapping[str, Any]]) -> None:
    """One JSON object a line, and nothing else, on standard output."""
    for record in records:
        sys.stdout.write(json.dumps(record, ensure_ascii=False, default=_plain) + "\n")
    sys.stdout.flush()


def table(title: str, columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    """A table for people on standard output. Nothing in it is taken for markup."""
    shown = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        # The first one names the record: it is what people copy and search for.
        shown.add_column(column, overflow="fold", no_wrap=not number)
    for line in lines:
        shown.add_row(*(Text(_shown(cell)) for cell in line))
    width = None if sys.stdout.isatty() else _WIDTH_ELSEWHERE
    Console(highlight=False, width=width).print(shown)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere; call it with (done, of)."""
    console = people()
    if not console.is_terminal:
        yield lambda _done, _of: None
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return utc(value)
    raise TypeError(type(value).__name__)


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return utc(cell)
    text = "\n".join(map(str, cell)) if isinstance(cell, (list, tuple)) else str(cell)
    return "".join(_HARMLESS if _steers(character) else character for character in text)


def _steers(character: str) -> bool:
    """Whether a terminal would obey it instead of showing it: what is shown was typed by strangers.

    Control characters, and what turns the direction of the text around it (UAX 9).
    """
    if character in "\n\t":
        return False
    return (
        unicodedata.category(character) in ("Cc", "Cs")
        or unicodedata.bidirectional(character) in _TURNS
    )
