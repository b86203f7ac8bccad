"""What the bot keeps for itself: the inbox, the audit, alerts, leases and marks."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from storage.tables.columns import Instant, metadata

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("telegram_id", BigInteger, index=True),
    Column("payload", LargeBinary),  # sealed JSON; NULL once handled
    Column("state", String(10), nullable=False),
    Column("received_at", Instant, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", String(40)),
    CheckConstraint("state IN ('received', 'done', 'dead')", name="state"),
    Index(
        "ix_inbox_received",
        "update_id",
        sqlite_where=text("state = 'received'"),
        postgresql_where=text("state = 'received'"),
    ),
)

# Append-only (the migration adds triggers); `actor_id` deliberately refers to nothing, so that
# an entry outlives the person.
audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor_id", BigInteger),
    Column("action", String(60), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("previous", String(64), nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
)

# What operators must hear of. Told through the ledger, at most one an hour of each kind.
alerts = Table(
    "alerts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("count", Integer, nullable=False),
    Column("reference", String(80), nullable=False),
    Index(None, "kind", "at"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("until", Instant, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
