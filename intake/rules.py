"""The operator's decisions, as far as the path of one message needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HELD = "shadow"
"""Why nothing is sent in shadow mode."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """Folders are None where a message is not in a mailbox."""

    reference_prefix: str
    is_own: Callable[[str], bool]
    trusted: str
    acknowledge: bool
    per_sender_per_day: int
    exempt: frozenset[str]
    filed_folder: str | None
    attention_folder: str | None
    shadow: bool = False
    """Read and record, send nothing, move nothing."""

    @property
    def held(self) -> str | None:
        """Why what is owed is written down and not sent; None when it is sent."""
        return HELD if self.shadow else None
