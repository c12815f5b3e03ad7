"""The store as a whole: what the application keeps, joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.store.casebook import CaseBook
from intake.store.deliveries import Deliveries
from intake.store.engine import Database, open_engine
from intake.store.ledger import Ledger
from intake.store.originals import FileOriginals
from intake.store.record import Recorder

if TYPE_CHECKING:
    from pathlib import Path

    from intake.store.originals import Originals


@dataclass(frozen=True, slots=True)
class Store:
    """Every part of the store, over one database and one folder of originals."""

    database: Database
    originals: Originals
    ledger: Ledger
    recorder: Recorder
    cases: CaseBook
    deliveries: Deliveries

    @classmethod
    def open(cls, url: str, originals: Path, *, read_only: bool = False) -> Store:
        """Join the parts; the database is opened at first use."""
        database = Database(open_engine(url, read_only=read_only))
        return cls(
            database=database,
            originals=FileOriginals(originals),
            ledger=Ledger(database),
            recorder=Recorder(database),
            cases=CaseBook(database),
            deliveries=Deliveries(database),
        )

    def close(self) -> None:
        """Close every connection."""
        self.database.close()
