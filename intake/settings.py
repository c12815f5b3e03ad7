"""The operator's settings: every key typed, defaulted and checked once, at start."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
import tomllib
from datetime import UTC, date, datetime, time
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from intake.environment import overlay

if TYPE_CHECKING:
    from collections.abc import Mapping

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_NAME = re.compile(r"[a-z0-9-]{1,64}")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SECOND_NAME = ".pnn.police.uk"


class SettingsError(Exception):
    """The settings can't be used: one sentence naming the key, what is wrong and what to do."""


def _address(text: str) -> str:
    if _ADDRESS.fullmatch(text) is None:
        raise ValueError("is no mail address")
    return text


def _address_or_pattern(text: str) -> str:
    _address(text.replace("*", "x"))
    return text


def _name(text: str) -> str:
    if _NAME.fullmatch(text) is None:
        raise ValueError("must be made of lower-case letters, digits and hyphens")
    return text


def _folder(text: str) -> str:
    if not text or any(ord(c) < 0x20 or ord(c) == 0x7F for c in text):  # noqa: PLR2004 - controls
        raise ValueError("must be a folder's name without control characters")
    return text


def _sender(text: str) -> str:
    _address(parseaddr(text)[1])
    if any(ord(c) < 0x20 for c in text):  # noqa: PLR2004 - controls
        raise ValueError("must not hold control characters")
    return text


Address = Annotated[str, AfterValidator(_address)]
Pattern = Annotated[str, AfterValidator(_address_or_pattern)]
Name = Annotated[str, AfterValidator(_name)]
Folder = Annotated[str, AfterValidator(_folder)]
Tls = Literal["implicit", "starttls", "none"]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class GatewaySettings(_Table):
    """`[gateway]`."""

    name: str = Field(min_length=1, max_length=200)
    reference_prefix: str = Field(pattern=r"^[A-Z0-9]{1,8}$")
    own_addresses: list[Pattern] = Field(min_length=1)
    data_dir: Path = Field(default=Path("var"), strict=False)
    shadow: bool = False


class DatabaseSettings(_Table):
    """`[database]`."""

    url: str = "sqlite:///var/intake.db"


class _Server(_Table):
    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    tls: Tls
    ca_file: Path | None = Field(default=None, strict=False)
    username: str | None = None
    password_file: Path | None = Field(default=None, strict=False)

    @model_validator(mode="after")
    def _encrypted(self) -> _Server:
        if self.tls == "none" and self.host not in _LOOPBACK:
            raise ValueError("tls = \"none\" is for loopback hosts only; use implicit or starttls")
        if (self.username is None) != (self.password_file is None):
            raise ValueError("username and password_file go together")
        return self

    def password(self) -> str:
        """The secret, read from its file now. Never kept in the settings."""
        if self.password_file is None:
            raise SettingsError("password_file: not set")
        return read_secret(self.password_file, "password_file")


class _Box(_Table):
    name: Name
    filed_folder: Folder = "Intake/Filed"
    attention_folder: Folder = "Intake/Attention"
    poll_seconds: int = Field(default=60, ge=1, le=3600)
    start_at: datetime | None = Field(default=None, strict=False)

    @model_validator(mode="before")
    @classmethod
    def _whole_day(cls, values: Any) -> Any:
        if isinstance(values, dict):
            start = values.get("start_at")
            if isinstance(start, date) and not isinstance(start, datetime):
                start = datetime.combine(start, time(), UTC)
            if isinstance(start, datetime) and start.tzinfo is None:
                start = start.replace(tzinfo=UTC)
            if start is not None:
                values = {**values, "start_at": start}
        return values


class ImapSettings(_Box, _Server):
    """`[[mailboxes]]` with `kind = "imap"`."""

    kind: Literal["imap"]
    port: int = Field(default=993, ge=1, le=65535)
    tls: Tls = "implicit"
    folder: Folder = "INBOX"
    idle: bool = True


class MaildirSettings(_Box):
    """`[[mailboxes]]` with `kind = "maildir"`."""

    kind: Literal["maildir"]
    path: Path = Field(strict=False)


class SmtpSettings(_Server):
    """`[smtp]`."""

    port: int = Field(default=587, ge=1, le=65535)
    tls: Tls = "starttls"
    sender: Annotated[str, AfterValidator(_sender)]
    bounce_address: Address | Literal[""] = ""


