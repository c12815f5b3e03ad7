"""The first tables: ledger, cases, documents, deliveries, audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("details", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        comment="who did what to which record, and when: ids and digests, never content",
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mailbox", sa.String(length=64), nullable=False),
        sa.Column("source_key", sa.String(length=255), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("uid", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_seen_at", sa.String(length=27), nullable=False),
        sa.Column("accepted_at", sa.String(length=27), nullable=True),
        sa.Column("recorded_at", sa.String(length=27), nullable=True),
        sa.Column("received_at", sa.String(length=27), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("message_id", sa.String(length=255), nullable=True),
        sa.Column("content_digest", sa.String(length=64), nullable=True),
        sa.Column("file_to", sa.String(length=255), nullable=True),
        sa.Column("filed_to", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("mailbox", "source_key", name=op.f("uq_messages_mailbox_source_key")),
        comment="the ledger: one row for every message that was ever seen",
    )
    op.create_index(op.f("ix_messages_message_id"), "messages", ["message_id"], unique=False)
    op.create_index(op.f("ix_messages_state"), "messages", ["state"], unique=False)
    op.create_table(
        "cases",
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.String(length=27), nullable=False),
        sa.Column("opened_at", sa.String(length=27), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("readability", sa.String(length=16), nullable=False),
        sa.Column("forms", sa.Integer(), nullable=False),
        sa.Column("flags", _JSON, nullable=False),
        sa.Column("missing", _JSON, nullable=False),
        sa.Column("possible_repeats", _JSON, nullable=False),
        sa.Column("claimed_by", sa.String(length=255), nullable=True),
        sa.Column("record", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name=op.f("fk_cases_message")),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_cases")),
        sa.UniqueConstraint("message", "position", name=op.f("uq_cases_message_position")),
    )
    op.create_index(op.f("ix_cases_opened_at"), "cases", ["opened_at"], unique=False)
    op.create_table(
        "contents",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("message", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name=op.f("fk_contents_message")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_contents")),
        comment="which message was the first to say this; whoever says it again is a duplicate",
    )
    op.create_table(
        "forms",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference"], ["cases.reference"], name=op.f("fk_forms_reference")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_forms")),
        comment="by what a case's form is known again: what it says, and the file that it came in",
    )
    op.create_table(
        "documents",
        sa.Column("message", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=True),
        sa.Column("extraction", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name=op.f("fk_documents_message")),
        sa.PrimaryKeyConstraint("message", "position", name=op.f("pk_documents")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("recipient", sa.String(length=320), nullable=True),
        sa.Column("sender", sa.String(length=320), nullable=True),
        sa.Column("header_id", sa.String(length=255), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("due_at", sa.String(length=27), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unknown_outcomes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("phase", sa.String(length=8), nullable=True),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("lease_owner", sa.String(length=128), nullable=True),
        sa.Column("leased_until", sa.String(length=27), nullable=True),
        sa.Column("sent_at", sa.String(length=27), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name=op.f("fk_deliveries_message")),
        sa.ForeignKeyConstraint(
            ["reference"], ["cases.reference"], name=op.f("fk_deliveries_reference")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "message",
            "reference",
            "kind",
            "channel",
            "recipient",
            name=op.f("uq_deliveries_message_reference_kind_channel_recipient"),
        ),
        comment="everything owed: acknowledgements and alerts, with the bytes that go out",
    )
    op.create_index(op.f("ix_deliveries_reference"), "deliveries", ["reference"], unique=False)
    op.create_index(
        op.f("ix_deliveries_recipient_created_at"),
        "deliveries",
        ["recipient", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_deliveries_status_due_at"), "deliveries", ["status", "due_at"], unique=False
    )
    op.create_table(
        "message_cases",
        sa.Column("message", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.id"], name=op.f("fk_message_cases_message")
        ),
        sa.ForeignKeyConstraint(
            ["reference"], ["cases.reference"], name=op.f("fk_message_cases_reference")
        ),
        sa.PrimaryKeyConstraint("message", "position", name=op.f("pk_message_cases")),
        comment="the cases that a message belongs to, its own or those that it repeats",
    )
