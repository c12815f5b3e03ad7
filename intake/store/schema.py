"""The tables, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time, kept as text of fixed width: sorts as it should, and reads the same in
    both databases (SQLite has no type for times).
    """

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """To `2026-11-23T09:13:41.000000Z`; a naive time is a programming error."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone was to be stored")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Back to an aware datetime."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("mailbox", String(64), nullable=False),
    Column("source_key", String(255), nullable=False),
    Column("uidvalidity", BigInteger),
    Column("uid", BigInteger),
    Column("state", String(16), nullable=False),
    Column("reason", String(64)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("accepted_at", UtcTime),
    Column("recorded_at", UtcTime),
    Column("received_at", UtcTime),
    Column("size", BigInteger),
    Column("sha256", String(64)),
    Column("message_id", String(255)),
    Column("content_digest", String(64)),
    Column("file_to", String(255)),
    Column("filed_to", String(255)),
    UniqueConstraint("mailbox", "source_key"),
    Index(None, "state"),
    Index(None, "message_id"),
    comment="the ledger: one row for every message that was ever seen",
)

contents = Table(
    "contents",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("message", ForeignKey("messages.id"), nullable=False),
    comment="which message was the first to say this; whoever says it again is a duplicate",
)

cases = Table(
    "cases",
    metadata,
    Column("reference", String(32), primary_key=True),
    Column("message", ForeignKey("messages.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("status", String(32), nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("readability", String(16), nullable=False),
    Column("forms", Integer, nullable=False),
    Column("flags", Json, nullable=False),
    Column("missing", Json, nullable=False),
    Column("possible_repeats", Json, nullable=False),
    Column("claimed_by", String(255)),
    Column("record", Json, nullable=False),
    UniqueConstraint("message", "position"),
    Index(None, "opened_at"),
)

forms = Table(
    "forms",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("reference", ForeignKey("cases.reference"), nullable=False),
    comment="by what a case's form is known again: what it says, and the file that it came in",
)

message_cases = Table(
    "message_cases",
    metadata,
    Column("message", ForeignKey("messages.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("reference", ForeignKey("cases.reference"), nullable=False),
    comment="the cases that a message belongs to, its own or those that it repeats",
)

documents = Table(
    "documents",
    metadata,
    Column("message", ForeignKey("messages.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("part", String(255), nullable=False),
    Column("name", String(255)),
    Column("extraction", Json, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("message", ForeignKey("messages.id"), nullable=False),
    Column("reference", ForeignKey("cases.reference")),
    Column("kind", String(16), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("reason", String(64)),
    Column("recipient", String(320)),
    Column("sender", String(320)),
    Column("header_id", String(255)),
    Column("body", LargeBinary),
    Column("created_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("unknown_outcomes", Integer, nullable=False, server_default="0"),
    Column("phase", String(8)),
    Column("lease", String(32)),
    Column("lease_owner", String(128)),
    Column("leased_until", UtcTime),
    Column("sent_at", UtcTime),
    Column("reply", Text),
    UniqueConstraint("message", "reference", "kind", "channel", "recipient"),
    Index(None, "status", "due_at"),
    Index(None, "reference"),
    Index(None, "recipient", "created_at"),
    comment="everything owed: acknowledgements and alerts, with the bytes that go out",
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("details", Json, nullable=False),
    comment="who did what to which record, and when: ids and digests, never content",
)
