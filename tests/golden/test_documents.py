from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.golden.rewrite import expected
from tests.golden.samples import SAMPLES
from tests.samples.reading import SPECS

FOLDER = Path(__file__).parent
NAMES = sorted(
    {path.stem for kind in ("*.pdf", "*.docx", "*.json") for path in FOLDER.glob(kind)}
    | set(SAMPLES)
)


def held(name: str) -> bytes:
    return (FOLDER / f"{name}{SAMPLES[name].suffix}").read_bytes()


def told(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_read_as_expected(name: str) -> None:
    assert expected(held(name)) == told(name)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_expected_is_what_was_written(name: str) -> None:
    sample = SAMPLES[name]
    said = told(name)
    assert said["readability"] == sample.readability
    assert said["reason"] == sample.reason
    assert len(said["forms"]) == len(sample.forms)
    for form, answers in zip(said["forms"], sample.forms, strict=True):
        assert form["version"] == sample.version
        given = {key: text for key, text in answers.items() if text}
        assert set(form["fields"]) == set(given)
        for key, answer in form["fields"].items():
            flowed = answer["method"] == "layout"
            if SPECS[0].field(key).kind == "yes_no":
                assert answer["value"] == given[key]
            elif flowed:
                # A line may end within a word, at a hyphen.
                assert "".join(answer["raw"].split()) == "".join(given[key].split())
            else:
                assert answer["raw"] == given[key]
            if SPECS[0].field(key).kind in ("text", "lines", "age"):
                value, text = answer["value"], given[key].strip()
                assert (value.split() == text.split()) if flowed else (value == text)
        left = [(each["label"], each["value"]) for each in form["unrecognised"]]
        assert left == list(sample.unrecognised)
        assert {each["code"] for each in form["warnings"]} == sample.doubts


@pytest.mark.parametrize("name", [name for name in SAMPLES if not SAMPLES[name].random])
def test_a_document_is_what_its_maker_makes(name: str) -> None:
    assert held(name) == SAMPLES[name].make()


def test_documents_are_small() -> None:
    assert [path.name for path in FOLDER.iterdir() if path.stat().st_size > 70_000] == []
