"""How a version of the form is recognised, and where its fields are named."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic import Field as Limited

from parsers.normal import normal

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["text", "lines", "date", "age", "phones", "emails", "yes_no"]


_WORDINGS = TypeAdapter(dict[str, tuple[str, ...]])


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
    """One version of the form. The two shares lie above 0 and at most at 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    verified: bool = False
    titles: tuple[str, ...]
    recognised_from: float = Limited(gt=0, le=1)
    certain_from: float = Limited(gt=0, le=1)
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
    path = config_dir / "referral-fields.toml"
    sections = _canonical(path)
    found = sorted((config_dir / "forms").glob("*.toml"))
    if not found:
        raise FormSpecError(f"{config_dir / 'forms'}: holds no form; reinstall the program")
    return [_spec(each, sections) for each in found]


def _canonical(path: Path) -> list[Section]:
    """The sections as the field list names them: every key once, each `follows` a known one."""
    listed = _read(path).get("section")
    if not isinstance(listed, list) or not listed:
        raise FormSpecError(f"{path}: holds no [[section]]")
    try:
        sections = [Section.model_validate(each) for each in listed]
    except ValidationError as error:
        raise _sentence(path, error) from None
    keys = [key for section in sections for key in section.keys]
    for key in (*keys, *(section.key for section in sections)):
        if keys.count(key) > 1 or [section.key for section in sections].count(key) > 1:
            raise FormSpecError(f"{path}: {key} stands there twice")
    for section in sections:
        if not section.fields:
            raise FormSpecError(f"{path}: section {section.key} has no fields")
        for field in section.fields:
            if field.follows is not None and field.follows not in section.keys:
                raise FormSpecError(
                    f"{path}: {field.key} follows {field.follows}, which its section doesn't have"
                )
    return sections


def _spec(path: Path, canonical: list[Section]) -> FormSpec:
    own = _read(path)
    keys = {key for section in canonical for key in section.keys}
    aliases = _wordings(path, own, "aliases", keys)
    headings = _wordings(path, own, "headings", {section.key for section in canonical})
    sections = [
        section.model_copy(
            update={
                "aliases": headings.get(section.key, ()),
                "fields": tuple(
                    field.model_copy(update={"aliases": aliases.get(field.key, ())})
                    for field in section.fields
                ),
            }
        )
        for section in canonical
    ]
    try:
        spec = FormSpec.model_validate({**own, "sections": sections})
    except ValidationError as error:
        raise _sentence(path, error) from None
    for section in spec.sections:
        if not all(normal(each) for each in (section.heading, *section.aliases)):
            raise FormSpecError(f"{path}: {section.key} has a heading without letters")
        for field in section.fields:
            if not all(normal(label) for label in field.labels):
                raise FormSpecError(f"{path}: {field.key} has a label without letters")
    return spec


def _wordings(
    path: Path, own: dict[str, object], name: str, known: set[str]
) -> dict[str, tuple[str, ...]]:
    """Takes a table of further wordings out of a form's description."""
    table = own.pop(name, {})
    try:
        checked = _WORDINGS.validate_python(table)
    except ValidationError:
        raise FormSpecError(f"{path}: {name}: each value is a list of wordings") from None
    for key in checked:
        if key not in known:
            raise FormSpecError(f"{path}: {name}.{key} is not in referral-fields.toml")
    return checked


def _sentence(path: Path, error: ValidationError) -> FormSpecError:
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return FormSpecError(f"{path}: {where}: {first['msg']}")


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FormSpecError(f"{path}: can't be read as TOML ({type(error).__name__})") from None
