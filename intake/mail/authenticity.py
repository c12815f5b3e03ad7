"""Whether the gateway's own mail server could verify the sender (RFC 8601)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intake.mail.model import Authenticity

if TYPE_CHECKING:
    from intake.mail.model import InboundMessage

_LONGEST = 8 * 1024
_RESULT = re.compile(r"(?:^|;)\s*dmarc(?:/\d{1,3})?\s*=\s*([a-z-]{1,20})([^;]*)", re.IGNORECASE)
_FROM = re.compile(r"\bheader\.from\s*=\s*([A-Za-z0-9.@_-]{1,255})", re.IGNORECASE)
_VERDICTS = {
    "none": Authenticity.NONE,
    "temperror": Authenticity.NONE,
    "permerror": Authenticity.NONE,
    "bestguesspass": Authenticity.NONE,
}


def authenticity(message: InboundMessage, trusted: str) -> Authenticity:
    """The verdict of the one header that may be believed: the topmost, or with `trusted` other than
    "topmost" the topmost that bears this authserv-id. Everything below may be forged.
    """
    value = _believed(message.header("authentication-results"), trusted)
    if value is None or message.sender is None:
        return Authenticity.UNKNOWN
    results = [(verdict.lower(), rest) for verdict, rest in _RESULT.findall(value)]
    if any(verdict == "fail" for verdict, _ in results):
        # Beside a second verdict, which a stranger may have slipped in, a failure stays one.
        return Authenticity.FAIL
    if len(results) != 1:
        return Authenticity.UNKNOWN
    verdict, properties = results[0]
    if verdict != "pass":
        return _VERDICTS.get(verdict, Authenticity.UNKNOWN)
    checked = _FROM.search(properties)
    domain = message.sender.rpartition("@")[2]
    if checked is None or checked[1].lower().rpartition("@")[2] != domain:
        return Authenticity.UNKNOWN
    return Authenticity.PASS


def _believed(values: list[str], trusted: str) -> str | None:
    """The value to go by, without its comments and quoted strings."""
    for value in values:
        bare = _without_quotes_and_comments(value[: _LONGEST + 1])
        words = bare.partition(";")[0].split()
        if trusted == "topmost" or (words and words[0].lower() == trusted.lower()):
            return bare if len(value) <= _LONGEST else None
    return None


def _without_quotes_and_comments(text: str) -> str:
    """Comments and quoted strings hold what strangers wrote; a verdict never stands in them."""
    kept = []
    depth = 0
    quoted = escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif quoted:
            quoted = character != '"'
        elif character == '"' and not depth:
            quoted = True
        elif character == "(":
            depth += 1
        elif character == ")" and depth:
            depth -= 1
        elif not depth:
            kept.append(character)
    return "".join(kept)
