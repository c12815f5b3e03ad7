from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import formspec
from parsers.extract import extract, extract_json
from parsers.model import Readability, Reason
from parsers.output import to_json
from tests.samples import form, people

CONFIG = Path(__file__).parents[2] / "config"
SPECS = formspec.load(CONFIG)
TODAY = date(2026, 11, 25)


def test_a_filled_form_is_read_in_full() -> None:
    content = form.fillable(people.ADULT)
    extraction = extract(content, SPECS, TODAY)
    assert extraction.readability is Readability.FULL
    assert extraction.reason is None
    assert extraction.sha256 == hashlib.sha256(content).hexdigest()
    assert extraction.media_type == "application/pdf"
    assert len(extraction.forms) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.DAMAGED),
        (b"%PDF-1.7\n", Reason.DAMAGED),
        (b"%PDF-1.7\n" + b"\xff" * 500, Reason.DAMAGED),
        (b"Dear all", Reason.UNSUPPORTED_TYPE),
        (b"\x89PNG\r\n\x1a\n", Reason.SCANNED),
        (b"PK\x03\x04", Reason.UNSUPPORTED_TYPE),
        (b"\x00\x01\x02", Reason.UNSUPPORTED_TYPE),
    ],
)
def test_what_can_not_be_read_is_a_reason(content: bytes, reason: Reason) -> None:
    extraction = extract(content, SPECS, TODAY)
    assert extraction.readability is Readability.NONE
    assert extraction.reason is reason
    assert extraction.forms == []
    assert extraction.sha256 == hashlib.sha256(content).hexdigest()


@given(st.binary(max_size=300))
def test_no_content_raises(content: bytes) -> None:
    assert extract(b"%PDF-1.4\n" + content, SPECS, TODAY).forms == []


def test_the_child_says_the_same_in_plain_values() -> None:
    content = form.fillable(people.ANYWHERE)
    said = extract_json(content, config_dir=str(CONFIG), today=TODAY.isoformat())
    extraction = extract(content, SPECS, TODAY)
    assert json.loads(json.dumps(said))["sha256"] == extraction.sha256
    assert said["forms"][0]["fields"].keys() == extraction.forms[0].fields.keys()


def test_the_printed_shape_is_that_of_the_specification() -> None:
    extraction = extract(form.fillable(people.CHILD), SPECS, TODAY)
    printed = json.loads(json.dumps(to_json(extraction, "a.pdf")))
    assert list(printed) == ["file", "sha256", "media_type", "readability", "reason", "forms"]
    (only,) = printed["forms"]
    assert list(only) == ["version", "pages", "fields", "unrecognised", "warnings"]
    surname = only["fields"]["individual.surname"]
    assert list(surname) == ["value", "raw", "method", "page", "bbox", "confidence"]
    assert surname["value"] == surname["raw"] == "Tester"
    assert surname["method"] == "acroform"
    assert surname["confidence"] == 1.0
    assert "file" not in to_json(extraction, None)
