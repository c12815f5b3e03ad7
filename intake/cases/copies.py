"""Whether forms say the same, and whether a message brings nothing but forms that we have."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from intake.cases.case import Reading
    from parsers.model import ExtractedForm


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """The case of a form that we have: its reference, and who sent it first."""

    reference: str
    sender: str | None


def said_by(form: ExtractedForm) -> str:
    """Names what a filled form says, value for value, however it was filled in and made.

    What has no certain value counts by its raw text; answers under unknown labels count too.
    """
    answers = {
        key: answer.raw if answer.value is None else answer.value
        for key, answer in form.fields.items()
    }
    extra = sorted([each.section or "", each.label, each.value] for each in form.unrecognised)
    return _digest(["values", answers, extra])


def names_of(reading: Reading, form: ExtractedForm) -> tuple[str, str]:
    """By what a form is known again: what it says, and its place in a file of these bytes."""
    position = reading.extraction.forms.index(form)
    return said_by(form), _digest(["file", reading.extraction.sha256, position])


def earlier_of_all(
    readings: Sequence[Reading], known: Mapping[str, Earlier]
) -> tuple[Earlier, ...]:
    """The cases of a message's forms, where its only documents are forms that we have; else none.

    A blank or unreadable document never counts, and neither does a message with one that is new.
    """
    documents = [reading for reading in readings if not reading.decoration]
    if not documents or not all(reading.extraction.forms for reading in documents):
        return ()
    found: dict[str, Earlier] = {}
    for reading in documents:
        for form in reading.extraction.forms:
            had = next((known[name] for name in names_of(reading, form) if name in known), None)
            if had is None:
                return ()
            found.setdefault(had.reference, had)
    return tuple(found.values())


def _digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
