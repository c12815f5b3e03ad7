"""How a version of the form is recognised, and where its fields are named."""

from __future__ import annotations

import tomllib
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic import Field as Limited

from parsers import bilingual
from parsers.normal import normal
from parsers.yes_no import YesNo

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

Kind = Literal["text", "lines", "date", "age", "phones", "emails", "yes_no"]


_JOINED = "languages"
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


class _Own(BaseModel):
    """What a version prints of a section otherwise. `fields`: the keys of all that stand in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heading: str
    lead: str | None = None
    prompts: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None


class _Differences(BaseModel):
    """In what a version differs from the field list: each label and hint takes the place of the
    listed one; fields `absent` are not asked; `order` names its sections as they are printed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}
    sections: dict[str, _Own] = {}
    absent: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    @property
    def placed(self) -> tuple[str, ...]:
        """The fields whose section this version names itself."""
        return tuple(key for each in self.sections.values() for key in each.fields or ())


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
    yes: tuple[str, ...] = ("Yes", "Y")
    no: tuple[str, ...] = ("No", "N")
    sections: tuple[Section, ...]

    def field(self, key: str) -> Field:
        """The field of this key."""
        return self._fields[key]

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {field.key: field for section in self.sections for field in section.fields}

    def section(self, key: str) -> Section:
        """The section of this key."""
        return next(section for section in self.sections if section.key == key)

    @cached_property
    def yes_no(self) -> YesNo:
        """The words that answer its questions."""
        return YesNo(self.yes, self.no)

    @cached_property
    def letters(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """For each field all its labels, as they are compared, in the parts in which they may be
        printed: one above the other, with an answer between.
        """
        return tuple(
            tuple(tuple(map(normal, label.split(" / "))) for label in field.labels)
            for section in self.sections
            for field in section.fields
        )

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
    written = {path: _read(path) for path in found}
    specs = {
        path: _spec(path, own, sections) for path, own in written.items() if _JOINED not in own
    }
    known = {spec.version: spec for spec in specs.values()}
    for path, own in written.items():
        if _JOINED in own:
            specs[path] = _joint(path, own, known)
    return [specs[path] for path in found]


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


def _joint(path: Path, own: dict[str, object], known: Mapping[str, FormSpec]) -> FormSpec:
    """A version that prints two others side by side, each in its language."""
    named = own.pop(_JOINED)
    if not isinstance(named, list) or len(named) != 2 or not all(n in known for n in named):  # noqa: PLR2004 - two
        raise FormSpecError(f"{path}: {_JOINED}: name two other versions")
    one, other = (known[name] for name in named)
    # A letter alone, "Y" for yes, is a word of Welsh.
    yes = tuple(word for word in (*one.yes, *other.yes) if len(word) > 1)
    no = tuple(word for word in (*one.no, *other.no) if len(word) > 1)
    own = {"yes": yes, "no": no} | own
    told = own.get("placeholders", [])
    if isinstance(told, list):
        own["placeholders"] = [*bilingual.placeholders_of(one, other), *told]
    return _spec(path, own, bilingual.sections_of(one, other))


def _spec(path: Path, own: dict[str, object], canonical: list[Section]) -> FormSpec:
    fields = {field.key: field for section in canonical for field in section.fields}
    known = {section.key: section for section in canonical}
    aliases = _wordings(path, own, "aliases", fields)
    headings = _wordings(path, own, "headings", known)
    otherwise = _differences(path, own, fields, known)
    sections = []
    for name in otherwise.order or known:
        section, itself = known[name], otherwise.sections.get(name)
        keys = [key for key in section.keys if key not in otherwise.placed]
        changes: dict[str, object] = {"aliases": (*section.aliases, *headings.get(name, ()))}
        if itself is not None:
            changes |= {"heading": itself.heading, "lead": itself.lead, "prompts": itself.prompts}
            keys = keys if itself.fields is None else list(itself.fields)
        keys = [key for key in keys if key not in otherwise.absent]
        asked = [_field(fields[key], keys, otherwise, aliases.get(key, ())) for key in keys]
        if asked:
            sections.append(section.model_copy(update=changes | {"fields": tuple(asked)}))
    if not sections:
        raise FormSpecError(f"{path}: no field is left in it")
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


def _field(
    field: Field, beside: list[str], otherwise: _Differences, aliases: tuple[str, ...]
) -> Field:
    """A field as a version prints it. It follows its question only where that stands beside it."""
    return field.model_copy(
        update={
            "label": otherwise.labels.get(field.key, field.label),
            "hint": otherwise.hints.get(field.key, field.hint),
            "follows": field.follows if field.follows in beside else None,
            "aliases": (*field.aliases, *aliases),
        }
    )


def _differences(
    path: Path, own: dict[str, object], fields: Collection[str], known: Collection[str]
) -> _Differences:
    """Takes them out of a form's description."""
    told = {name: own.pop(name) for name in _Differences.model_fields if name in own}
    try:
        otherwise = _Differences.model_validate(told)
    except ValidationError as error:
        raise _sentence(path, error) from None
    named = {
        "labels": (otherwise.labels, fields),
        "hints": (otherwise.hints, fields),
        "absent": (otherwise.absent, fields),
        "sections": (otherwise.sections, known),
        "order": (otherwise.order, known),
        "sections.fields": (otherwise.placed, fields),
    }
    for name, (keys, of) in named.items():
        for key in keys:
            if key not in of:
                raise FormSpecError(f"{path}: {name}: {key} is not in referral-fields.toml")
        if len(set(keys)) < len(keys):
            raise FormSpecError(f"{path}: {name}: a key stands there twice")
    return otherwise


def _wordings(
    path: Path, own: dict[str, object], name: str, known: Collection[str]
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
