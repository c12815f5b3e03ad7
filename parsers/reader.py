"""Reads one document within walls, and never raises."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from parsers.isolation import Ending, Isolation, Limits
from parsers.model import A_PICTURE, Extraction, Readability, Reason
from parsers.ocr import engine
from parsers.ocr.kinds import PICTURES
from parsers.sniff import DOCX, OLE, media_type

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

READ = frozenset({"application/pdf", DOCX, OLE, *PICTURES})
"""The media types for which `extract` has a reader: for others no child is started."""

_PAGES = 40
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Ocr:
    """What the reading of pictures may take: seconds by the wall clock for each page, and
    megabytes of address space.
    """

    seconds_per_page: int
    megabytes: int


class Reader:
    """Reads documents in children; what a child says is checked before it is believed."""

    def __init__(
        self,
        config_dir: Path,
        isolation: Isolation,
        *,
        seconds_per_document: float,
        megabytes_per_document: int,
        ocr: Ocr | None = None,
    ) -> None:
        """`config_dir` holds `referral-fields.toml` and `forms/`; the limits are for each document:
        seconds by the wall clock, megabytes of address space. Without `ocr`, or where the program
        for it is missing, pictures are not read.
        """
        self._config_dir = config_dir.resolve()
        self._isolation = isolation
        self._limits = Limits(wall_seconds=seconds_per_document, megabytes=megabytes_per_document)
        self._ocr = ocr if ocr is not None and engine.ENGLISH in engine.languages() else None

    def read(self, content: bytes, today: date) -> Extraction:
        """What the document says. Whatever goes wrong in the child is a reason, not an exception:
        out of time is `timeout`, out of memory `too-large`, any other end `damaged`. Only when this
        program ends meanwhile, IsolationClosedError is raised.
        """
        kind = media_type(content)
        if kind not in READ:
            return _unread(content, kind, Reason.UNSUPPORTED_TYPE if content else Reason.DAMAGED)
        if kind in PICTURES:
            if self._ocr is None:
                return _unread(content, kind, Reason.SCANNED)
            return self._run(content, kind, today, self._ocr)
        read = self._run(content, kind, today, None)
        if self._ocr is None or not _has_pictures(read):
            return read
        seen = self._run(content, kind, today, self._ocr)
        failed = seen.reason in (*_REASONS.values(), Reason.DAMAGED)
        return read if failed and not seen.forms else seen

    def _run(self, content: bytes, kind: str, today: date, ocr: Ocr | None) -> Extraction:
        arguments: dict[str, Any] = {
            "config_dir": str(self._config_dir),
            "today": today.isoformat(),
        }
        function, limits = "parsers.extract:extract_json", self._limits
        if ocr is not None:
            function = "parsers.extract:extract_pictures_json"
            arguments["seconds_to_open"] = math.ceil(self._limits.wall_seconds)
            arguments["seconds_per_page"] = ocr.seconds_per_page
            # The child ends itself sooner: it knows how many pages it has to read.
            most = self._limits.wall_seconds + ocr.seconds_per_page * _PAGES
            limits = Limits(wall_seconds=most, megabytes=ocr.megabytes)
        outcome = self._isolation.run(function, content, arguments, limits)
        if outcome.ending is Ending.OK:
            try:
                read = _ADAPTER.validate_python(_writable(outcome.result))
            except ValidationError:
                read = None
            if read is not None and read.sha256 == hashlib.sha256(content).hexdigest():
                return read
        return _unread(content, kind, _REASONS.get(outcome.ending, Reason.DAMAGED))


def _unread(content: bytes, kind: str, reason: Reason) -> Extraction:
    return Extraction(
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=kind,
        readability=Readability.NONE,
        reason=reason,
    )


def _has_pictures(read: Extraction) -> bool:
    """Whether some page of a document is a picture that was not read."""
    return read.reason is Reason.SCANNED or any(
        warning.code == A_PICTURE for form in read.forms for warning in form.warnings
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
