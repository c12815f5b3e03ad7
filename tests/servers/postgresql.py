"""A real PostgreSQL: one cluster a session, one schema a test."""

from __future__ import annotations

import contextlib
import secrets
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests.servers.ports import free_port
from tests.servers.process import ServerFailedError, ServerProcess, dropping, executable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.process import Premises

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "timezone": "UTC",
}
# Nothing in a test has to outlive the machine, only a killed server.
_HASTY = {"fsync": "off", "full_page_writes": "off"}


class PostgreSQL:
    """A cluster without passwords on loopback."""

    user = "intake"
    database = "postgres"

    def __init__(self, premises: Premises, *, durable: bool = False) -> None:
        """`durable`: what is committed survives a power cut, as in service."""
        self.port = free_port()
        places = _debian_places()
        folder = premises.folder("postgresql")
        made = subprocess.run(
            [
                *dropping(),
                executable("initdb", *places),
                *("--auth=trust", f"--username={self.user}", "--encoding=UTF8"),
                *("--locale=C", "--no-sync", "--no-instructions", str(folder / "cluster")),
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd=folder,
        )
        if made.returncode != 0:
            raise ServerFailedError(f"initdb: {made.stdout}{made.stderr}")
        chosen = _SETTINGS if durable else _SETTINGS | _HASTY
        settings = [f"--{name}={value}" for name, value in chosen.items()]
        self._process = ServerProcess(
            premises,
            "postgres",
            [
                executable("postgres", *places),
                *("-D", str(folder / "cluster"), "-p", str(self.port), "-k", str(folder)),
                *settings,
            ],
        )

    def start(self) -> Self:
        """Take connections; with the same data as before, if there was a before."""
        self._process.start(self._answers)
        return self

    def stop(self) -> None:
        """Be unreachable, as after a crash."""
        self._process.stop()

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Unreachable for as long as the block lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process.running

    def new_schema(self) -> str:
        """The SQLAlchemy URL of an empty schema that no one else uses."""
        schema = f"test_{secrets.token_hex(8)}"
        with psycopg.connect(self._conninfo(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        options = quote(f"-csearch_path={schema}", safe="")
        return (
            f"postgresql+psycopg://{self.user}@127.0.0.1:{self.port}/{self.database}"
            f"?options={options}"
        )

    def log(self) -> str:
        """What it wrote, to be shown when a test fails."""
        return self._process.said()

    def _conninfo(self) -> str:
        return psycopg.conninfo.make_conninfo(
            host="127.0.0.1", port=self.port, user=self.user, dbname=self.database
        )

    def _answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self._conninfo()):
            return True
        return False


def _debian_places() -> list[str]:
    """Debian keeps each version's programs in a folder of its own; the newest comes first."""
    found = Path("/usr/lib/postgresql").glob("*/bin")
    return [
        str(place)
        for place in sorted(found, key=lambda place: int(place.parent.name), reverse=True)
        if place.parent.name.isdigit()
    ]
