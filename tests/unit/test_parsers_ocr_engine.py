"""The program that reads letters is asked for words; whatever goes wrong has one name."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import pytest

from parsers.ocr import engine
from parsers.ocr.engine import BLOCK, ENGLISH, LATIN, PAGE, Engine, EngineError
from tests.unit.ocr_pages import seen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL.Image import Image
    from reportlab.pdfgen.canvas import Canvas

    from parsers.ocr.engine import Seen

DPI = 200


@pytest.fixture(autouse=True)
def _languages_asked_anew() -> Iterator[None]:
    engine.languages.cache_clear()
    yield
    engine.languages.cache_clear()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are looked for; it is empty."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(programs: Path, script: str) -> None:
    """A program of this name that does something else."""
    program = programs / engine.PROGRAM
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    program.chmod(0o700)


def written(*lines: str) -> Image:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 14)
        for number, line in enumerate(lines):
            canvas.drawString(20, 50 + 30 * number, line)

    return seen(draw, DPI)


def asked(*pictures: Image, layout: int = PAGE, until: float = 30) -> list[list[Seen]]:
    reading = Engine(time.monotonic() + until)
    return reading.read(pictures, language=ENGLISH, layout=layout, dpi=DPI)


def test_both_languages_are_installed_here() -> None:
    assert engine.languages() == {ENGLISH, LATIN}


def test_words_are_told_with_place_line_and_confidence() -> None:
    (words,) = asked(written("Referral of a child", "to the panel"))
    assert [word.text for word in words] == ["Referral", "of", "a", "child", "to", "the", "panel"]
    assert len({word.line for word in words[:4]}) == 1
    assert len({word.line for word in words}) == 2
    assert all(0.5 < word.confidence <= 1 for word in words)
    x0, top, x1, bottom = (edge * 72 / DPI for edge in words[0].box)
    assert x0 == pytest.approx(21, abs=1.5)
    assert x1 == pytest.approx(72, abs=3)
    assert top == pytest.approx(39.5, abs=1.5)
    assert bottom == pytest.approx(50.5, abs=1.5)


def test_each_picture_has_words_of_its_own() -> None:
    empty = seen(lambda _canvas: None, DPI, grain=0)
    told = asked(written("first"), empty, written("second"), layout=BLOCK)
    assert [[word.text for word in words] for words in told] == [["first"], [], ["second"]]


def test_for_no_pictures_no_program_is_needed(programs: Path) -> None:
    assert not any(programs.iterdir())
    assert asked() == []


def test_without_the_program_there_is_no_language_and_no_answer(programs: Path) -> None:
    assert not any(programs.iterdir())
    assert engine.languages() == frozenset()
    with pytest.raises(EngineError):
        asked(written("Lind"))


def test_a_language_that_is_not_installed_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{ENGLISH}.traineddata").touch()
    (tmp_path / "fra.traineddata").touch()
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert engine.languages() == {ENGLISH}
    with pytest.raises(EngineError):
        Engine(time.monotonic() + 20).read([written("Lind")], language=LATIN, layout=6, dpi=DPI)


@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$", "exec /nowhere/at/all"])
def test_a_program_that_fails_has_no_language_and_no_answer(programs: Path, script: str) -> None:
    install(programs, script)
    assert engine.languages() == frozenset()
    with pytest.raises(EngineError):
        asked(written("Lind"))


@pytest.mark.parametrize("until", [0.3, -60])
def test_a_program_that_hangs_is_ended_at_the_moment_that_was_set(
    programs: Path, until: float
) -> None:
    install(programs, f"exec {shutil.which('sleep', path='/bin:/usr/bin')} 30")
    picture = written("Lind")
    began = time.monotonic()
    with pytest.raises(EngineError):
        asked(picture, until=until)
    assert max(0.0, until) <= time.monotonic() - began < 5


def test_what_is_no_row_of_a_word_is_passed_over(programs: Path) -> None:
    rows = (
        r"level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf"
        r"\ttext\n"
        r"1\t1\t0\t0\t0\t0\t0\t0\t833\t556\t-1\t\n"
        r"5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t96.5\tLind\n"
        r"5\t1\t1\t1\t1\t2\t50\t20\t30\t40\t-1\tdim\n"
        r"5\t1\t1\t1\t1\t3\t90\t20\t30\t40\t95\t \n"
        r"5\t7\t1\t1\t1\t1\t10\t20\t30\t40\t96\telsewhere\n"
        r"5\t1\t1\n"
    )
    install(programs, f"while read -r _; do :; done\nprintf '{rows}'")
    ((first, second),) = asked(written("Lind"))
    assert (first.text, first.box, first.confidence) == ("Lind", (10, 20, 40, 60), 0.965)
    assert (second.text, second.confidence) == ("dim", 0.0)
