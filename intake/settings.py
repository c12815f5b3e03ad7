"""The operator's settings: every key typed, defaulted and checked once, at start."""

from __future__ import annotations

import fnmatch
import re
import stat
from datetime import UTC, date, datetime, time
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_NAME = re.compile(r"[a-z0-9-]{1,64}")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SECOND_NAME = ".pnn.police.uk"


class SettingsError(ValueError):
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


def _different(addresses: list[str]) -> list[str]:
    if len({address.lower() for address in addresses}) < len(addresses):
        raise ValueError("names an address twice; take one out")
    return addresses


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
            raise ValueError('tls = "none" is for loopback hosts only; use implicit or starttls')
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
    to: Annotated[list[Address], AfterValidator(_different)] = Field(min_length=1)
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
        names of one mailbox (domain.md).
        """
        plain = _one_name(address)
        return any(fnmatch.fnmatchcase(plain, _one_name(own)) for own in self.gateway.own_addresses)


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


def _one_name(address: str) -> str:
    lowered = address.lower()
    if lowered.endswith(_SECOND_NAME):
        return lowered.removesuffix(_SECOND_NAME) + ".police.uk"
    return lowered
