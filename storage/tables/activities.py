"""Activities, their slots, sign-ups, offers, and why everything was decided."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.columns import Instant, metadata

# SQLite uses a partial index only where a query says the same, letter by letter.
LIVE = text(
    "state IN ('accepted', 'checked_in', 'offered', 'pending_review', 'submitted', 'waiting')"
)
OPEN = text("state = 'open'")


def of_activity() -> Column[int]:
    return Column(
        "activity_id", BigInteger, ForeignKey("activities.id", ondelete="CASCADE"), nullable=False
    )


activities = Table(
    "activities",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(10), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("zone", String(40), nullable=False),
    Column("opens_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("cap", Integer),  # NULL: as many as the slots have
    Column("drawn_at", Instant),  # lottery only
    CheckConstraint("state IN ('draft', 'published', 'cancelled')", name="state"),
    CheckConstraint("cap >= 0", name="cap"),
    Index(None, "state", "starts_at"),
)

slots = Table(
    "slots",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    of_activity(),
    Column("place", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("youngest", Integer),
    Column("oldest", Integer),
    Column("gender", String(10)),
    Column("group", String(20)),
    UniqueConstraint("activity_id", "place"),
    CheckConstraint("capacity >= 0", name="capacity"),
)

# Names of participants and households are kept elsewhere; here are only their numbers.
sign_ups = Table(
    "sign_ups",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    of_activity(),
    Column("slot_id", BigInteger, ForeignKey("slots.id", ondelete="CASCADE"), nullable=False),
    Column("once_in", BigInteger, nullable=False),  # the activity, or of a drive the slot
    Column("unit_id", BigInteger, nullable=False, index=True),
    Column("participant_id", BigInteger, nullable=False),
    Column("household_id", BigInteger, nullable=False, index=True),
    Column("age", Integer),  # in years, on the first day
    Column("gender", String(10)),
    Column("group", String(20)),
    Column("reference", String(12), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("held", Integer, nullable=False, server_default="0"),
    Column("offer_id", BigInteger, nullable=False, server_default="0"),  # 0: there was none
    Column("version", Integer, nullable=False, server_default="0"),
    Column("actor_id", BigInteger),  # who signed up
    Column("asked_at", Instant),  # whether they are still coming
    Column("confirmed_at", Instant),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint(
        "state IN ('submitted', 'pending_review', 'accepted', 'waiting', 'offered', 'declined',"
        " 'expired', 'cancelled_by_family', 'cancelled_by_team', 'moved', 'checked_in',"
        " 'attended', 'no_show')",
        name="state",
    ),
    # Whatever the program does wrong: nobody stands twice in the same activity.
    Index(
        "uq_sign_ups_live",
        "once_in",
        "participant_id",
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    ),
    Index(
        "uq_sign_ups_reference",
        "activity_id",
        "reference",
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    ),
    Index(None, "slot_id", "state", "priority"),
    Index(None, "activity_id", "state"),
    Index(None, "activity_id", "seq"),
)

offers = Table(
    "offers",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    of_activity(),
    Column("unit_id", BigInteger, nullable=False),
    Column("racing", Boolean, nullable=False),  # the first yes wins
    Column("made_at", Instant, nullable=False),
    Column("remind_at", Instant),
    Column("ends_at", Instant, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reminded_at", Instant),
    Column("settled_at", Instant),
    CheckConstraint(
        "state IN ('open', 'accepted', 'declined', 'expired', 'taken', 'undeliverable',"
        " 'withdrawn')",
        name="state",
    ),
    Index("uq_offers_open", "unit_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_offers_open", "activity_id", sqlite_where=OPEN, postgresql_where=OPEN),
)

# Why: appended, never changed. `request` is the key under which the same answer is found again.
receipts = Table(
    "receipts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    of_activity(),
    Column("at", Instant, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("figures", Text, nullable=False),  # JSON
    Column("state", String(20)),  # of the sign-up, after the move
    Column("sign_up_id", BigInteger, index=True),
    Column("participant_id", BigInteger),
    Column("household_id", BigInteger),
    Column("actor_id", BigInteger),
    Column("request", String(80)),
    Column("line", Integer, nullable=False),
    UniqueConstraint("request", "line"),
    Index(None, "activity_id", "reason"),
)

# What households are to hear, written with the decision; the ledger takes it from here.
tells = Table(
    "tells",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    of_activity(),
    Column("household_id", BigInteger, nullable=False),
    Column("unit_id", BigInteger, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("not_after", Instant, nullable=False),
    Column("offer_id", BigInteger, nullable=False, server_default="0"),
    Column("taken_at", Instant),  # NULL: not in the ledger yet
    Index(
        "ix_tells_due",
        "due_at",
        sqlite_where=text("taken_at IS NULL"),
        postgresql_where=text("taken_at IS NULL"),
    ),
)

lotteries = Table(
    "lotteries",
    metadata,
    Column(
        "activity_id",
        BigInteger,
        ForeignKey("activities.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("commitment", String(64), nullable=False),
    Column("seed", LargeBinary, nullable=False),  # sealed until it is told by the report
)
