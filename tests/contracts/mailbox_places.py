"""Places where a mailbox can be: the world's side of each, as the contract test needs it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, Protocol

from intake.mailboxes.imap import ImapMailbox
from intake.mailboxes.imap_wire import ImapAccount
from intake.mailboxes.maildir import MaildirMailbox
from tests.unit.memory_mailbox import MemoryMailbox

if TYPE_CHECKING:
    from pathlib import Path

    from intake.mailboxes.base import Mailbox
    from tests.servers.dovecot import Dovecot

THEN = datetime(2026, 11, 23, 8, 13, 41, tzinfo=UTC)
"""When every message arrives that comes at no other time."""


class Place(Protocol):
    """One mailbox, as people and mail servers see it."""

    knows_dates: bool

    def box(self, start_at: datetime | None = None) -> Mailbox:
        """Our way into it."""

    def put(self, *raws: bytes, at: datetime = THEN) -> None:
        """Messages arrive, in this order."""

    def mark(self, number: int, flags: str) -> None:
        """A person sets flags (Maildir's letters) on the message of this number, from 0."""

    def take_away(self, number: int) -> None:
        """A person removes the message of this number."""

    def inbox(self) -> list[bytes]:
        """What lies in the intake folder."""

    def folder(self, name: str) -> list[bytes]:
        """What lies in another folder."""

    def marks(self) -> list[str]:
        """Everything about the inbox that a look at it could change."""


class ImapPlace:
    """A real Dovecot."""

    knows_dates = True

    def __init__(self, dovecot: Dovecot, user: str, tls: Literal["implicit", "starttls"]) -> None:
        self.dovecot = dovecot
        self.user = user
        self.account = ImapAccount(
            host=dovecot.host,
            port=dovecot.imaps_port if tls == "implicit" else dovecot.imap_port,
            tls=tls,
            username=user,
            password=lambda: dovecot.password,
            ca_file=dovecot.ca_file,
        )

    def box(self, start_at: datetime | None = None) -> Mailbox:
        return ImapMailbox(name="gateway", account=self.account, start_at=start_at)

    def put(self, *raws: bytes, at: datetime = THEN) -> None:
        with self.dovecot.client(self.user) as session:
            session.select_folder("INBOX")
            for raw in raws:
                session.append("INBOX", raw, msg_time=at)

    def mark(self, number: int, flags: str) -> None:
        names = {"S": b"\\Seen", "F": b"\\Flagged", "R": b"\\Answered", "T": b"\\Deleted"}
        self.dovecot.mark(self.user, self._uid(number), [names[flag] for flag in flags])

    def take_away(self, number: int) -> None:
        self.dovecot.expunge(self.user, self._uid(number))

    def inbox(self) -> list[bytes]:
        return self.dovecot.messages(self.user)

    def folder(self, name: str) -> list[bytes]:
        return self.dovecot.messages(self.user, name)

    def marks(self) -> list[str]:
        return [f"{uid} {sorted(flags)}" for uid, flags in self.dovecot.flags(self.user).items()]

    def _uid(self, number: int) -> int:
        return self.dovecot.uids(self.user)[number]


class MaildirPlace:
    """A Maildir in a folder of this machine."""

    knows_dates = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self._count = 0
        for room in ("new", "cur", "tmp"):
            (path / room).mkdir(parents=True)

    def box(self, start_at: datetime | None = None) -> Mailbox:
        return MaildirMailbox(name="gateway", path=self.path, start_at=start_at)

    def put(self, *raws: bytes, at: datetime = THEN) -> None:
        for raw in raws:
            self._count += 1
            path = self.path / "new" / f"{int(at.timestamp())}.{self._count}.mail"
            path.write_bytes(raw)
            time = at.timestamp() + self._count / 1000
            os.utime(path, (time, time))

    def mark(self, number: int, flags: str) -> None:
        path = self._files()[number]
        path.rename(self.path / "cur" / f"{path.name.partition(':')[0]}:2,{flags}")

    def take_away(self, number: int) -> None:
        self._files()[number].unlink()

    def inbox(self) -> list[bytes]:
        return [path.read_bytes() for path in self._files()]

    def folder(self, name: str) -> list[bytes]:
        return _contents(self.path / ("." + name.replace("/", ".")))

    def marks(self) -> list[str]:
        return [f"{path} {path.stat().st_mtime_ns}" for path in self._files()]

    def _files(self) -> list[Path]:
        return _messages(self.path)


class MemoryPlace:
    """The fake that tests of decisions use."""

    knows_dates = True

    def __init__(self) -> None:
        self._box = MemoryMailbox()

    def box(self, start_at: datetime | None = None) -> Mailbox:
        self._box._start_at = start_at
        return self._box

    def put(self, *raws: bytes, at: datetime = THEN) -> None:
        for raw in raws:
            self._box.put(raw, at)

    def mark(self, number: int, flags: str) -> None:
        """It knows no flags."""

    def take_away(self, number: int) -> None:
        self._box.inbox.pop(sorted(self._box.inbox)[number])

    def inbox(self) -> list[bytes]:
        return [raw for raw, _ in self._box.inbox.values()]

    def folder(self, name: str) -> list[bytes]:
        return self._box.folders.get(name, [])

    def marks(self) -> list[str]:
        return [str(uid) for uid in self._box.inbox]


def _messages(home: Path) -> list[Path]:
    files = [path for room in ("new", "cur") for path in (home / room).glob("*")]
    return sorted(files, key=lambda path: path.stat().st_mtime)


def _contents(home: Path) -> list[bytes]:
    return [path.read_bytes() for path in _messages(home)]
