"""`settings`: check, show, schema."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from intake.commands.status import Status
from intake.settings_file import describe, json_schema

if TYPE_CHECKING:
    from intake.settings import Settings


def check(settings: Settings) -> Status:
    """They were loaded, so they can be used."""
    sys.stderr.write(
        f"settings: usable; {len(settings.mailboxes)} mailboxes, "
        f"{len(settings.channels)} channels\n"
    )
    return Status.DONE


def show(settings: Settings) -> Status:
    """Every key as it counts now, environment included, secrets masked."""
    sys.stdout.write(describe(settings) + "\n")
    return Status.DONE


def schema() -> Status:
    """The JSON Schema, for editors and other programs."""
    sys.stdout.write(json.dumps(json_schema(), indent=2) + "\n")
    return Status.DONE
