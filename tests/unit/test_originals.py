from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake.store.originals import FileOriginals, OriginalMissingError

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_put_comes_back_and_is_for_us_alone(tmp_path: Path) -> None:
    originals = FileOriginals(tmp_path / "deep" / "originals")
    originals.put("abc123", b"\x00bytes\r\n")
    assert originals.get("abc123") == b"\x00bytes\r\n"
    assert list(originals.keys()) == ["abc123"]
    [path] = (tmp_path / "deep" / "originals").glob("*/*")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


def test_putting_again_replaces_the_whole(tmp_path: Path) -> None:
    originals = FileOriginals(tmp_path)
    originals.put("abc123", b"a longer original")
    originals.put("abc123", b"short")
    assert originals.get("abc123") == b"short"
    assert list(originals.keys()) == ["abc123"]


def test_a_crash_while_writing_leaves_no_original(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "abc123.part").write_bytes(b"half")
    originals = FileOriginals(tmp_path)
    assert list(originals.keys()) == []
    with pytest.raises(OriginalMissingError):
        originals.get("abc123")


@pytest.mark.parametrize("key", ["", "../etc/passwd", "a b", "ä"])
def test_a_key_is_never_a_path(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="letters and digits"):
        FileOriginals(tmp_path).put(key, b"")
