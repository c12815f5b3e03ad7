"""What people and programs are shown of records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from intake.commands import output

if TYPE_CHECKING:
    from collections.abc import Callable


def test_records_are_a_line_each_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    records = [{"value": "two\nlines"}, {"value": "Łoś “quoted”"}]
    output.json_lines(records)
    said = capsys.readouterr()
    assert [json.loads(line) for line in said.out.splitlines()] == records
    assert said.err == ""


@pytest.mark.parametrize(
    "evil", ["\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "a\rb", "\b\b", "\u202egnp.exe", "\ud800"]
)
def test_what_was_typed_never_steers_the_terminal(
    evil: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output.table("Cases", ["reference", "value"], [["EX-2026-7KM4X-3", f"before{evil}after"]])
    shown = capsys.readouterr().out
    assert "�" in shown
    assert not set(evil) & set(shown) - set("abgnpextil.;[]0123JmTm")


@pytest.mark.parametrize(
    "kept", ["ليلى נועה", "🙂👩‍🏫", "Wiśniewska", "tab\tbed", "[bold]no markup[/]"]
)
def test_what_people_type_is_shown_as_typed(kept: str, capsys: pytest.CaptureFixture[str]) -> None:
    output.table("Cases", ["reference", "value"], [["EX-2026-7KM4X-3", kept]])
    assert kept.replace("\t", " ").split(maxsplit=1)[0] in capsys.readouterr().out


def test_a_reference_is_never_broken(capsys: pytest.CaptureFixture[str]) -> None:
    output.table("Cases", ["reference", "value"], [["EX-2026-7KM4X-3", "x" * 1000]])
    assert "EX-2026-7KM4X-3" in capsys.readouterr().out


def test_progress_is_silent_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    step: Callable[[int, int], None]
    with output.progress("messages") as step:
        step(1, 2)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")
