"""Logs: past-tense facts with ids, under an allow-list of keys; nothing of a referral, ever."""

from __future__ import annotations

import logging
import re
import sys
import unicodedata
from typing import TYPE_CHECKING, Any, TextIO

import structlog

if TYPE_CHECKING:
    from types import TracebackType

    from structlog.typing import EventDict, WrappedLogger

ALLOWED = frozenset(
    (
        *("attempt", "case", "channel", "count", "delivery", "dropped", "error", "event"),
        *("kind", "level", "logger", "mailbox", "message", "part", "reason", "seconds"),
        *("state", "status", "step", "timestamp", "uid", "uidvalidity", "version", "where"),
    )
)
_OURS = ("intake", "parsers", "notifiers")
_LONGEST = 200
_EVENT = re.compile(r"[a-z0-9_]{1,64}")


def configure(*, json: bool, level: str, stream: TextIO | None = None) -> None:
    """Send every log record, ours and the libraries', through the allow-list to `stream`."""
    handler = logging.StreamHandler(stream or sys.stderr)
    colours = not json and (stream or sys.stderr).isatty()
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(colors=colours)
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                _foreign,
                _exception,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _allow_list,
                renderer,
            ],
        )
    )
    handler.addFilter(_is_wanted)
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False
    for name in ("imapclient", "aiosmtplib", "pdfminer", "apscheduler", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _is_wanted(record: logging.LogRecord) -> bool:
    """Ours, which structlog hands over as a dictionary, and the complaints of libraries."""
    return isinstance(record.msg, dict) or record.levelno >= logging.WARNING


def _foreign(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """A library's text may quote a message: only who spoke, how loudly and where survives."""
    if event.get("_from_structlog"):
        return event
    record = event["_record"]
    event["event"] = "library_message"
    event["where"] = f"{record.module}:{record.lineno}"
    event["exc_info"] = record.exc_info
    return event


def _exception(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """An exception's type and the innermost line of ours; its text may quote a referral."""
    caught = event.pop("exc_info", None)
    if caught is True:
        caught = sys.exc_info()
    if isinstance(caught, BaseException):
        caught = (type(caught), caught, caught.__traceback__)
    if isinstance(caught, tuple) and caught[0] is not None:
        event["error"] = caught[0].__name__
        event["where"] = innermost(caught[2])
    return event


def innermost(trace: TracebackType | None) -> str:
    """`module:line` of the innermost place that is ours, else of where it was raised."""
    where = "?"
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "?")
        if module.split(".")[0] in _OURS or where == "?":
            where = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return where


def _allow_list(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    kept: dict[str, Any] = {}
    for key, value in event.items():
        if key in ALLOWED:
            kept[key] = _safe(key, value)
    if dropped := sorted(str(key)[:64] for key in event.keys() - ALLOWED if key.isidentifier()):
        kept["dropped"] = " ".join(dropped)
    return kept


def _safe(key: str, value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = str(value) if isinstance(value, str) else type(value).__name__
    if key == "event" and _EVENT.fullmatch(text) is None:
        return "unnamed_event"
    if "@" in text and key != "logger":
        return "<withheld>"
    if text.isascii() and text.isprintable():
        return text[:_LONGEST]
    return "".join(c for c in text[:_LONGEST] if unicodedata.category(c)[0] != "C")
