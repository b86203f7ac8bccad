"""The ledger: campaigns and the rows they are made of."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    literal_column,
    text,
)

from storage.tables.columns import Instant, LedgerId, metadata, of_person

# One text to many people. Rows of the ledger are made chunk by chunk, in the order of persons.id.
campaigns = Table(
    "campaigns",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("author_id", BigInteger),  # who hears of trouble; NULL: the operators
    Column("created_at", Instant, nullable=False),
    Column("not_after", Instant, nullable=False),
    Column("filled_to", BigInteger, nullable=False, server_default="0"),  # persons.id
    Column("filled_at", Instant),  # NULL: rows are still being made
    Column("paused_at", Instant),
    Column("stopped_at", Instant),
    Column("reason", String(200)),  # why it was stopped
    Column("finished_at", Instant),
    UniqueConstraint("kind", "subject", "version"),
    Index(
        "ix_campaigns_active",
        "lane",
        "id",
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", LedgerId, primary_key=True, autoincrement=True),
    Column("campaign_id", BigInteger, nullable=False, server_default="0"),  # 0: to one person
    Column("kind", String(20), nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    of_person(),
    Column("state", String(10), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("not_after", Instant),  # NULL: as its campaign says
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("leased_until", Instant),  # claimed rows only
    Column("settled_at", Instant),
    Column("message_id", BigInteger),
    Column("language", String(2)),  # in which it was sent
    Column("shown_version", Integer),  # of the translation; 0: the original
    Column("shown", String(16)),  # hash of what was rendered
    Column("reason", String(200)),
    UniqueConstraint("kind", "subject", "version", "person_id"),
    CheckConstraint(
        # SQLite builds the list anew for each row; most rows are born pending.
        "state = 'pending' OR state IN ('claimed', 'sent', 'blocked', 'failed', 'unknown',"
        " 'cancelled', 'expired')",
        name="state",
    ),
    Index(
        "ix_deliveries_due",
        "campaign_id",
        "due_at",
        "id",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
    Index(
        "ix_deliveries_claimed",
        "leased_until",
        sqlite_where=text("state = 'claimed'"),
        postgresql_where=text("state = 'claimed'"),
    ),
    Index(None, "person_id"),
)

# Written out, not as parameters: only so do both databases know that the partial index serves.
IS_PENDING = deliveries.c.state == literal_column("'pending'")
IS_CLAIMED = deliveries.c.state == literal_column("'claimed'")
