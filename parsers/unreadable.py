"""Why a document was not read, as the exception that its reader raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parsers.model import Reason


class UnreadableError(Exception):
    """The document was not read: `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