class AuthenticationSettings(_Table):
    """`[authentication]`."""

    trusted: str = Field(default="topmost", min_length=1)


class AcknowledgementSettings(_Table):
    """`[acknowledgement]`."""

    enabled: bool = True
    languages: list[Literal["en", "cy"]] = Field(default=["en"], min_length=1)
    per_sender_per_day: int = Field(default=5, ge=0)
    exempt: list[Address] = []


class ChannelSettings(_Table):
    """`[[channels]]`."""

    name: Name
    kind: Literal["email"]
    to: list[Address] = Field(min_length=1)
    personal_data: bool = False


class ParsingSettings(_Table):
    """`[parsing]`."""

    seconds_per_document: int = Field(default=20, ge=1)
    megabytes_per_document: int = Field(default=1024, ge=128)
    ocr: Literal["auto", "never"] = "auto"
    ocr_seconds_per_page: int = Field(default=10, ge=1)
    ocr_megabytes: int = Field(default=1536, ge=128)


class Settings(_Table):
    """The whole file."""

    gateway: GatewaySettings
    database: DatabaseSettings = DatabaseSettings()
    mailboxes: list[Annotated[ImapSettings | MaildirSettings, Field(discriminator="kind")]] = []
    smtp: SmtpSettings
    authentication: AuthenticationSettings = AuthenticationSettings()
    acknowledgement: AcknowledgementSettings = AcknowledgementSettings()
    channels: list[ChannelSettings] = []
    parsing: ParsingSettings = ParsingSettings()

    def is_own(self, address: str) -> bool:
        """Whether an address is the gateway's own. `X.police.uk` and `X.pnn.police.uk` are two
        names of one mailbox (domain.md)."""
        plain = _one_name(address)
        return any(
            fnmatch.fnmatchcase(plain, _one_name(own)) for own in self.gateway.own_addresses
        )


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
        raise SettingsError("\n".join(_sentence(each) for each in error.errors())) from None
    settings = _absolute(settings, path.absolute().parent)
    _check(settings)
    return settings


def read_secret(path: Path, key: str) -> str:
    """The one line of a secret file that nobody but us may read; SettingsError naming the key."""
    try:
        mode = path.stat().st_mode
        secret = path.read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{key}: {path} can't be read; check path and rights") from None
    if mode & stat.S_IROTH:
        raise SettingsError(f"{key}: {path} can be read by everybody; chmod 600 it")
    if not secret:
        raise SettingsError(f"{key}: {path} is empty; put the password into it")
    return secret


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
        import json  # noqa: PLC0415

        lines.append(f"{prefix} = {json.dumps(value)}")


def _one_name(address: str) -> str:
    lowered = address.lower()
    if lowered.endswith(_SECOND_NAME):
        return lowered.removesuffix(_SECOND_NAME) + ".police.uk"
    return lowered


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
    names = [box.name for box in settings.mailboxes]
    for number, name in enumerate(names):
        if name in names[:number] or name == "process":
            raise SettingsError(f"mailboxes.{number}.name: {name} is taken; choose another name")
    names = [channel.name for channel in settings.channels]
    for number, name in enumerate(names):
        if name in names[:number] or name == "acknowledgement":
            raise SettingsError(f"channels.{number}.name: {name} is taken; choose another name")
    for number, box in enumerate(settings.mailboxes):
        folders = [box.filed_folder, box.attention_folder]
        folders += [box.folder] if isinstance(box, ImapSettings) else []
        if len(set(folders)) < len(folders):
            raise SettingsError(
                f"mailboxes.{number}.filed_folder: folder, filed_folder and attention_folder must "
                f"be three different folders"
            )
        if isinstance(box, ImapSettings) and box.password_file is not None:
            read_secret(box.password_file, f"mailboxes.{number}.password_file")
        if isinstance(box, ImapSettings) and box.password_file is None:
            raise SettingsError(f"mailboxes.{number}.username: missing; set it and password_file")
    if settings.smtp.password_file is not None:
        read_secret(settings.smtp.password_file, "smtp.password_file")
    for key, table in (("smtp", settings.smtp), *enumerate(settings.mailboxes)):
        ca_file = getattr(table, "ca_file", None)
        if ca_file is not None and not os.access(ca_file, os.R_OK):
            where = key if isinstance(key, str) else f"mailboxes.{key}"
            raise SettingsError(f"{where}.ca_file: {ca_file} can't be read; check the path")
