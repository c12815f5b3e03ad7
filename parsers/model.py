"""What a document is, and what was read from it.

The shapes follow `extract-output.md`: pages count from 1; a box is (x0, top, x1, bottom) in PDF
points from the top left of the page as a person sees it (rotated and cropped); a confidence of 1.0
means that the document itself stores the value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

BBox = tuple[float, float, float, float]


class Readability(StrEnum):
    """How much of a document could be read, best first."""

    FULL = "full"
    """Recognised as the form, and every value read."""
    PARTIAL = "partial"
    """Recognised, but something could not be read or is doubtful."""
    NONE = "none"
    """A person has to open it."""


class Reason(StrEnum):
    """Why a document was not read in full."""

    PASSWORD = "password"  # noqa: S105 - the name of a reason, not a secret
    SCANNED = "scanned"
    XFA_ONLY = "xfa-only"
    DAMAGED = "damaged"
    TOO_LARGE = "too-large"
    TIMEOUT = "timeout"
    NOT_A_FORM = "not-a-form"
    BLANK_FORM = "blank-form"
    UNSUPPORTED_TYPE = "unsupported-type"
    LOW_CONFIDENCE = "low-confidence"
    INFECTED = "infected"


class Method(StrEnum):
    """How a value was read."""

    ACROFORM = "acroform"
    XFA = "xfa"
    LAYOUT = "layout"
    DOCX = "docx"
    OCR = "ocr"


A_PICTURE, FROM_A_PICTURE = "page-is-a-picture", "read-from-a-picture"
"""Codes of warnings: a page that is a picture was not read; one was read, letter by letter."""
PICTURED = frozenset({A_PICTURE, FROM_A_PICTURE})


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldValue:
    """One answer, as the document holds it and as we carry it.

    `value` is normalised by the field's kind (a date `YYYY-MM-DD`, `yes`/`no`/`conflict`, a list of
    phones or emails, else the trimmed text); None where the raw text allows no certain value.
    """

    value: str | list[str] | None
    raw: str
    method: Method
    page: int | None
    bbox: BBox | None
    confidence: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Unrecognised:
    """An answer under a label that the field list doesn't know. Nothing typed is ever dropped."""

    section: str | None
    label: str
    value: str
    page: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Warning_:  # noqa: N801 - `Warning` is a builtin exception
    """A doubt about one field, or about the whole form when `field` is None."""

    code: str
    field: str | None
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtractedForm:
    """One referral form found in a document. `pages` are its first and last page."""

    version: str
    pages: tuple[int, int]
    fields: dict[str, FieldValue]
    readability: Readability = Readability.FULL
    unrecognised: list[Unrecognised] = field(default_factory=list)
    warnings: list[Warning_] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Extraction:
    """What one document gave. `forms` is empty when none was recognised, and for a blank form."""

    sha256: str
    media_type: str
    readability: Readability
    reason: Reason | None
    forms: list[ExtractedForm] = field(default_factory=list)
