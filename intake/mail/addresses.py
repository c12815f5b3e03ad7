"""Mail addresses out of header text that anybody may have written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST = 200
_SPEC = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
)
_PIECE = re.compile(
    r'"(?:[^"\\]|\\.)*+"?|[()<>,;:]|\\.?|[^"()<>,;:\\]++',
    re.DOTALL,
)


def addresses(values: Iterable[str]) -> tuple[str, ...]:
    """The addr-specs in these header values, lower-cased, in order, each once, at most 200.

    What stands in a display name or a comment is none. A mailbox that is no plain addr-spec
    (RFC 5322 §3.4.1: ASCII, without quotes, at a domain of two words or more) is left out.
    """
    found: dict[str, None] = {}
    for value in values:
        for spec in _specs(value):
            if _SPEC.fullmatch(spec) and ".." not in spec and "." in spec.rpartition("@")[2]:
                found.setdefault(spec.lower())
            if len(found) >= MOST:
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


def _specs(value: str) -> Iterator[str]:
    """What stands in angle brackets, or else alone, in each mailbox; one pass, without recursion.

    The standard library's parser takes time with the square of some inputs.
    """
    plain: list[str] = []
    angled: list[str] | None = None
    seen_angle = False
    for piece in _without_comments(value):
        if angled is not None:
            if piece == ">":
                yield "".join(angled).strip()
                angled = None
            elif piece in (":", ","):
                # A source route (RFC 5322 §4.4) stands before the address.
                angled = []
            else:
                angled.append(piece)
        elif piece == "<":
            angled, seen_angle = [], True
        elif piece == ":" and any("@" in each for each in plain):
            # No name of a group (RFC 5322 §3.4): whatever this is, it is no list of addresses.
            plain.append(piece)
        elif piece in (",", ";", ":"):
            if not seen_angle:
                yield "".join(plain).strip()
            plain, seen_angle = [], False
        else:
            plain.append(piece)
    if angled is not None or not seen_angle:
        yield "".join(plain if angled is None else angled).strip()


def _without_comments(value: str) -> Iterator[str]:
    depth = 0
    for piece in _PIECE.findall(value):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif not depth:
            yield piece
