"""Mail addresses out of header text that anybody may have written."""

from __future__ import annotations

import re
from email.utils import getaddresses

_LONGEST = 4 * 1024
_MOST = 200
_SPEC = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
)


def addresses(values: list[str]) -> tuple[str, ...]:
    """The addr-specs in these header values, lower-cased, in order, each once.

    Over-long values are not parsed as a whole (the standard library's parser is quadratic): they
    are searched for what looks like an address instead.
    """
    found: dict[str, None] = {}
    for value in values:
        for spec in _specs(value):
            if _SPEC.fullmatch(spec):
                found.setdefault(spec.lower())
            if len(found) >= _MOST:
                return tuple(found)
    return tuple(found)


def return_path(values: list[str]) -> str | None:
    """The envelope sender as the receiving server noted it: "" for the null path."""
    if not values:
        return None
    inner = values[0].strip()
    if inner.replace(" ", "") in ("<>", ""):
        return ""
    found = addresses(values[:1])
    return found[0] if found else None


def _specs(value: str) -> list[str]:
    if len(value) <= _LONGEST:
        try:
            return [spec for _, spec in getaddresses([value])]
        except (RecursionError, ValueError, IndexError, AttributeError):
            pass
    return _SPEC.findall(value)
