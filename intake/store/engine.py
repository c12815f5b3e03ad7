"""Opening the database so that what is committed survives a power cut."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

BUSY_SECONDS = 10

_READING = "reading"


class StoreUnavailableError(Exception):
    """The database can't be reached or used now. One sentence, without secrets."""


class StoreRefusedError(Exception):
    """The database will not hold this one thing (DataError). The library's text may quote it."""


class StoreUnusableError(Exception):
    """The database or its address is wrong: waiting won't help. One sentence, without secrets."""


def open_engine(url: str, *, read_only: bool = False) -> Engine:
    """An engine for `sqlite:///…` or `postgresql+psycopg://…`; nothing is opened yet.

    SQLite: rollback journal and `synchronous=EXTRA`, since the write-ahead log of the versions that
    Debian ships has a corruption bug (mail.md 5.3), and a power cut must not lose a commit. The
    journal is cut to nothing and synced, which is as durable as its removal, and costs less.
    `read_only` opens an SQLite file without ever writing to it, nor beside it; where there is none
    yet, an empty database in memory stands for it.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreUnusableError("database.url: this is no database address") from None
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(
            parsed,
            pool_pre_ping=True,
            connect_args={"connect_timeout": BUSY_SECONDS},
            hide_parameters=True,
        )
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise StoreUnusableError(
            "database.url: must begin with sqlite:/// and a file, or postgresql+psycopg://"
        )
    path = Path(parsed.database)
    if not read_only:
        return _sqlite(f"file:{_quoted(path)}?mode=rwc")
    if path.exists():
        return _sqlite(f"file:{_quoted(path)}?mode=ro", read_only=True)
    return _sqlite("file::memory:", pool=sa.StaticPool)


def _sqlite(address: str, *, read_only: bool = False, pool: type[sa.Pool] = sa.QueuePool) -> Engine:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            address,
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,  # transactions begin where we say, see _begin
            check_same_thread=False,
        )

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=pool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in (
            "foreign_keys=ON",
            "journal_mode=TRUNCATE",
            "synchronous=EXTRA",
            "trusted_schema=OFF",
            "secure_delete=ON",
        ):
            if not (read_only and pragma.startswith("journal_mode")):
                cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes the lock at once: upgrading a read lock later can fail without waiting.
        reading = connection.get_execution_options().get(_READING, False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _quoted(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


class Database:
    """One engine, and the two ways to use it: in a transaction that writes, or only reading.

    Errors of the database come out as StoreUnavailableError, except those that are about what was
    to be written: broken constraints (sqlalchemy.exc.IntegrityError), and StoreRefusedError.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reading = engine.execution_options(**{_READING: True})

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @property
    def in_memory(self) -> bool:
        """Whether it is an empty stand-in that lives in one connection, and ends with it."""
        return isinstance(self.engine.pool, sa.StaticPool)

    def insert(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        """An insert that may be told what to do on a conflict: the same words in both dialects."""
        return postgresql.insert(table) if self.dialect == "postgresql" else sqlite.insert(table)

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction: committed at the end of the block, rolled back on an exception."""
        return _transaction(self.engine)

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads."""
        return _transaction(self._reading)

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            yield connection
    except IntegrityError:
        raise
    except DataError as error:
        raise StoreRefusedError(type(error.orig).__name__) from None
    except (DBAPIError, sa.exc.TimeoutError) as error:
        # The library's text may quote what was to be stored; the type's name is enough to act on.
        name = type(getattr(error, "orig", error)).__name__
        raise StoreUnavailableError(
            f"database: not usable now ({name}); check that it runs, its disk and its rights"
        ) from None


def rows(result: sa.CursorResult[Any]) -> Iterator[dict[str, Any]]:
    """The rows of a result as dictionaries."""
    for row in result.mappings():
        yield dict(row)
