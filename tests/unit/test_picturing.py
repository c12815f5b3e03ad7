"""`extract --picture DIR`: what lies in the folder, and what is said about it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from intake.cli import main
from tests.samples import form, people

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REFERRAL_INTAKE_CONFIG", raising=False)


def saved(folder: Path, content: bytes, name: str = "Robin Tester.pdf") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def names(path: Path, pages: int) -> list[str]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return [f"{digest}-page-{number}.png" for number in range(1, pages + 1)]


def test_each_page_is_a_picture_that_only_the_user_can_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, folder = saved(tmp_path, form.fillable(people.CHILD)), tmp_path / "new" / "shown"
    assert main(["extract", str(path), "--json"]) == 0
    plain = capsys.readouterr()
    assert plain.err == ""
    assert main(["extract", str(path), "--json", "--picture", str(folder)]) == 0
    said = capsys.readouterr()
    assert said.out == plain.out
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(each.name for each in folder.iterdir()) == names(path, 3)
    for number, name in enumerate(names(path, 3), start=1):
        assert (folder / name).read_bytes().startswith(SIGNATURE)
        assert (folder / name).stat().st_mode & 0o777 == 0o600
        assert f"{path}: page {number} is drawn in {folder / name}\n" in said.err


def test_an_earlier_picture_is_replaced(tmp_path: Path) -> None:
    path, folder = saved(tmp_path, form.fillable(people.CHILD)), tmp_path / "shown"
    for _ in range(2):
        assert main(["extract", str(path), "--picture", str(folder)]) == 0
    assert sorted(each.name for each in folder.iterdir()) == names(path, 3)


@pytest.mark.parametrize("kind", ["text", "picture", "folder", "link", "broken link"])
def test_what_is_not_ours_is_never_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    path, folder = saved(tmp_path, form.fillable(people.CHILD)), tmp_path / "shown"
    folder.mkdir()
    first, *rest = names(path, 3)
    target, elsewhere = folder / first, tmp_path / "elsewhere"
    if kind == "folder":
        target.mkdir()
    elif kind.endswith("link"):
        target.symlink_to(elsewhere)
        if kind == "link":
            elsewhere.write_bytes(b"mine")
    else:
        target.write_bytes(b"mine" if kind == "text" else SIGNATURE + b"mine")
    before = None if target.is_dir() or not target.exists() else target.read_bytes()
    assert main(["extract", str(path), "--json", "--picture", str(folder)]) == 2
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 1
    assert f"page 1 is not kept: {target} can't be written" in said.err
    if before is not None:
        assert target.read_bytes() == before
    assert elsewhere.exists() == (kind == "link")
    assert all((folder / name).exists() for name in rest)


def test_a_document_without_a_form_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, folder = saved(tmp_path, form.blank()), tmp_path / "shown"
    other = saved(tmp_path, b"Dear all", "letter.txt")
    files = [str(path), str(other)]
    assert main(["extract", *files, "--json", "--picture", str(folder)]) == 0
    said = capsys.readouterr()
    assert [json.loads(line)["readability"] for line in said.out.splitlines()] == ["none", "none"]
    for name in files:
        assert f"{name}: nothing was drawn, because no form was found in it\n" in said.err
    assert list(folder.iterdir()) == []


def test_a_folder_that_can_not_be_made_ends_with_2_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(tmp_path, form.blank())
    assert main(["extract", str(path), "--picture", str(path / "below")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"{path / 'below'}: pictures can't be put there (")
    assert said.err.count("\n") == 1
