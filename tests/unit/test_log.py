"""Logs hold facts and ids, and nothing of a referral, whoever writes them."""

from __future__ import annotations

import io
import json
import logging
import warnings
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from intake.log import ALLOWED, configure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAME = "Zzyzxqua"


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was logged, line by line; logging is put back as it was afterwards."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level, logging.raiseExceptions)
    stream = io.StringIO()
    configure(json=True, level="INFO", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    logging.raiseExceptions = before[2]
    logging.captureWarnings(capture=False)


def test_a_fact_with_ids_comes_out_as_json(lines: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.get_logger("intake.x").info("case_recorded", case="EX-2026-7KM4X-3", count=2)
    (line,) = lines()
    assert (line["event"], line["case"], line["count"]) == ("case_recorded", "EX-2026-7KM4X-3", 2)
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


def test_a_key_that_is_not_on_the_list_is_dropped_and_named(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    structlog.get_logger("intake.x").info("case_recorded", subject=NAME, sender=NAME)
    (line,) = lines()
    assert NAME not in json.dumps(line)
    assert line["dropped"] == "sender subject"


def test_a_sentence_is_no_event(lines: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.get_logger("intake.x").info(f"recorded {NAME}")
    (line,) = lines()
    assert line["event"] == "unnamed_event"


def test_an_address_or_an_object_under_an_allowed_key_is_withheld(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    structlog.get_logger("intake.x").info("seen", reason=f"{NAME}@example.org", part=[NAME])
    (line,) = lines()
    assert NAME not in json.dumps(line)


def test_an_exception_is_told_by_type_and_place(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    try:
        int(NAME)
    except ValueError:
        structlog.get_logger("intake.x").exception("message_handling_failed", message="abc")
    (line,) = lines()
    assert (line["error"], line["message"]) == ("ValueError", "abc")
    assert NAME not in json.dumps(line)


def test_what_a_library_says_is_only_counted(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    logging.getLogger("somebody").warning("could not parse %s", NAME)
    logging.getLogger("somebody").info("parsing %s", NAME)
    try:
        "".index(NAME)
    except ValueError:
        logging.getLogger("somebody").exception("failed on %s", NAME)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(NAME, stacklevel=1)
    said = lines()
    assert [line["event"] for line in said] == ["library_message"] * 3
    assert {line["logger"] for line in said} == {"somebody", "py.warnings"}
    assert NAME not in json.dumps(said)


def test_control_characters_cannot_forge_a_line(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    structlog.get_logger("intake.x").info("seen", reason='x\n{"event": "case_recorded"}\x1b[2J')
    (line,) = lines()
    assert line["reason"] == 'x{"event": "case_recorded"}[2J'


def test_people_get_lines_and_not_json() -> None:
    root = logging.getLogger()
    before = (list(root.handlers), root.level, logging.raiseExceptions)
    stream = io.StringIO()
    configure(json=False, level="INFO", stream=stream)
    structlog.get_logger("intake.x").info("case_recorded", case="EX-2026-7KM4X-3", subject=NAME)
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    logging.raiseExceptions = before[2]
    logging.captureWarnings(capture=False)
    assert "case_recorded" in stream.getvalue()
    assert "EX-2026-7KM4X-3" in stream.getvalue()
    assert NAME not in stream.getvalue()


def test_the_list_holds_no_key_for_what_people_wrote() -> None:
    wrote = {"subject", "sender", "recipient", "name", "filename", "text", "body", "value", "raw"}
    assert not ALLOWED & wrote
