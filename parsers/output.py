"""An extraction as JSON, in the shape of `extract-output.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parsers.model import ExtractedForm, Extraction, FieldValue, Unrecognised, Warning_


def to_json(extraction: Extraction, file: str | None) -> dict[str, Any]:
    """What `extract --json` prints of one file; without `file`, what a case keeps of a document."""
    named = {} if file is None else {"file": file}
    return named | {
        "sha256": extraction.sha256,
        "media_type": extraction.media_type,
        "readability": extraction.readability.value,
        "reason": None if extraction.reason is None else extraction.reason.value,
        "forms": [form_to_json(form) for form in extraction.forms],
    }


def form_to_json(form: ExtractedForm) -> dict[str, Any]:
    """One form of it."""
    return {
        "version": form.version,
        "pages": list(form.pages),
        "fields": {key: _plain(answer) for key, answer in form.fields.items()},
        "unrecognised": [_plain(each) for each in form.unrecognised],
        "warnings": [_plain(each) for each in form.warnings],
    }


def _plain(record: FieldValue | Unrecognised | Warning_) -> dict[str, Any]:
    """Its fields, not copied: `dataclasses.asdict` copies every string, and takes long."""
    return {name: getattr(record, name) for name in record.__slots__}
