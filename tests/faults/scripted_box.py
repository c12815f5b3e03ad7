"""What tests of the mailbox on a scripted IMAP server share."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from intake.mailboxes.imap import ImapMailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.scripted_imap import ScriptedImap, Talk


@contextmanager
def mailbox(
    server: ScriptedImap, *, call_seconds: float = 15, folder: str = "INBOX", **account: Any
) -> Iterator[ImapMailbox]:
    """Our way into it, closed at the end."""
    box = ImapMailbox(
        name="gateway",
        account=server.account(**account),
        folder=folder,
        call_seconds=call_seconds,
    )
    with closing(box):
        yield box


def once(odd: Callable[[Talk], None]) -> Callable[[Talk], None]:
    """`odd` the first time, then what the server says as a rule."""
    used: list[Talk] = []

    def answer(talk: Talk) -> None:
        used.append(talk)
        if len(used) == 1:
            odd(talk)
        else:
            talk.default()

    return answer


def about(uid: int, odd: Callable[[Talk], None]) -> Callable[[Talk], None]:
    """`odd` to a command about that UID, what the server says as a rule to others."""

    def answer(talk: Talk) -> None:
        if talk.args.split(" ")[0] == str(uid):
            odd(talk)
        else:
            talk.default()

    return answer
