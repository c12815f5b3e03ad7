"""What is called pure loads no library that talks to the world."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORLDLY = {"imapclient", "aiosmtplib", "sqlalchemy", "apscheduler", "socket", "ssl", "asyncio"}
PURE = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for room in ("cases", "mail")
    for path in (ROOT / "intake" / room).glob("*.py")
    if path.name != "__init__.py"
)


def test_there_are_pure_modules_to_look_at() -> None:
    assert len(PURE) > 15


@pytest.mark.parametrize("module", PURE)
def test_importing_a_pure_module_loads_no_worldly_library(module: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print(' '.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout
    # email.utils, which writes our mails' dates, itself imports socket; it opens none.
    allowed = {"socket"}
    assert not (WORLDLY - allowed) & set(said.split())


@pytest.mark.parametrize("package", ["intake", "parsers", "notifiers"])
def test_every_package_says_what_it_is_and_nothing_else(package: str) -> None:
    import ast

    inits = list((ROOT / package).rglob("__init__.py"))
    assert inits
    for path in inits:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) == 1, path
        assert isinstance(body[0], ast.Expr), path
