"""From the bytes of one document to what it says; bad input is a result, never an exception."""

from __future__ import annotations

import hashlib
import signal
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers import formspec
from parsers.docx import document as word
from parsers.model import Extraction, Readability, Reason
from parsers.ocr.kinds import PICTURES
from parsers.pdf import document
from parsers.reasons import why
from parsers.sniff import DOCX, OLE, media_type
from parsers.unreadable import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parsers.formspec import FormSpec
    from parsers.model import ExtractedForm
    from parsers.ocr.scans import Scans

    _Read = Callable[[bytes, Sequence[FormSpec], date, Scans | None], list[ExtractedForm]]


def _no_reader(
    content: bytes, _specs: Sequence[FormSpec], _today: date, _scans: Scans | None
) -> list[ExtractedForm]:
    raise UnreadableError(Reason.UNSUPPORTED_TYPE if content else Reason.DAMAGED)


def _pictures(kind: str) -> _Read:
    def read(
        content: bytes, specs: Sequence[FormSpec], today: date, scans: Scans | None
    ) -> list[ExtractedForm]:
        if scans is None:
            raise UnreadableError(Reason.SCANNED)
        from parsers.ocr import images

        return document.read(images.as_pdf(content, kind), specs, today, scans)

    return read


def _plain(reader: Callable[[bytes, Sequence[FormSpec], date], list[ExtractedForm]]) -> _Read:
    return lambda content, specs, today, _scans: reader(content, specs, today)


_READERS: dict[str, _Read] = {
    "application/pdf": document.read,
    DOCX: _plain(word.read),
    OLE: _plain(word.read_locked),
    **{kind: _pictures(kind) for kind in PICTURES},
}


def extract(
    content: bytes, specs: Sequence[FormSpec], today: date, scans: Scans | None = None
) -> Extraction:
    """Read one document. Anything may be handed in; whatever is wrong with it is the reason. What
    is a picture is read with `scans` only.
    """
    kind = media_type(content)
    digest = hashlib.sha256(content).hexdigest()
    try:
        forms = _READERS.get(kind, _no_reader)(content, specs, today, scans)
    except UnreadableError as unreadable:
        reason = unreadable.reason
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - readers fail in ways without number, and all mean the same
        reason = Reason.DAMAGED
    else:
        reason_ = why(forms)
        return Extraction(
            sha256=digest,
            media_type=kind,
            readability=Readability.FULL if reason_ is None else Readability.PARTIAL,
            reason=reason_,
            forms=forms,
        )
    return Extraction(sha256=digest, media_type=kind, readability=Readability.NONE, reason=reason)


def extract_json(content: bytes, *, config_dir: str, today: str) -> dict[str, Any]:
    """`extract` for a child process: plain values in and out."""
    return asdict(extract(content, _specs(config_dir), date.fromisoformat(today)))


def extract_pictures_json(
    content: bytes, *, config_dir: str, today: str, seconds_to_open: int, seconds_per_page: int
) -> dict[str, Any]:
    """The same, with the pages that are pictures read too. The whole process ends (SIGALRM) when
    it takes longer to open the document than it may; then `Scans` sees to the time.
    """
    signal.alarm(seconds_to_open)
    from parsers.ocr.scans import Scans

    scans = Scans(seconds_per_page)
    return asdict(extract(content, _specs(config_dir), date.fromisoformat(today), scans))


def prepare(*, config_dir: str, samples: list[str]) -> None:
    """Do once what every call of `extract_json` needs: load the forms' descriptions, and read
    `samples`, files of our own, by which what is imported, compiled and cached at first use is
    there afterwards.
    """
    specs = _specs(config_dir)
    for sample in samples:
        extract(Path(sample).read_bytes(), specs, date(2000, 1, 1))


@cache
def _specs(config_dir: str) -> list[FormSpec]:
    return formspec.load(Path(config_dir))
