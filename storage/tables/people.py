"""People, what they follow, what they may do, and forms they have begun."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from storage.tables.columns import Instant, metadata, of_person

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
    of_person(),
    Column("topic", String(40), nullable=False),
    UniqueConstraint("person_id", "topic"),
    Index(None, "topic", "person_id"),
)

roles = Table(
    "roles",
    metadata,
    of_person(),
    Column("role", String(20), nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    UniqueConstraint("person_id", "role"),
)

# A form that somebody has begun: which question stands, and what was answered so far.
conversations = Table(
    "conversations",
    metadata,
    Column("person_id", BigInteger, ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
    Column("form", String(20), nullable=False),
    Column("step", String(40), nullable=False),
    Column("answers", LargeBinary),  # sealed JSON; NULL: none yet
    Column("update_id", BigInteger),  # of the last answer: the same one again changes nothing
    Column("begun_at", Instant, nullable=False),
    Column("touched_at", Instant, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    of_person(),
    Column("reference", String(12), nullable=False, unique=True),
    Column("about", String(20), nullable=False),
    Column("rating", String(20), nullable=False),
    Column("words", LargeBinary),  # sealed; NULL: none
    Column("language", String(2), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Index(None, "person_id"),
)
