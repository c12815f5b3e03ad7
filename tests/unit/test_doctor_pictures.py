"""`doctor` says what is missing for scans and photographs, and what becomes of them without it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from intake import doctor
from intake.doctor import Finding, Level
from intake.settings_file import load
from parsers.ocr import engine
from parsers.ocr.kinds import HEIC_PROGRAM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEAST = """\
[gateway]
name = "Example CTU Prevent gateway"
reference_prefix = "EX"
own_addresses = ["gateway@example.police.uk"]

[smtp]
host = "smtp.example.police.uk"
username = "gateway"
password_file = "password"
sender = "Prevent gateway <gateway@example.police.uk>"
"""


@pytest.fixture(autouse=True)
def _languages_asked_anew() -> Iterator[None]:
    engine.languages.cache_clear()
    yield
    engine.languages.cache_clear()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are looked for; it is empty."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def finding(folder: Path, ocr: str = "auto") -> Finding:
    (folder / "password").write_text("s3cret\n", encoding="ascii")
    (folder / "password").chmod(0o600)
    file = folder / "intake.toml"
    file.write_text(f'{LEAST}\n[parsing]\nocr = "{ocr}"\n', encoding="ascii")
    return doctor._pictures(load(file, {}))


def link(programs: Path, name: str) -> None:
    there = shutil.which(name, path="/usr/local/bin:/usr/bin:/bin")
    assert there is not None
    (programs / name).symlink_to(there)


def test_where_all_is_there_pictures_are_read(tmp_path: Path) -> None:
    said = finding(tmp_path)
    assert said == Finding("pictures", Level.OK, "scans and photographs are read")


def test_who_wants_no_pictures_read_misses_nothing(tmp_path: Path, programs: Path) -> None:
    assert not any(programs.iterdir())
    said = finding(tmp_path, "never")
    assert said.level is Level.OK
    assert "not read: parsing.ocr is never" in said.sentence


def test_a_missing_program_is_named(tmp_path: Path, programs: Path) -> None:
    link(programs, HEIC_PROGRAM)
    said = finding(tmp_path)
    assert said.level is Level.WARNING
    assert "scans and photographs are not read" in said.sentence
    assert said.sentence.endswith("install tesseract-ocr and tesseract-ocr-eng")


@pytest.mark.parametrize(
    ("there", "lost", "missing"),
    [
        ((), "scans and photographs are not read", "tesseract-ocr and tesseract-ocr-eng"),
        (("Latin",), "scans and photographs are not read", "tesseract-ocr and tesseract-ocr-eng"),
        (("eng",), "letters with accents are misread", "tesseract-ocr-script-latn"),
    ],
)
def test_a_missing_language_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    there: tuple[str, ...],
    lost: str,
    missing: str,
) -> None:
    for language in there:
        (tmp_path / f"{language}.traineddata").touch()
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    said = finding(tmp_path)
    assert said.level is Level.WARNING
    assert lost in said.sentence
    assert said.sentence.endswith(f"install {missing}")


def test_the_missing_program_for_an_iphones_photographs_is_named(
    tmp_path: Path, programs: Path
) -> None:
    link(programs, engine.PROGRAM)
    said = finding(tmp_path)
    assert said.level is Level.WARNING
    assert "HEIC are not read" in said.sentence
    assert said.sentence.endswith("install heif-thumbnailer")
