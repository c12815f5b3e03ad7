"""How patient the SMTP channel is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tls = Literal["implicit", "starttls", "none"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeouts:
    """Seconds. `connect` and `command` are for one step, `envelope` for everything before DATA
    together, `data` for DATA with the wait for the final answer (RFC 5321 §4.5.3.2.6).
    """

    connect: float = 30
    command: float = 60
    envelope: float = 180
    data: float = 600
    reused: float = 10
    """For MAIL, with RSET, on a connection that may have gone stale: a new one is cheaper."""
    quit: float = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Reuse:
    """How long one connection serves: so many `messages`, and at most `idle` seconds of silence."""

    messages: int = 50
    idle: float = 30
