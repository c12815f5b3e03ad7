"""Why a document that was recognised was not read in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.model import PICTURED, Method, Readability, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parsers.model import ExtractedForm

_TRUEST = (
    (Reason.DAMAGED, frozenset({"file-cut-off", "fields-unreadable"})),
    (Reason.TOO_LARGE, frozenset({"pages-not-read", "too-many-fields"})),
    (Reason.SCANNED, PICTURED),
)
"""What lost most goes first: the codes of the warnings that tell of it."""


def why(forms: Iterable[ExtractedForm]) -> Reason | None:
    """The reason for the whole document, None when every form was read in full. What was read from
    pixels is `scanned`; where only values are doubtful it is `low-confidence`.
    """
    partial = [form for form in forms if form.readability is not Readability.FULL]
    if not partial:
        return None
    told = {warning.code for form in partial for warning in form.warnings}
    for reason, codes in _TRUEST:
        if told & codes:
            return reason
    pixels = any(value.method is Method.OCR for f in partial for value in f.fields.values())
    return Reason.SCANNED if pixels else Reason.LOW_CONFIDENCE
