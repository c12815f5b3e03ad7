"""How a version of the form is recognised, and where its fields are named."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from parsers.normal import normal

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["text", "lines", "date", "age", "phones", "emails", "yes_no"]


class FormSpecError(Exception):
    """A form's description can't be used: one sentence naming the file and the key."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Field(_Table):
    """One field: its label as printed, and the hint that stands in an unfilled box."""

    key: str
    kind: Kind
    label: str
    hint: str | None = None
    follows: str | None = None
    asked: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Every wording, the usual one first."""
        return (self.label, *self.aliases)


class Section(_Table):
    """A part of the form under one heading; labels mean something only within it."""

    key: str
    heading: str
    lead: str | None = None
    prompts: tuple[str, ...] = ()
    fields: tuple[Field, ...]
    aliases: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields' keys, in order."""
        return tuple(field.key for field in self.fields)


class FormSpec(_Table):
    """One version of the form."""

    version: str
    verified: bool = False
    titles: tuple[str, ...]
    recognised_from: float
    certain_from: float
    placeholders: tuple[str, ...] = ()
    """What stands in an unfilled box besides a hint."""
    sections: tuple[Section, ...]

    def field(self, key: str) -> Field:
        """The field of this key."""
        return next(f for section in self.sections for f in section.fields if f.key == key)

    def section(self, key: str) -> Section:
        """The section of this key."""
        return next(section for section in self.sections if section.key == key)

    @property
    def furniture(self) -> tuple[str, ...]:
        """What a blank form prints besides headings and labels."""
        return (
            *self.titles,
            *(section.lead for section in self.sections if section.lead is not None),
            *(prompt for section in self.sections for prompt in section.prompts),
        )


def load(config_dir: Path) -> list[FormSpec]:
    """Every version described in `forms/*.toml`, over the canonical `referral-fields.toml`."""
    canonical = _read(config_dir / "referral-fields.toml")
    found = sorted((config_dir / "forms").glob("*.toml"))
    if not found:
        raise FormSpecError(f"{config_dir / 'forms'}: holds no form; reinstall the program")
    return [_spec(path, canonical) for path in found]


def _spec(path: Path, canonical: dict[str, object]) -> FormSpec:
    own = _read(path)
    aliases = own.pop("aliases", {})
    headings = own.pop("headings", {})
    try:
        sections = [Section.model_validate(each) for each in canonical["section"]]  # type: ignore[attr-defined]
        known = {field.key for section in sections for field in section.fields}
        for key in [*aliases]:  # type: ignore[misc]
            if key not in known:
                raise FormSpecError(f"{path}: aliases.{key} is no field of referral-fields.toml")
        sections = [
            section.model_copy(
                update={
                    "aliases": tuple(headings.get(section.key, ())),  # type: ignore[attr-defined]
                    "fields": tuple(
                        field.model_copy(update={"aliases": tuple(aliases.get(field.key, ()))})  # type: ignore[attr-defined]
                        for field in section.fields
                    ),
                }
            )
            for section in sections
        ]
        spec = FormSpec.model_validate({**own, "sections": sections})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise FormSpecError(f"{path}: {where}: {first['msg']}") from None
    for section in spec.sections:
        for field in section.fields:
            if not all(normal(label) for label in field.labels):
                raise FormSpecError(f"{path}: {field.key} has a label without letters")
    return spec


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FormSpecError(f"{path}: can't be read as TOML ({type(error).__name__})") from None
