"""The schema: migrations lead to what tables.py says, once and whole or not at all."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from storage import schema
from storage.sealing import Seal
from storage.store import Database
from storage.tables import metadata
from tests.builders import ENCRYPTION_KEY
from tests.rows import run_sql

BROKEN = '''
"""A step that fails halfway."""

import sqlalchemy as sa
from alembic import op

revision = "9999_broken"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("half_done", sa.Column("id", sa.Integer()))
    op.execute("INSERT INTO marks (name, value) VALUES ('from', 'a broken step')")
    op.execute("SELECT no_such_column FROM marks")
'''


async def test_the_migrations_lead_to_the_tables(store: Database) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with store.reading() as records:
        assert await records._connection.run_sync(differences) == []


async def test_constraints_are_named_as_in_the_tables(store: Database) -> None:
    def names(connection: Connection) -> set[str | None]:
        found = inspect(connection)
        return {
            constraint["name"]
            for table in metadata.tables
            for constraint in (*found.get_check_constraints(table), *found.get_foreign_keys(table))
        }

    async with store.reading() as records:
        there = await records._connection.run_sync(names)
    assert {"ck_deliveries_state", "ck_inbox_state", "ck_news_state"} <= there
    assert {"fk_deliveries_person_id", "fk_follows_person_id", "fk_roles_person_id"} <= there


def test_the_newest_file_is_the_head_and_there_is_one() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)

    assert script.get_heads() == [schema.newest()]


async def test_an_empty_database_has_no_version(empty_database_url: str) -> None:
    assert await schema.version(empty_database_url) is None


async def test_migrating_twice_changes_nothing(empty_database_url: str) -> None:
    first = await schema.migrate(empty_database_url)
    second = await schema.migrate(empty_database_url)

    assert (first, second) == (True, False)
    assert await schema.version(empty_database_url) == schema.newest()


async def test_processes_that_start_together_migrate_once(empty_database_url: str) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(schema.migrate(empty_database_url))

    assert await schema.version(empty_database_url) == schema.newest()


async def test_a_step_that_fails_leaves_the_old_database_usable(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = schema.newest()
    monkeypatch.setattr(schema, "MIGRATIONS", _with_a_broken_step(tmp_path))

    with pytest.raises(Exception, match="no_such_column"):
        await schema.migrate(database_url)

    assert await schema.version(database_url) == before
    async with Database(database_url, Seal([ENCRYPTION_KEY])) as store:
        async with store.transaction() as records:
            assert await records.mark("from") is None
            await records.set_mark("from", "the old version")
        async with store.reading() as records:
            tables = await records._connection.run_sync(lambda c: inspect(c).get_table_names())
    assert set(tables) == {*metadata.tables, "alembic_version"}


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
async def test_a_folder_that_is_not_there_yet_is_made(
    empty_database_url: str, tmp_path: Path
) -> None:
    del empty_database_url
    url = f"sqlite:///{tmp_path}/new/deep/bot.db"

    assert await schema.migrate(url)
    assert (tmp_path / "new/deep/bot.db").is_file()


async def test_rows_die_with_what_they_belong_to(store: Database) -> None:
    at = "'2026-08-03 12:00:00+00:00'"
    await run_sql(
        store,
        f"INSERT INTO persons (id, telegram_id, created_at) VALUES (1, 1001, {at})",  # noqa: S608
        "INSERT INTO follows (person_id, topic) VALUES (1, 'aid')",
        "DELETE FROM persons",
    )

    async with store.reading() as records:
        left = await records._connection.exec_driver_sql("SELECT count(*) FROM follows")
        assert left.scalar() == 0


def _with_a_broken_step(folder: Path) -> Path:
    copy = folder / "migrations"
    shutil.copytree(schema.MIGRATIONS, copy)
    step = BROKEN.replace("{newest}", schema.newest()).lstrip()
    (copy / "versions" / "9999_broken.py").write_text(step)
    return copy
