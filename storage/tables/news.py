"""Sources, news items, translations and the memory of segments."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.columns import Instant, metadata

sources = Table(
    "sources",
    metadata,
    Column("source", String(60), primary_key=True),
    Column("configured_url", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("first_read_at", Instant),
    Column("next_due", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("problem", String(80)),
)

news = Table(
    "news",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("source", String(60), nullable=False),
    Column("url", Text),
    Column("title", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("language", String(3), nullable=False),
    Column("published_on", Date),
    Column("dated_at", Instant, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    Column("notify", Boolean, nullable=False),
    CheckConstraint("state IN ('found', 'held', 'released', 'dropped', 'withdrawn')", name="state"),
    Index(None, "state", "dated_at"),
)

news_keys = Table(
    "news_keys",
    metadata,
    Column("key", String(64), primary_key=True),
    Column(
        "news_id", BigInteger, ForeignKey("news.id", ondelete="CASCADE"), nullable=False, index=True
    ),
)

news_topics = Table(
    "news_topics",
    metadata,
    Column("news_id", BigInteger, ForeignKey("news.id", ondelete="CASCADE"), nullable=False),
    Column("topic", String(40), nullable=False),
    UniqueConstraint("news_id", "topic"),
)

translations = Table(
    "translations",
    metadata,
    Column("news_id", BigInteger, ForeignKey("news.id", ondelete="CASCADE"), nullable=False),
    Column("language", String(2), nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("lead", Text, nullable=False, server_default=""),
    Column("origin", String(10), nullable=False),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant),  # NULL: nothing more to try
    UniqueConstraint("news_id", "language"),
    Index(
        "ix_translations_due",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)

memory = Table(
    "memory",
    metadata,
    Column("source_language", String(3), nullable=False),
    Column("target_language", String(2), nullable=False),
    Column("source_hash", String(64), nullable=False),
    Column("origin", String(40), nullable=False),
    Column("target_text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("source_language", "target_language", "source_hash", "origin"),
)
