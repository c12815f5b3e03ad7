"""The settings: wrong ones are refused in one sentence that names the key."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from intake.settings import SettingsError
from intake.settings_file import config_dir, describe, json_schema, load

if TYPE_CHECKING:
    from pathlib import Path

LEAST = """\
[gateway]
name = "Example CTU Prevent gateway"
reference_prefix = "EX"
own_addresses = ["gateway@example.police.uk"]

[[mailboxes]]
name = "gateway"
kind = "imap"
host = "imap.example.police.uk"
username = "gateway"
password_file = "password"

[smtp]
host = "smtp.example.police.uk"
username = "gateway"
password_file = "password"
sender = "Prevent gateway <gateway@example.police.uk>"

[[channels]]
name = "triage-email"
kind = "email"
to = ["triage@example.police.uk"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    password = tmp_path / "password"
    password.write_text("s3cret\n", encoding="utf-8")
    password.chmod(0o600)
    written = tmp_path / "intake.toml"
    written.write_text(LEAST, encoding="utf-8")
    return written


def refusal(file: Path, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as refused:
        load(file, environ or {})
    return str(refused.value)


def test_the_least_settings_have_the_documented_defaults(file: Path) -> None:
    settings = load(file, {})
    (mailbox,) = settings.mailboxes
    assert mailbox.kind == "imap"
    assert (mailbox.port, mailbox.tls, mailbox.folder) == (993, "implicit", "INBOX")
    assert (mailbox.filed_folder, mailbox.attention_folder) == (
        "Intake/Filed",
        "Intake/Attention",
    )
    assert (settings.smtp.port, settings.smtp.tls) == (587, "starttls")
    assert settings.acknowledgement.per_sender_per_day == 5
    assert (settings.channels[0].personal_data, settings.gateway.shadow) == (False, False)


def test_relative_paths_count_from_the_files_folder(file: Path, tmp_path: Path) -> None:
    settings = load(file, {})
    assert settings.gateway.data_dir == tmp_path / "var"
    assert settings.database.url == f"sqlite:///{tmp_path}/var/intake.db"
    assert settings.smtp.password() == "s3cret"


def test_the_example_is_complete_and_usable(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for name in ("imap-password", "smtp-password"):
        (secrets / name).touch(0o600)
        (secrets / name).write_text("x", encoding="utf-8")
    example = (config_dir() / "intake.example.toml").read_text(encoding="utf-8")
    copy = tmp_path / "intake.toml"
    copy.write_text(example, encoding="utf-8")
    load(copy, {})
    for name, table in json_schema()["$defs"].items():
        for key in table.get("properties", {}):
            assert f"{key} = " in example, f"{name}.{key} is not explained"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('name = "Example', 'nmae = "Example', "gateway.nmae: unknown key"),
        ('reference_prefix = "EX"\n', "", "gateway.reference_prefix: missing"),
        ('reference_prefix = "EX"', "reference_prefix = 7", "gateway.reference_prefix"),
        ('reference_prefix = "EX"', 'reference_prefix = "ex"', "gateway.reference_prefix"),
        ('["gateway@example.police.uk"]', '["gateway"]', "gateway.own_addresses.0"),
        ('kind = "imap"', 'kind = "pop3"', "mailboxes.0"),
        ('kind = "email"', 'kind = "pigeon"', "channels.0.kind"),
        ('to = ["triage@example.police.uk"]', "to = []", "channels.0.to"),
        (
            'to = ["triage@example.police.uk"]',
            'to = ["triage@example.police.uk", "Triage@example.police.uk"]',
            "channels.0.to: names an address twice",
        ),
        ('host = "imap.example.police.uk"\n', "", "mailboxes.0.host: missing"),
        ('host = "imap', 'tls = "none"\nhost = "imap', "mailboxes.0"),
        ('host = "imap', 'port = "993"\nhost = "imap', "mailboxes.0.port"),
        ('host = "imap', 'poll_seconds = 0\nhost = "imap', "mailboxes.0.poll_seconds"),
        ('host = "imap', 'filed_folder = "INBOX"\nhost = "imap', "mailboxes.0.filed_folder"),
        ('host = "imap', 'filed_folder = "a\\nb"\nhost = "imap', "mailboxes.0.filed_folder"),
        ('username = "gateway"\npassword_file = "password"\n\n', "\n", "mailboxes.0.username"),
        ('host = "imap', 'ca_file = "nowhere"\nhost = "imap', "mailboxes.0.ca_file"),
        ('name = "gateway"', 'name = "process"', "mailboxes.0.name"),
        ('name = "gateway"', 'name = "../up"', "mailboxes.0.name"),
        ('name = "triage-email"', 'name = "acknowledgement"', "channels.0.name"),
        ('sender = "Prevent gateway <', 'sender = "<>,', "smtp.sender"),
        ("[smtp]", "[smtpd]", "smtpd: unknown key"),
    ],
)
def test_what_is_wrong_is_named(file: Path, old: str, new: str, key: str) -> None:
    text = LEAST.replace(old, new, 1)
    assert text != LEAST
    file.write_text(text, encoding="utf-8")
    assert key in refusal(file)


def test_a_file_that_is_not_there_or_no_toml_is_named(file: Path, tmp_path: Path) -> None:
    assert "nowhere.toml" in refusal(tmp_path / "nowhere.toml")
    file.write_text("[gateway", encoding="utf-8")
    assert "is no TOML" in refusal(file)
    file.write_bytes(b"\xff\xfe")
    assert "is no TOML" in refusal(file)


def test_a_secret_file_must_be_ours_alone(file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.chmod(0o644)
    assert "password_file" in refusal(file)
    assert "s3cret" not in refusal(file)
    secret.chmod(0o600)
    secret.write_text("", encoding="utf-8")
    assert "empty" in refusal(file)
    secret.unlink()
    assert "password_file" in refusal(file)


def test_the_environment_overrides_the_file(file: Path) -> None:
    settings = load(
        file,
        {
            "REFERRAL_INTAKE__SMTP__HOST": "other.example.police.uk",
            "REFERRAL_INTAKE__SMTP__PORT": "2525",
            "REFERRAL_INTAKE__MAILBOXES__0__IDLE": "false",
            "REFERRAL_INTAKE__ACKNOWLEDGEMENT__LANGUAGES": '["cy", "en"]',
            "REFERRAL_INTAKE__GATEWAY__NAME": "2026",
            "REFERRAL_INTAKE_CONFIG": "not a key",
            "PATH": os.environ["PATH"],
        },
    )
    (mailbox,) = settings.mailboxes
    assert (settings.smtp.host, settings.smtp.port) == ("other.example.police.uk", 2525)
    assert mailbox.kind == "imap"
    assert mailbox.idle is False
    assert settings.acknowledgement.languages == ["cy", "en"]
    assert settings.gateway.name == "2026"


@pytest.mark.parametrize(
    "variable",
    ["SMTP__HOTS", "NOTHING", "MAILBOXES__7__HOST", "MAILBOXES__X__HOST", "SMTP__HOST__MORE"],
)
def test_a_variable_that_names_no_key_is_refused_by_name(file: Path, variable: str) -> None:
    name = f"REFERRAL_INTAKE__{variable}"
    assert name in refusal(file, {name: "x"})


def test_secrets_are_masked_wherever_settings_are_shown(file: Path) -> None:
    url = "postgresql+psycopg://intake:s3cret@127.0.0.1/intake"
    shown = describe(load(file, {"REFERRAL_INTAKE__DATABASE__URL": url}))
    assert "s3cret" not in shown
    assert "postgresql+psycopg://intake:********@127.0.0.1/intake" in shown
    assert 'smtp.host = "smtp.example.police.uk"' in shown


def test_both_names_of_a_police_mailbox_are_ours(file: Path) -> None:
    settings = load(file, {})
    assert settings.is_own("Gateway@example.pnn.police.uk")
    assert settings.is_own("gateway@EXAMPLE.police.uk")
    assert not settings.is_own("officer@example.police.uk")
    assert not settings.is_own("gateway@example.police.uk.example.org")


def test_the_schema_is_json(file: Path) -> None:
    del file
    assert json.loads(json.dumps(json_schema()))["properties"]["gateway"]
