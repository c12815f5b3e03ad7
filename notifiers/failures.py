"""What it means that a connection failed."""

from __future__ import annotations

import ssl

from notifiers.base import DeliveryError, Scope


def lane_error(code: str) -> DeliveryError:
    """The channel's own trouble, which may pass."""
    return DeliveryError(code, permanent=False, scope=Scope.LANE)


def failure_word(exc: BaseException) -> str:
    """One word for an exception that isn't a server's answer, and nothing of its text."""
    tls = next((e for e in (exc, exc.__cause__) if isinstance(e, ssl.SSLError)), None)
    if isinstance(tls, ssl.SSLCertVerificationError):
        return "tls-not-verified"
    if tls is not None:
        return "tls-failed"
    if isinstance(exc, TimeoutError):
        return "timeout"
    if isinstance(exc, OSError):
        return "unreachable"
    return f"unexpected {type(exc).__name__}"
