"""An extraction as JSON, in the shape of `extract-output.md`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parsers.model import Extraction


def to_json(extraction: Extraction, file: str | None) -> dict[str, Any]:
    """What `extract --json` prints of one file; without `file`, what a case keeps of a document."""
    named = {} if file is None else {"file": file}
    return named | {
        "sha256": extraction.sha256,
        "media_type": extraction.media_type,
        "readability": extraction.readability.value,
        "reason": None if extraction.reason is None else extraction.reason.value,
        "forms": [
            {
                "version": form.version,
                "pages": list(form.pages),
                "fields": {key: asdict(answer) for key, answer in form.fields.items()},
                "unrecognised": [asdict(each) for each in form.unrecognised],
                "warnings": [asdict(each) for each in form.warnings],
            }
            for form in extraction.forms
        ],
    }
