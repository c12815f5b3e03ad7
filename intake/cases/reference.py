"""The meaningless name of a case: `EX-2026-7KM4X-3`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

SYMBOLS = "23456789CDFGHJKMNPQRTWX"
"""No vowels (no words appear by chance) and none of the pairs that are misread or misheard most
(0 O, 1 I L, 2 Z, 5 S, 8 B, U V). 23 is prime, so that one check symbol finds every single wrong
symbol and every pair of neighbours swapped."""

LENGTH = 5


def new_reference(prefix: str, year: int, rng: random.Random) -> str:
    """A random reference; whoever stores it makes sure that it is new. `rng` is a SystemRandom."""
    body = "".join(rng.choice(SYMBOLS) for _ in range(LENGTH))
    return f"{prefix}-{year}-{body}-{_check_symbol(year, body)}"


def is_reference(text: str) -> bool:
    """Whether `text` has the shape of a reference and its check symbol is right."""
    parts = text.split("-")
    if len(parts) != 4 or not (parts[0] and parts[1].isascii() and parts[1].isdigit()):  # noqa: PLR2004 - prefix, year, body, check
        return False
    _, year, body, check = parts
    if len(body) != LENGTH or any(symbol not in SYMBOLS for symbol in body):
        return False
    return check == _check_symbol(int(year), body)


def _check_symbol(year: int, body: str) -> str:
    total = year
    for weight, symbol in enumerate(body, start=2):
        total += weight * SYMBOLS.index(symbol)
    return SYMBOLS[total % len(SYMBOLS)]
