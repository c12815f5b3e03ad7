"""The settings file: read, overlaid from the environment, checked as a whole, shown."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from intake.environment import overlay
from intake.settings import (
    DatabaseSettings,
    ImapSettings,
    Settings,
    SettingsError,
    read_secret,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read the file, lay the environment over it, check everything; SettingsError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: can't be read ({error.strerror}); check --config") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is no TOML: {error}") from None
    table = overlay(table, environ, Settings, SettingsError)
    try:
        settings = Settings.model_validate(table)
    except ValidationError as error:
        raise SettingsError("; ".join(_sentence(each) for each in error.errors())) from None
    settings = _absolute(settings, path.absolute().parent)
    _check(settings)
    return settings


def config_dir() -> Path:
    """Where forms and wording lie: in the checkout, or in the installed package."""
    here = Path(__file__).parent
    packed = here / "_config"
    return packed if packed.is_dir() else here.parent / "config"


def describe(settings: Settings) -> str:
    """Every key and its value as TOML-like lines; secrets are files, and stay there."""
    lines: list[str] = []
    _describe("", settings.model_dump(mode="json"), lines)
    return re.sub(r"(://[^:/@\s\"]+:)[^@\s\"]+@", r"\1********@", "\n".join(lines))


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the settings file."""
    return Settings.model_json_schema()


def _describe(prefix: str, value: Any, lines: list[str]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _describe(f"{prefix}.{key}" if prefix else key, inner, lines)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value):
            _describe(f"{prefix}.{number}", inner, lines)
    elif value is not None:
        import json

        lines.append(f"{prefix} = {json.dumps(value)}")


def _sentence(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"] if part not in ("imap", "maildir"))
    if error["type"] == "extra_forbidden":
        return f"{where}: unknown key; take it out, or correct its spelling"
    if error["type"] == "missing":
        return f"{where}: missing; set it"
    return f"{where or 'settings'}: {error['msg'].removeprefix('Value error, ')}"


def _absolute(settings: Settings, base: Path) -> Settings:
    def under(path: Path | None) -> Path | None:
        return None if path is None else base / path

    def server(table: Any) -> Any:
        return table.model_copy(
            update={
                "ca_file": under(table.ca_file),
                "password_file": under(table.password_file),
            }
        )

    boxes = [
        server(box)
        if isinstance(box, ImapSettings)
        else box.model_copy(update={"path": base / box.path})
        for box in settings.mailboxes
    ]
    url = settings.database.url
    if url.startswith("sqlite:///"):
        url = f"sqlite:///{base / url.removeprefix('sqlite:///')}"
    gateway = settings.gateway.model_copy(update={"data_dir": base / settings.gateway.data_dir})
    return settings.model_copy(
        update={
            "gateway": gateway,
            "database": DatabaseSettings(url=url),
            "mailboxes": boxes,
            "smtp": server(settings.smtp),
        }
    )


def _check(settings: Settings) -> None:
    """What no single key can show: names that clash, secrets and files that can't be read."""
    _distinct("mailboxes", [box.name for box in settings.mailboxes], taken="process")
    _distinct("channels", [channel.name for channel in settings.channels], taken="acknowledgement")
    for number, box in enumerate(settings.mailboxes):
        folders = [box.filed_folder, box.attention_folder]
        folders += [box.folder] if isinstance(box, ImapSettings) else []
        if len(set(folders)) < len(folders):
            raise SettingsError(
                f"mailboxes.{number}.filed_folder: folder, filed_folder and attention_folder must "
                f"be three different folders"
            )
        if isinstance(box, ImapSettings) and box.password_file is None:
            raise SettingsError(f"mailboxes.{number}.username: missing; set it and password_file")
    for key, password_file, ca_file in _files(settings):
        if password_file is not None:
            read_secret(password_file, f"{key}.password_file")
        if ca_file is not None and not os.access(ca_file, os.R_OK):
            raise SettingsError(f"{key}.ca_file: {ca_file} can't be read; check the path")


def _distinct(key: str, names: list[str], *, taken: str) -> None:
    for number, name in enumerate(names):
        if name in names[:number] or name == taken:
            raise SettingsError(f"{key}.{number}.name: {name} is taken; choose another name")


def _files(settings: Settings) -> Iterator[tuple[str, Path | None, Path | None]]:
    yield "smtp", settings.smtp.password_file, settings.smtp.ca_file
    for number, box in enumerate(settings.mailboxes):
        if isinstance(box, ImapSettings):
            yield f"mailboxes.{number}", box.password_file, box.ca_file
