"""`referral-intake demo` does what it shows, on a machine without servers, root or settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.gateway import ROOT, parsed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def command(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "intake", *words],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of one demo, and what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "kept"
    done = command("demo", "--keep", str(folder), cwd=folder.parent)
    assert (done.returncode, done.stderr) == (0, "")
    return folder, done.stdout


def records(folder: Path, words: Sequence[str]) -> list[dict[str, object]]:
    done = command(*words, "--json", "--config", str(folder / "intake.toml"))
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_it_shows_the_whole_job(kept: tuple[Path, str]) -> None:
    folder, shown = kept
    for case in records(folder, ("cases", "list")):
        assert str(case["reference"]) in shown
    for word in ("individual.surname", "Okafor-Lind", "Auto-Submitted: auto-replied", "999"):
        assert word in shown
    assert "NOT READ" not in shown.split("5. What")[0]
    assert str(folder) in shown


def test_a_clean_a_flattened_a_gappy_an_unreadable_one_and_an_auto_reply(
    kept: tuple[Path, str],
) -> None:
    cases = records(kept[0], ("cases", "list"))
    assert [case["readability"] for case in cases] == ["full", "full", "full", "none"]
    assert [bool(case["missing"]) for case in cases] == [False, False, True, False]
    states = [message["state"] for message in records(kept[0], ("messages", "list"))]
    assert states == ["recorded"] * 4 + ["not_a_referral"]


def test_everybody_was_told_by_a_real_mail_server(kept: tuple[Path, str]) -> None:
    mails = [parsed(path.read_bytes()) for path in sorted((kept[0] / "sent").glob("*.eml"))]
    told = sorted(str(mail["To"]) for mail in mails)
    assert told.count("triage@example.police.uk") == 4
    assert len(told) == 8
    assert "away@school.example.org" not in told


def test_the_commands_that_it_names_work(kept: tuple[Path, str]) -> None:
    _, shown = kept
    named = [line.split("referral-intake ", 1)[1] for line in shown.splitlines()[-5:]]
    assert len(named) == 5
    for line in named:
        done = command(*line.split())
        assert done.returncode == 0, (line, done.stderr)


def test_the_mailbox_is_empty_and_its_messages_are_filed(kept: tuple[Path, str]) -> None:
    mailbox = kept[0] / "mailbox"
    assert list((mailbox / "new").iterdir()) == list((mailbox / "cur").iterdir()) == []
    assert len(list((mailbox / ".Intake.Filed" / "cur").iterdir())) == 4
    assert len(list((mailbox / ".Intake.Attention" / "cur").iterdir())) == 1
