"""The trail: who did what to which record, and when (Data Protection Act 2018, section 62)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa

from intake.store.schema import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection


_ENTER = sa.insert(audit)


class Action(StrEnum):
    """What was done, in the words of section 62 where it has one."""

    COLLECTION = "collection"
    DISCLOSURE = "disclosure"
    CONSULTATION = "consultation"


PROGRAM = "referral-intake"
"""The actor of everything that the program does by itself."""


def note(
    connection: Connection,
    *,
    at: datetime,
    actor: str,
    action: Action,
    subject: str,
    details: Mapping[str, str | int | None],
) -> None:
    """Add an entry in the caller's transaction. `details` hold ids, digests and codes only."""
    entry = {
        "at": at,
        "actor": actor,
        "action": action.value,
        "subject": subject,
        "details": dict(details),
    }
    connection.execute(_ENTER, entry)
