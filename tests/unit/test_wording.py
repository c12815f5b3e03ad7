from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake.cases.wording import WIDTH, Wording, WordingError, load_all, wrapped
from tests.unit.builders import CONFIG

if TYPE_CHECKING:
    from pathlib import Path

VALUES = {
    "references": "EX-2026-7KM4X-3, EX-2026-4PQ7T-9",
    "gateway": "Example CTU Prevent gateway",
    "received": "24/11/2026, 09:30",
    "attachments": "2",
    "reading": "The referral form you attached could be read.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in (CONFIG / "wording" / "en").glob("*.txt"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("language", ["en", "cy"])
def test_what_ships_says_what_a_receipt_must_and_fits_a_screen(language: str) -> None:
    [wording] = load_all(CONFIG / "wording", [language])
    subject, body = wording.acknowledgement(VALUES, brief="EX-2026-7KM4X-3")
    assert subject.endswith("(EX-2026-7KM4X-3)")
    for said in ("999", "101", "0800 011 3764", *VALUES.values()):
        assert said in " ".join(body.split())
    assert max(map(len, body.splitlines())) <= WIDTH
    assert len(body.encode()) < 2000
    assert "{" not in body


def test_the_languages_come_in_the_operators_order() -> None:
    first, second = load_all(CONFIG / "wording", ["cy", "en"])
    assert first.texts["acknowledgement"].startswith("Subject: Awto")
    assert second.texts["acknowledgement"].startswith("Subject: Auto")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Subject: x\n\n{surname}", "unknown placeholder {surname}"),
        ("Subject: x\n\n{", "a brace is not closed"),
        ("Hello", "must begin with `Subject: `"),
    ],
)
def test_a_wording_that_cannot_be_filled_is_refused(folder: Path, text: str, said: str) -> None:
    (folder / "acknowledgement.txt").write_text(text, encoding="utf-8")
    with pytest.raises(WordingError, match=r"acknowledgement\.txt") as refused:
        Wording.load(folder)
    assert said in str(refused.value)


def test_a_missing_wording_is_refused(folder: Path) -> None:
    (folder / "no-form.txt").unlink()
    with pytest.raises(WordingError, match=r"no-form\.txt"):
        Wording.load(folder)


def test_what_is_filled_in_is_not_filled_in_again(folder: Path) -> None:
    values = {**VALUES, "gateway": "{references} {0}"}
    _, body = Wording.load(folder).acknowledgement(values, brief="x")
    assert "{references} {0}" in body


def test_long_lines_are_wrapped_at_76_and_short_ones_stay() -> None:
    text = "Short\n\n" + "word " * 40 + "\nLabel:   " + "EX-2026-7KM4X-3, " * 8
    lines = wrapped(text).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines[:2] == ["Short", ""]
    assert lines[-1].startswith(" " * 9 + "EX-2026-7KM4X-3")
    assert wrapped(text).split() == text.split()


def test_a_word_longer_than_a_line_stays_whole() -> None:
    assert "x" * 100 in wrapped("a " + "x" * 100).splitlines()
