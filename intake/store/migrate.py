"""Bringing the database's tables to the version that this program needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from intake.store.engine import StoreUnusableError

if TYPE_CHECKING:
    from intake.store.engine import Database


def ready(database: Database, *, read_only: bool = False) -> None:
    """SQLite is migrated here and now; PostgreSQL must be at the right version already, and so must
    any database that exists and may only be read.

    Raises StoreUnusableError for tables of another version.
    """
    if database.dialect == "sqlite" and (database.in_memory or not read_only):
        upgrade(database)
        return
    current, wanted = versions(database)
    if current != wanted:
        raise StoreUnusableError(
            "database.url: the tables are not at this program's version; stop every worker and run "
            "`referral-intake db upgrade`"
        )


def upgrade(database: Database) -> None:
    """Run every migration that is missing, in one transaction."""
    config = _config()
    try:
        with database.writing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError:
        raise StoreUnusableError(
            "database.url: the tables were made by a newer version of this program; install that "
            "version, or restore the backup made before the change"
        ) from None


def versions(database: Database) -> tuple[str | None, str | None]:
    """(what the database has, what this program needs); None: no tables yet."""
    with database.reading() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current, ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
