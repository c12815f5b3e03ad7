"""The only way a channel goes out encrypted: verified, at least TLS 1.2."""

from __future__ import annotations

import ipaddress
import ssl
from typing import TYPE_CHECKING

from notifiers.failures import lane_error

if TYPE_CHECKING:
    from pathlib import Path


def verifying_context(ca_file: Path | None) -> ssl.SSLContext:
    """A context that checks certificate and host name. With `ca_file` only the authorities in it
    are believed, otherwise the system's. It is read here, so a context made anew for each
    connection learns of a renewed file. DeliveryError when it can't be read.
    """
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file is not None else None)
    except OSError:  # ssl.SSLError is one
        raise lane_error("ca-file-unreadable") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def is_loopback(host: str) -> bool:
    """Whether `host` names this machine: 127.0.0.0/8, ::1 or "localhost"."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
