"""Two versions of the form that are printed as one, each wording in both languages."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.formspec import Field, FormSpec, Section


def sections_of(one: FormSpec, other: FormSpec) -> list[Section]:
    """The sections of `one`, worded as "Cyfenw / Surname", also the other way round. What `other`
    doesn't ask stands there in one language.
    """
    found = []
    others = {section.key: section for section in other.sections}
    fields = {field.key: field for section in other.sections for field in section.fields}
    for section in one.sections:
        asked = tuple(_field(each, fields.get(each.key)) for each in section.fields)
        beside = others.get(section.key)
        if beside is None:
            found.append(section.model_copy(update={"fields": asked}))
            continue
        heading, *aliases = _both(
            (section.heading, *section.aliases), (beside.heading, *beside.aliases)
        )
        leads = [each for each in (section.lead, beside.lead) if each is not None]
        update = {
            "heading": heading,
            "aliases": tuple(aliases),
            "lead": next(iter(leads), None),
            "prompts": (*leads[1:], *section.prompts, *beside.prompts),
            "fields": asked,
        }
        found.append(section.model_copy(update=update))
    return found


def placeholders_of(one: FormSpec, other: FormSpec) -> tuple[str, ...]:
    """What stands in an unfilled box in either language: placeholders, and the hints of both."""
    hints = (f.hint for spec in (one, other) for s in spec.sections for f in s.fields)
    return (*one.placeholders, *other.placeholders, *(hint for hint in hints if hint is not None))


def _field(field: Field, beside: Field | None) -> Field:
    if beside is None:
        return field
    label, *aliases = _both(field.labels, beside.labels)
    hints = [each for each in (field.hint, beside.hint) if each is not None]
    hint = " / ".join(hints) or None
    return field.model_copy(update={"label": label, "aliases": tuple(aliases), "hint": hint})


def _both(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Every wording of the one with every wording of the other, then the other way round."""
    pairs = list(product(one, other))
    return [f"{a} / {b}" for a, b in pairs] + [f"{b} / {a}" for a, b in pairs]
