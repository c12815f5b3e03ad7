"""What is read of a sample, held against what was written into it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from parsers import formspec
from parsers.extract import extract

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.model import ExtractedForm, Extraction

TODAY = date(2026, 11, 25)
SPECS = formspec.load(Path(__file__).parents[2] / "config")


def read(content: bytes) -> Extraction:
    return extract(content, SPECS, TODAY)


def differences(form: ExtractedForm, asked: Mapping[str, str], *, lines: bool = True) -> list[str]:
    """Every answer that is missing, wrong or invented, and everything that was not recognised.

    Without `lines`, blanks and line ends count as the same: where a printed line wraps, the line
    ends of the writer and of the page look alike.
    """
    found = []
    for key, text in asked.items():
        answer = form.fields.get(key)
        if not text.strip():
            continue
        if answer is None:
            found.append(f"missing: {key}")
        elif SPECS[0].field(key).kind == "yes_no":
            if answer.value != text:
                found.append(f"wrong: {key}: {answer.value} for {text}")
        elif (answer.raw != text) if lines else (answer.raw.split() != text.split()):
            found.append(f"wrong: {key}: {answer.raw!r} for {text!r}")
    found += [f"invented: {key}" for key in form.fields if not asked.get(key, "").strip()]
    return found + [f"unrecognised: {each.label}: {each.value}" for each in form.unrecognised]


def doubts(form: ExtractedForm) -> set[str]:
    return {each.code for each in form.warnings}
