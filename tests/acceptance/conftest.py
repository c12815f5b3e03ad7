"""The gateway that acceptance tests and fault tests act on."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.gateway import Gateway

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.mail_loop import MailLoop


@pytest.fixture
def gateway(tmp_path: Path, mail_loop: MailLoop, mailbox_user: str) -> Gateway:
    """A gateway with an empty mailbox and no worker."""
    return Gateway(tmp_path, mail_loop, mailbox_user)


@pytest.fixture
def referrer() -> str:
    """The address of somebody whom only this test knows."""
    return f"sam-{secrets.token_hex(6)}@club.example.org"
