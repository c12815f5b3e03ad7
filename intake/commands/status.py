"""How a command ends."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """Exit status, the same for every command."""

    DONE = 0
    ATTENTION = 1
    """Done, and something needs attention."""
    WRONG = 2
    """Wrong usage or settings."""
    AGAIN = 75
    """Try again later (EX_TEMPFAIL of sysexits.h)."""
