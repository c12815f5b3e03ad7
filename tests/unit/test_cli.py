"""The command line as a whole."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intake.cli import main

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "words", [(), ("nothing",), ("cases",), ("poll", "--what"), ("process", "--config", "x")]
)
def test_wrong_usage_ends_with_2(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""


def test_help_lists_every_command_that_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    listed = capsys.readouterr().out
    for command in ("demo", "run", "poll", "process", "extract", "cases", "verify", "doctor"):
        assert command in listed


def test_without_settings_the_way_to_give_them_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REFERRAL_INTAKE_CONFIG", raising=False)
    assert main(["cases", "list"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "no settings: give --config FILE, or set REFERRAL_INTAKE_CONFIG\n"


def test_a_foreign_package_of_our_packages_names_is_refused(tmp_path: Path) -> None:
    """There are published distributions named `notifiers` and `intake`."""
    shutil.copytree(ROOT / "intake", tmp_path / "ours" / "intake")
    shutil.copytree(ROOT / "parsers", tmp_path / "ours" / "parsers")
    foreign = tmp_path / "theirs" / "notifiers"
    foreign.mkdir(parents=True)
    (foreign / "__init__.py").touch()
    paths = [str(tmp_path / "ours"), str(tmp_path / "theirs")]
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                f"import sys; sys.path[:0] = {paths!r}; "
                f"from intake.cli import main; sys.exit(main(['cases', 'list']))"
            ),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "notifiers is not ours" in done.stderr
