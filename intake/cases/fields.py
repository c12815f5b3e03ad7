"""The canonical list of the form's fields: their labels, and which answers officers need."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from parsers.model import ExtractedForm

_BORN = ("individual.date_of_birth", "individual.approximate_age")
_REFERRER, _FIRST = "referrer.", "first_identified_by."


@dataclass(frozen=True, slots=True)
class FieldList:
    """The keys marked `asked = true` in `referral-fields.toml`, and every label, in its order."""

    keys: tuple[str, ...]
    labels: dict[str, str]
    kinds: dict[str, str]
    headings: dict[str, str]

    @classmethod
    def load(cls, path: Path) -> FieldList:
        """Read the field list."""
        sections = tomllib.loads(path.read_text(encoding="utf-8"))["section"]
        fields = [(section, field) for section in sections for field in section["fields"]]
        return cls(
            keys=tuple(field["key"] for _, field in fields if field.get("asked", False)),
            labels={field["key"]: field["label"] for _, field in fields},
            kinds={field["key"]: field["kind"] for _, field in fields},
            headings={field["key"]: section["heading"] for section, field in fields},
        )

    def told(self, key: str) -> str:
        """A field as people know it: two sections of the form share six labels."""
        label = self.labels.get(key, key)
        section = self.headings.get(key, "").partition(" (")[0].capitalize()
        return f"{label} ({section})" if section else label

    def missing(self, form: ExtractedForm) -> tuple[str, ...]:
        """The asked answers that are absent: date of birth *or* approximate age will do, and the
        referrer's block counts, or else the first identifier's.
        """
        answered = form.fields.keys()
        block = _REFERRER if any(key.startswith(_REFERRER) for key in answered) else _FIRST
        other = _FIRST if block == _REFERRER else _REFERRER
        age_known = any(key in answered for key in _BORN)
        return tuple(
            key
            for key in self.keys
            if key not in answered
            and not key.startswith(other)
            and not (age_known and key in _BORN)
        )
