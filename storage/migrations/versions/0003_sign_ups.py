"""Sign-ups: activities and their slots, sign-ups, offers, receipts, and what is to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0003_sign_ups"
down_revision = "0002_nothing_lost"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
STATES = (
    "state IN ('submitted', 'pending_review', 'accepted', 'waiting', 'offered', 'declined',"
    " 'expired', 'cancelled_by_family', 'cancelled_by_team', 'moved', 'checked_in',"
    " 'attended', 'no_show')"
)
OFFER_STATES = (
    "state IN ('open', 'accepted', 'declined', 'expired', 'taken', 'undeliverable', 'withdrawn')"
)
LIVE = sa.text(
    "state IN ('accepted', 'checked_in', 'offered', 'pending_review', 'submitted', 'waiting')"
)
OPEN = sa.text("state = 'open'")
NOT_TAKEN = sa.text("taken_at IS NULL")


def upgrade() -> None:
    _make_activities()
    _make_slots()
    _make_sign_ups()
    _make_offers()
    _make_receipts()
    _make_tells()
    _make_lotteries()


def _make_activities() -> None:
    op.create_table(
        "activities",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("opens_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.Column("drawn_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'cancelled')", name=op.f("ck_activities_state")
        ),
        sa.CheckConstraint("cap >= 0", name=op.f("ck_activities_cap")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    op.create_index(
        op.f("ix_activities_state_starts_at"), "activities", ["state", "starts_at"], unique=False
    )


def _make_slots() -> None:
    op.create_table(
        "slots",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("youngest", sa.Integer(), nullable=True),
        sa.Column("oldest", sa.Integer(), nullable=True),
        sa.Column("gender", sa.String(length=10), nullable=True),
        sa.Column("group", sa.String(length=20), nullable=True),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_slots_capacity")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_slots_activity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
        sa.UniqueConstraint("activity_id", "place", name=op.f("uq_slots_activity_id_place")),
    )


def _make_sign_ups() -> None:
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("slot_id", sa.BigInteger(), nullable=False),
        sa.Column("once_in", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("gender", sa.String(length=10), nullable=True),
        sa.Column("group", sa.String(length=20), nullable=True),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("held", sa.Integer(), server_default="0", nullable=False),
        sa.Column("offer_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_sign_ups_state")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_sign_ups_quantity")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_sign_ups_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slots.id"], name=op.f("fk_sign_ups_slot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
    )
    op.create_index(
        op.f("ix_sign_ups_activity_id_seq"), "sign_ups", ["activity_id", "seq"], unique=False
    )
    op.create_index(
        op.f("ix_sign_ups_activity_id_state"), "sign_ups", ["activity_id", "state"], unique=False
    )
    op.create_index(op.f("ix_sign_ups_household_id"), "sign_ups", ["household_id"], unique=False)
    op.create_index(
        op.f("ix_sign_ups_slot_id_state_priority"),
        "sign_ups",
        ["slot_id", "state", "priority"],
        unique=False,
    )
    op.create_index(op.f("ix_sign_ups_unit_id"), "sign_ups", ["unit_id"], unique=False)
    op.create_index(
        "uq_sign_ups_live",
        "sign_ups",
        ["once_in", "participant_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index(
        "uq_sign_ups_reference",
        "sign_ups",
        ["activity_id", "reference"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def _make_offers() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("racing", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("remind_at", INSTANT, nullable=True),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.CheckConstraint(OFFER_STATES, name=op.f("ck_offers_state")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_offers_activity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_index(
        "ix_offers_open",
        "offers",
        ["activity_id"],
        unique=False,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "uq_offers_open",
        "offers",
        ["unit_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _make_receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("sign_up_id", sa.BigInteger(), nullable=True),
        sa.Column("participant_id", sa.BigInteger(), nullable=True),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("request", sa.String(length=80), nullable=True),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_receipts_activity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("request", "line", name=op.f("uq_receipts_request_line")),
    )
    op.create_index(
        op.f("ix_receipts_activity_id_reason"), "receipts", ["activity_id", "reason"], unique=False
    )
    op.create_index(op.f("ix_receipts_sign_up_id"), "receipts", ["sign_up_id"], unique=False)


def _make_tells() -> None:
    op.create_table(
        "tells",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("not_after", INSTANT, nullable=False),
        sa.Column("offer_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_tells_activity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tells")),
    )
    op.create_index(
        "ix_tells_due",
        "tells",
        ["due_at"],
        unique=False,
        sqlite_where=NOT_TAKEN,
        postgresql_where=NOT_TAKEN,
    )


def _make_lotteries() -> None:
    op.create_table(
        "lotteries",
        sa.Column("activity_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_lotteries_activity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_lotteries")),
    )
