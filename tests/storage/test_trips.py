"""A transaction in one visit to the thread is a transaction like any other."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import make_url

from bot.core.marks import MarkRecords
from bot.core.ports import StoreUnavailableError
from storage.store import Database
from storage.transaction import Transaction


async def mark(store: Database, name: str) -> str | None:
    async with store.reading() as records:
        return await records.mark(name)


async def test_what_is_written_at_once_stays(store: Database) -> None:
    async def work(records: Transaction) -> str | None:
        await records.set_mark("colour", "blue")
        return await records.mark("colour")

    assert await store.at_once(work) == "blue"
    assert await mark(store, "colour") == "blue"


async def test_a_fault_undoes_all_of_it(store: Database) -> None:
    async def work(records: MarkRecords) -> None:
        await records.set_mark("colour", "blue")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it has no text
        await store.at_once(work)

    assert await mark(store, "colour") is None


async def test_it_takes_turns_with_other_transactions(store: Database) -> None:
    async def grow(records: Transaction) -> None:
        await records.set_mark("count", f"{await records.mark('count') or ''}x")

    async def slowly() -> None:
        async with store.transaction() as records:
            await records._lock("count")
            await grow(records)
            await asyncio.sleep(0)

    async def quickly() -> None:
        async def work(records: Transaction) -> None:
            await records._lock("count")
            await grow(records)

        await store.at_once(work)

    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(slowly())
            group.create_task(quickly())

    assert await mark(store, "count") == "x" * 20


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_whoever_awaits_something_else_is_told_and_nothing_is_written(
    store: Database,
) -> None:
    async def work(records: Transaction) -> None:
        await records.set_mark("colour", "blue")
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="nothing but its records"):
        await store.at_once(work)

    assert await mark(store, "colour") is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_locked_database_is_told_plainly(store: Database, database_url: str) -> None:
    with closing(sqlite3.connect(str(make_url(database_url).database))) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreUnavailableError):
            await store.at_once(lambda records: records.set_mark("colour", "blue"))

    await store.at_once(lambda records: records.set_mark("colour", "blue"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_it_promises_what_the_database_promises(store: Database) -> None:
    def promised() -> list[int]:
        with store._trips.connect() as connection:
            names = ("synchronous", "foreign_keys", "busy_timeout")
            return [connection.exec_driver_sql(f"PRAGMA {n}").scalar_one() for n in names]

    assert await asyncio.to_thread(promised) == [2, 1, 5_000]
