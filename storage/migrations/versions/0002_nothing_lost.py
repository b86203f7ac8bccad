"""Nothing lost: campaigns, leases of rows, tries of updates, forms, feedback, alerts."""

from typing import Literal

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0002_nothing_lost"
down_revision = "0001_foundation"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
DELIVERY_STATES = (
    "state = 'pending' OR state IN ('claimed', 'sent', 'blocked', 'failed', 'unknown',"
    " 'cancelled', 'expired')"
)
NEWS_STATES = "state IN ('found', 'held', 'released', 'dropped', 'withdrawn')"
EVERYBODY = 2**63 - 1

# What was queued before belongs to campaigns that are filled already; those with nothing left to
# send are finished. The smallest number of their rows serves as their id.
GATHER = f"""
INSERT INTO campaigns
    (id, kind, subject, version, lane, created_at, not_after, filled_to, filled_at, finished_at)
SELECT min(id), kind, subject, version, 2, min(created_at),
       coalesce(max(not_after), max(created_at)), {EVERYBODY}, min(created_at),
       CASE WHEN sum(CASE WHEN state IN ('pending', 'claimed') THEN 1 ELSE 0 END) = 0
            THEN max(created_at) END
FROM deliveries GROUP BY kind, subject, version
"""  # noqa: S608 - a constant
BELONG = """
UPDATE deliveries SET campaign_id = (
    SELECT campaigns.id FROM campaigns
    WHERE campaigns.kind = deliveries.kind AND campaigns.subject = deliveries.subject
      AND campaigns.version = deliveries.version
)
"""


def upgrade() -> None:
    _make_campaigns()
    _extend_the_ledger()
    op.execute(GATHER)
    op.execute(BELONG)
    op.add_column("inbox", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
    _let_news_be_withdrawn()
    _make_forms()
    _make_alerts()


def _make_campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("not_after", INSTANT, nullable=False),
        sa.Column("filled_to", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("filled_at", INSTANT, nullable=True),
        sa.Column("paused_at", INSTANT, nullable=True),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint(
            "kind", "subject", "version", name=op.f("uq_campaigns_kind_subject_version")
        ),
    )
    _partial_index("ix_campaigns_active", "campaigns", ["lane", "id"], "finished_at IS NULL")


def _extend_the_ledger() -> None:
    for name in ("ix_deliveries_due", "ix_deliveries_claimed"):
        op.drop_index(name, table_name="deliveries")
    # SQLite cannot change a constraint: the table is copied (foreign keys are off meanwhile).
    with op.batch_alter_table("deliveries", recreate=_on_sqlite()) as deliveries:
        deliveries.add_column(
            sa.Column("campaign_id", sa.BigInteger(), server_default="0", nullable=False)
        )
        deliveries.add_column(sa.Column("leased_until", INSTANT, nullable=True))
        deliveries.add_column(sa.Column("shown", sa.String(length=16), nullable=True))
        _check(deliveries, "ck_deliveries_state", DELIVERY_STATES)
    for name, columns, rows in (
        ("ix_deliveries_due", ["campaign_id", "due_at", "id"], "state = 'pending'"),
        ("ix_deliveries_claimed", ["leased_until"], "state = 'claimed'"),
    ):
        _partial_index(name, "deliveries", columns, rows)


def _let_news_be_withdrawn() -> None:
    with op.batch_alter_table("news", recreate=_on_sqlite()) as news:
        _check(news, "ck_news_state", NEWS_STATES)


def _on_sqlite() -> Literal["always", "never"]:
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"


def _check(table: BatchOperations, name: str, rule: str) -> None:
    """A new rule in place of the old one, which a copy on SQLite has left out already."""
    if op.get_bind().dialect.name == "postgresql":
        table.drop_constraint(op.f(name), type_="check")
    table.create_check_constraint(op.f(name), rule)


def _make_forms() -> None:
    op.create_table(
        "conversations",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("update_id", sa.BigInteger(), nullable=True),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("touched_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["persons.id"],
            name=op.f("fk_conversations_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_conversations")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("rating", sa.String(length=20), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_feedback_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("reference", name=op.f("uq_feedback_reference")),
    )
    op.create_index(op.f("ix_feedback_person_id"), "feedback", ["person_id"], unique=False)
    op.create_index(op.f("ix_feedback_created_at"), "feedback", ["created_at"], unique=False)


def _make_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_kind_at"), "alerts", ["kind", "at"], unique=False)


def _partial_index(name: str, table: str, columns: list[str], rows: str) -> None:
    where = sa.text(rows)
    op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)
