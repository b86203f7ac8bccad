"""The store: whole transactions, readers that cannot write, errors that tell no values."""

import asyncio
import traceback
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError

from bot.core.ports import StoreUnavailableError
from storage.store import Database
from tests.builders import person
from tests.clock import NOON
from tests.rows import rows, run_sql


async def test_a_transaction_that_fails_leaves_nothing(store: Database) -> None:
    async def half_of_it() -> None:
        async with store.transaction() as records:
            await records.set_mark("profile", "1")
            await records.add_person(person(), at=NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await half_of_it()

    assert await rows(store, "marks") == []
    assert await rows(store, "persons") == []


async def test_a_transaction_that_is_cancelled_leaves_nothing_and_holds_up_nobody(
    store: Database,
) -> None:
    begun = asyncio.Event()

    async def endless() -> None:
        async with store.transaction() as records:
            await records.set_mark("profile", "1")
            begun.set()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(endless())
        await begun.wait()
        task.cancel()

    assert await rows(store, "marks") == []
    async with asyncio.timeout(2), store.transaction() as records:
        await records.set_mark("profile", "2")


async def test_a_reader_cannot_write(store: Database) -> None:
    async with store.reading() as records:
        with pytest.raises(DBAPIError, match=r"read-?only"):
            await records.set_mark("profile", "1")

    assert await rows(store, "marks") == []


async def test_a_reader_can_read_again_after_it_tried_to_write(store: Database) -> None:
    for _ in range(12):
        async with store.reading() as records:
            with pytest.raises(DBAPIError):
                await records.set_mark("profile", "1")

    async with store.reading() as records:
        assert await records.mark("profile") is None


async def test_a_reader_sees_one_moment(store: Database) -> None:
    async with store.reading() as reader:
        before = await reader.mark("profile")
        async with store.transaction() as writer:
            await writer.set_mark("profile", "1")
        still = await reader.mark("profile")

    async with store.reading() as reader:
        assert (before, still, await reader.mark("profile")) == (None, None, "1")


async def test_a_reader_waits_for_no_writer(store: Database) -> None:
    async with store.transaction() as writer:
        await writer.set_mark("profile", "1")
        async with asyncio.timeout(2), store.reading() as reader:
            assert await reader.mark("profile") is None


async def test_writers_take_turns(store: Database) -> None:
    async def count() -> None:
        async with store.transaction() as records:
            await records._lock("count")
            seen = int(await records.mark("count") or 0)
            await records.set_mark("count", str(seen + 1))

    async with asyncio.TaskGroup() as group:
        for _ in range(30):
            group.create_task(count())

    assert [row["value"] for row in await rows(store, "marks")] == ["30"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_keeps_its_promises(store: Database) -> None:
    settings = await store.settings()
    async with store.reading() as records:
        reads_only = await records._connection.scalar(text("PRAGMA query_only"))

    assert settings["journal_mode"] == "wal"
    assert settings["synchronous"] == "2"
    assert settings["foreign_keys"] == "1"
    assert settings["quick_check"] == "ok"
    assert int(settings["busy_timeout"]) >= 5_000
    assert reads_only == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_second_process_on_the_same_file_waits_for_its_turn(
    store: Database, database_url: str
) -> None:
    async with Database(database_url, store._seal) as other, asyncio.TaskGroup() as group:
        for number, database in enumerate([store, other] * 10):
            group.create_task(_mark(database, str(number)))

    assert len(await rows(store, "marks")) == 20


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_one_of_two_that_wait_for_each_other_may_try_again(store: Database) -> None:
    await run_sql(store, "INSERT INTO marks (name, value) VALUES ('a', '0'), ('b', '0')")
    first_has_one, second_has_one = asyncio.Event(), asyncio.Event()

    async def take(
        first: str, second: str, mine: asyncio.Event, theirs: asyncio.Event
    ) -> Exception | None:
        try:
            async with store.transaction() as records:
                await records.set_mark(first, "1")
                mine.set()
                await theirs.wait()
                await records.set_mark(second, "1")
        except StoreUnavailableError as busy:
            return busy
        return None

    ends = await asyncio.gather(
        take("a", "b", first_has_one, second_has_one),
        take("b", "a", second_has_one, first_has_one),
    )

    assert len([end for end in ends if end is None]) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO persons SELECT 7, telegram_id, language, created_at FROM persons",
        "INSERT INTO persons (id, telegram_id) SELECT 7, telegram_id + 1 FROM persons",
        "INSERT INTO follows (person_id, topic) SELECT telegram_id, 'aid' FROM persons",
    ],
)
async def test_an_error_shows_no_values(store: Database, statement: str) -> None:
    known = 606_060
    async with store.transaction() as records:
        await records.add_person(person(known), at=NOON)

    with pytest.raises(DBAPIError) as error:
        await run_sql(store, statement)

    shown = "".join(traceback.format_exception(error.value))
    assert str(known)[:5] not in shown
    assert "DETAIL" not in shown


@pytest.mark.parametrize("statement", ["SELECT CAST(value AS BIGINT) FROM marks", ""])
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_value_that_does_not_fit_is_not_shown(store: Database, statement: str) -> None:
    too_large = 10**20
    async with store.transaction() as records:
        await records.set_mark("from", str(too_large)[:7] + "Kyiv")

    async def fails() -> None:
        if statement:
            await run_sql(store, statement)
        async with store.transaction() as records:
            await records.set_blocked(too_large, NOON)

    with pytest.raises(DBAPIError) as error:
        await fails()

    assert "0000" not in "".join(traceback.format_exception(error.value))


async def test_a_time_without_a_zone_is_refused(store: Database) -> None:
    async with store.transaction() as records:
        with pytest.raises(StatementError, match="without a zone"):
            await records.add_person(person(), at=NOON.replace(tzinfo=None))


async def test_times_come_back_in_utc_to_the_microsecond(store: Database) -> None:
    summer_in_kyiv = datetime(2026, 8, 3, 15, 0, 0, 123456, timezone(timedelta(hours=3)))
    async with store.transaction() as records:
        await records.add_person(person(), at=summer_in_kyiv)

    (row,) = await rows(store, "persons")
    assert row["created_at"] == summer_in_kyiv
    assert row["created_at"].tzinfo is UTC


async def test_the_store_can_be_closed_twice(store: Database) -> None:
    await store.close()
    await store.close()


async def _mark(database: Database, name: str) -> None:
    async with database.transaction() as records:
        await records.set_mark(name, name)
