"""The schema, all of it. Times are aware UTC on both databases (see Instant)."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)


class Instant(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; SQLite, which knows no zones, stores UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone must not reach the database")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The ledger is filled set-wise by the database, so the database numbers its rows
# (docs/decisions/0002); SQLite numbers only a column that is exactly INTEGER PRIMARY KEY.
LedgerId = BigInteger().with_variant(Integer, "sqlite")


def _person(name: str = "person_id") -> Column[int]:
    return Column(name, BigInteger, ForeignKey("persons.id", ondelete="CASCADE"), nullable=False)


persons = Table(
    "persons",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("telegram_id", BigInteger, nullable=False, unique=True),
    Column("language", String(2)),
    Column("created_at", Instant, nullable=False),
    Column("paused_until", Instant),
    Column("stopped_at", Instant),
    Column("blocked_at", Instant),
)

follows = Table(
    "follows",
    metadata,
    _person(),
    Column("topic", String(40), nullable=False),
    UniqueConstraint("person_id", "topic"),
    Index(None, "topic", "person_id"),
)

roles = Table(
    "roles",
    metadata,
    _person(),
    Column("role", String(20), nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    UniqueConstraint("person_id", "role"),
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
    CheckConstraint("state IN ('found', 'held', 'released', 'dropped')", name="state"),
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

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", LedgerId, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    _person(),
    Column("state", String(10), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("not_after", Instant),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("settled_at", Instant),
    Column("message_id", BigInteger),
    Column("language", String(2)),  # in which it was sent
    Column("shown_version", Integer),  # of the translation; 0: the original
    Column("reason", String(200)),
    UniqueConstraint("kind", "subject", "version", "person_id"),
    CheckConstraint(
        "state IN ('pending', 'claimed', 'sent', 'blocked', 'failed', 'unknown', 'cancelled',"
        " 'expired')",
        name="state",
    ),
    Index(
        "ix_deliveries_due",
        "due_at",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
    Index(
        "ix_deliveries_claimed",
        "id",
        sqlite_where=text("state = 'claimed'"),
        postgresql_where=text("state = 'claimed'"),
    ),
    Index(None, "person_id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("telegram_id", BigInteger, index=True),
    Column("payload", LargeBinary),  # sealed JSON; NULL once handled
    Column("state", String(10), nullable=False),
    Column("received_at", Instant, nullable=False, index=True),
    Column("error", String(40)),
    CheckConstraint("state IN ('received', 'done', 'dead')", name="state"),
    Index(
        "ix_inbox_received",
        "update_id",
        sqlite_where=text("state = 'received'"),
        postgresql_where=text("state = 'received'"),
    ),
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
