"""Reads one document within walls, and never raises."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from parsers.isolation import Ending, Isolation, Limits
from parsers.model import Extraction, Readability, Reason
from parsers.sniff import DOCX, OLE, media_type

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

READ = frozenset({"application/pdf", DOCX, OLE})
"""The media types for which `extract` has a reader: for others no child is started."""

_ADAPTER = TypeAdapter(Extraction)
_REASONS = {Ending.TIMEOUT: Reason.TIMEOUT, Ending.MEMORY: Reason.TOO_LARGE}


def preparation(config_dir: Path, samples: Iterable[Path] = ()) -> tuple[str, dict[str, Any]]:
    """What an Isolation has prepared for the readers of this `config_dir`. `samples` are documents
    of our own: one that was read before makes the next of its kind much cheaper.
    """
    return "parsers.extract:prepare", {
        "config_dir": str(config_dir.resolve()),
        "samples": [str(sample.resolve()) for sample in samples],
    }


class Reader:
    """Reads documents in children; what a child says is checked before it is believed."""

    def __init__(
        self,
        config_dir: Path,
        isolation: Isolation,
        *,
        seconds_per_document: float,
        megabytes_per_document: int,
    ) -> None:
        """`config_dir` holds `referral-fields.toml` and `forms/`; the limits are for each document:
        seconds by the wall clock, megabytes of address space.
        """
        self._config_dir = config_dir.resolve()
        self._isolation = isolation
        self._limits = Limits(wall_seconds=seconds_per_document, megabytes=megabytes_per_document)

    def read(self, content: bytes, today: date) -> Extraction:
        """What the document says. Whatever goes wrong in the child is a reason, not an exception:
        out of time is `timeout`, out of memory `too-large`, any other end `damaged`. Only when this
        program ends meanwhile, IsolationClosedError is raised.
        """
        digest = hashlib.sha256(content).hexdigest()
        kind = media_type(content)
        if kind not in READ:
            return Extraction(
                sha256=digest,
                media_type=kind,
                readability=Readability.NONE,
                reason=Reason.UNSUPPORTED_TYPE if content else Reason.DAMAGED,
            )
        outcome = self._isolation.run(
            "parsers.extract:extract_json",
            content,
            {"config_dir": str(self._config_dir), "today": today.isoformat()},
            self._limits,
        )
        if outcome.ending is Ending.OK:
            try:
                read = _ADAPTER.validate_python(_writable(outcome.result))
            except ValidationError:
                read = None
            if read is not None and read.sha256 == digest:
                return read
        return Extraction(
            sha256=digest,
            media_type=kind,
            readability=Readability.NONE,
            reason=_REASONS.get(outcome.ending, Reason.DAMAGED),
        )


def _writable(said: Any) -> Any:
    """The same without what nobody can type and no database, mail or terminal can carry: NUL, and
    halves of characters (lone surrogates). A replacement character shows where one stood.
    """
    if isinstance(said, str):
        if said.isascii() and "\x00" not in said:
            return said  # nearly every one; the way through UTF-16 takes ten times as long
        halves = said.replace("\x00", "\N{REPLACEMENT CHARACTER}")
        return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(said, list):
        return [_writable(each) for each in said]
    if isinstance(said, dict):
        return {_writable(key): _writable(value) for key, value in said.items()}
    return said
