"""What a scripted SMTP server is told to do, and what it keeps of what it was told."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Verb: TypeAlias = Literal[
    "CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "CONTENT", "DOT",
    "RSET", "NOOP", "QUIT",
]  # fmt: skip
"""A moment at which the server speaks. CONNECT is its greeting; CONTENT comes when the first bytes
of a message have arrived (only `DROP` and `Hang` mean something there); DOT when its end has.
"""


@dataclass(frozen=True, slots=True)
class Hang:
    """Say nothing for so many seconds, then answer `reply`, or as usual."""

    seconds: float
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class _Deed:
    name: str


DROP: Final = _Deed("drop")
"""Hang up instead of answering. At DOT: the message came whole, but was not taken."""
ACCEPT_THEN_DROP: Final = _Deed("accept then drop")
"""At DOT: take the message, and hang up before the reply could tell so."""
GARBAGE: Final = _Deed("garbage")
"""Answer with bytes that are no SMTP reply."""

Answer: TypeAlias = str | Hang | _Deed
"""A string is a reply line without its line end, such as `550 5.7.60 not your address`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """A message that was taken."""

    mail_from: str
    rcpt: tuple[str, ...]
    """Those recipients that were accepted."""
    content: bytes
    """Exactly the bytes the client meant: dots unstuffed, the final CRLF kept."""
    authenticated_as: str | None
    tls: bool
    options: str
    """What followed the address in MAIL FROM, such as `SIZE=300 BODY=8BITMIME`."""


class Script:
    """The answers to come. Safe to change while the server speaks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: defaultdict[str, deque[Answer | None]] = defaultdict(deque)
        self._always: dict[str, Answer] = {}
        self._recipients: list[tuple[Callable[[str], bool], Answer]] = []

    def on(self, verb: Verb, *answers: Answer | None) -> None:
        """The next answers at `verb`, one each time; None is the usual one. Then as before."""
        with self._lock:
            self._next[verb].extend(answers)

    def always(self, verb: Verb, answer: Answer | None) -> None:
        """The answer at `verb` from now on; None is the usual one again."""
        with self._lock:
            self._always.pop(verb, None)
            if answer is not None:
                self._always[verb] = answer

    def recipient(self, which: str | Callable[[str], bool], answer: Answer) -> None:
        """The answer to every RCPT for an address, or for those of which `which` is true."""
        test = which if callable(which) else _same(which)
        with self._lock:
            self._recipients.append((test, answer))

    def answer(self, verb: Verb, address: str | None = None) -> Answer | None:
        """The answer now due, which is thereby used up."""
        with self._lock:
            if self._next[verb]:
                return self._next[verb].popleft()
            for test, answer in self._recipients if address is not None else ():
                if test(address or ""):
                    return answer
            return self._always.get(verb)


def _same(address: str) -> Callable[[str], bool]:
    return lambda other: other.casefold() == address.casefold()
