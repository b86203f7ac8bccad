"""The step from 0001 to what we have now, with rows of every kind: nothing lost, all delivered."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.core import campaigns, delivery, news_decisions
from bot.core.ledger import DeliveryState, Kind
from storage import address, schema
from storage.sealing import Seal
from storage.store import Database
from tests.builders import ENCRYPTION_KEY
from tests.clock import NOON, StoppedClock
from tests.post import Post, deliver_due
from tests.rows import rows

FIRST = "0001_foundation"
OLD_ROWS = Path(__file__).parents[1] / "inputs" / "version_0_1.sql"
OUT, OVER, HELD = 71, 72, 73  # news: on its way, delivered, not released
READERS = range(1, 9)
STATES = [state.value for state in DeliveryState]
TABLES = (
    "persons",
    "follows",
    "roles",
    "news",
    "news_keys",
    "news_topics",
    "translations",
    "deliveries",
    "inbox",
    "audit",
    "marks",
    "memory",
    "sources",
    "leases",
)


@pytest.fixture
async def old(empty_database_url: str) -> str:
    """The address of a database as version 0.1 left it."""
    await _on(empty_database_url, _upgrade_to_first)
    await _on(empty_database_url, _fill)
    return empty_database_url


@pytest.fixture
async def migrated(old: str) -> AsyncIterator[Database]:
    assert await schema.migrate(old)
    async with Database(old, Seal([ENCRYPTION_KEY])) as store:
        yield store


async def test_no_row_of_any_table_is_lost_or_changed(old: str) -> None:
    before = {table: await _every(old, table) for table in TABLES}

    await schema.migrate(old)

    for table in TABLES:
        now = await _every(old, table)
        assert len(now) == len(before[table]) > 0, table
        columns = before[table][0].keys()
        assert [{name: row[name] for name in columns} for row in now] == before[table], table


async def test_every_row_belongs_to_the_campaign_of_its_kind(migrated: Database) -> None:
    gathered = {row["id"]: row for row in await rows(migrated, "campaigns")}

    assert len(gathered) == 3
    for row in await rows(migrated, "deliveries"):
        campaign = gathered[row["campaign_id"]]
        assert all(row[name] == campaign[name] for name in ("kind", "subject", "version"))


async def test_only_what_is_open_goes_on(migrated: Database) -> None:
    ends = {
        (row["kind"], row["subject"]): row["finished_at"]
        for row in await rows(migrated, "campaigns")
    }

    assert ends == {
        (Kind.NEWS, OUT): None,
        (Kind.NEWS, OVER): NOON,
        (Kind.NEWS_EDIT, OVER): None,
    }
    assert all(row["filled_at"] == NOON for row in await rows(migrated, "campaigns"))
    assert {row["not_after"] for row in await rows(migrated, "campaigns")} == {
        NOON + timedelta(days=3)
    }


async def test_what_was_open_is_delivered_and_nothing_else(
    migrated: Database, clock: StoppedClock
) -> None:
    abandoned = await delivery.take_over(migrated, clock)
    post = Post()

    await deliver_due(migrated, post, clock)
    await campaigns.tend(migrated, clock)

    waiting = STATES.index("pending") + 1
    assert abandoned == 1
    assert {(one.kind, one.recipient.id) for one in post.given} == {
        (Kind.NEWS, waiting),
        (Kind.NEWS_EDIT, 2),
    }
    found = await campaigns.progress_of(migrated, Kind.NEWS, OUT)
    assert found is not None
    assert (found.finished, found.counts[DeliveryState.UNKNOWN]) == (True, 2)
    assert all(row["finished_at"] for row in await rows(migrated, "campaigns"))


async def test_what_was_delivered_before_can_be_withdrawn(
    migrated: Database, clock: StoppedClock
) -> None:
    """Which the old database refused."""
    told = await news_decisions.withdraw(migrated, OVER, actor_id=1, clock=clock)

    assert told == news_decisions.Told(len(READERS))


async def test_foreign_keys_still_lead_somewhere_and_take_rows_along(
    migrated: Database,
) -> None:
    async with migrated.transaction() as records:
        connection = records._connection
        if migrated.is_sqlite:
            wrong = await connection.execute(text("PRAGMA foreign_key_check"))
            assert wrong.all() == []
        await connection.execute(text(f"DELETE FROM news WHERE id = {OUT}"))  # noqa: S608
        await connection.execute(text("DELETE FROM persons WHERE id = 2"))

    assert OUT not in {row["news_id"] for row in await rows(migrated, "translations")}
    assert OUT not in {row["news_id"] for row in await rows(migrated, "news_keys")}
    assert 2 not in {row["person_id"] for row in await rows(migrated, "deliveries")}
    assert len(await rows(migrated, "translations")) == 2


async def test_numbers_of_new_rows_go_on_where_the_old_ones_ended(
    migrated: Database, clock: StoppedClock
) -> None:
    last = max(row["id"] for row in await rows(migrated, "deliveries"))

    await news_decisions.release(migrated, HELD, actor_id=1, clock=clock)

    new = [row for row in await rows(migrated, "deliveries") if row["subject"] == HELD]
    assert len(new) == len(READERS)
    assert min(row["id"] for row in new) > last


def _fill(connection: Connection) -> None:
    """Times stand there as SQLite keeps them: UTC, without saying so."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
    for statement in OLD_ROWS.read_text().strip().rstrip(";").split(";\n"):
        connection.exec_driver_sql(statement)


def _upgrade_to_first(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, FIRST)


async def _on(url: str, work: Any) -> Any:
    engine = create_async_engine(address.parse(url), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


async def _every(url: str, table: str) -> list[dict[str, Any]]:
    def read(connection: Connection) -> list[dict[str, Any]]:
        found = connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))  # noqa: S608
        return [dict(row) for row in found.mappings()]

    every: list[dict[str, Any]] = await _on(url, read)
    return every
