"""The audit: a chain that nobody changes unnoticed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from bot.core import audit, ids
from bot.core.audit import AuditEntry, first_break
from storage.store import Database
from tests.clock import NOON, StoppedClock
from tests.rows import run_sql

UNLOCKED = {
    True: ("DROP TRIGGER audit_no_UPDATE", "DROP TRIGGER audit_no_DELETE"),
    False: ("DROP TRIGGER audit_append_only ON audit",),
}


async def test_entries_stand_in_the_order_of_the_decisions(
    store: Database, clock: StoppedClock
) -> None:
    for number in range(5):
        await _note(store, clock, number)

    entries = await _entries(store)

    assert [entry.actor_id for entry in entries] == [0, 1, 2, 3, 4]
    assert first_break(entries) is None


async def test_decisions_at_the_same_time_make_one_chain(
    store: Database, clock: StoppedClock
) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(8):
            group.create_task(_note(store, clock, number))

    entries = await _entries(store)
    assert len(entries) == 8
    assert first_break(entries) is None


async def test_the_chain_goes_on_when_the_machines_clock_was_set_back(
    store: Database, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _note(store, clock, 1)
    # A restart with the clock an hour behind, or another process within the same millisecond.
    behind = ids.new_id() - (3_600_000 << 22)
    monkeypatch.setattr(audit, "new_id", iter(range(behind, behind + 9)).__next__)

    for number in (2, 3, 4):
        await _note(store, clock, number)

    entries = await _entries(store)
    assert [entry.actor_id for entry in entries] == [1, 2, 3, 4]
    assert first_break(entries) is None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET actor_id = 9", "DELETE FROM audit", "DELETE FROM audit WHERE actor_id = 1"],
)
async def test_no_entry_can_be_changed_or_removed(
    store: Database, clock: StoppedClock, statement: str
) -> None:
    await _note(store, clock, 1)

    with pytest.raises(DBAPIError, match="append-only"):
        await run_sql(store, statement)

    assert [entry.actor_id for entry in await _entries(store)] == [1]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_nor_can_all_of_them_at_once(store: Database, clock: StoppedClock) -> None:
    await _note(store, clock, 1)

    with pytest.raises(DBAPIError, match="append-only"):
        await run_sql(store, "TRUNCATE audit")


@pytest.mark.parametrize(
    ("tampering", "place"),
    [
        ("UPDATE audit SET actor_id = 9 WHERE actor_id = 1", 1),
        ("UPDATE audit SET subject = 'news 9' WHERE actor_id = 0", 0),
        ("UPDATE audit SET action = 'reject news' WHERE actor_id = 2", 2),
        ("DELETE FROM audit WHERE actor_id = 1", 2),
        ("DELETE FROM audit WHERE actor_id = 0", 1),
    ],
)
async def test_whoever_gets_past_the_trigger_breaks_the_chain(
    store: Database, clock: StoppedClock, tampering: str, place: int
) -> None:
    for number in range(3):
        await _note(store, clock, number)
    broken = (await _entries(store))[place]

    await run_sql(store, *UNLOCKED[store.is_sqlite], tampering)

    found = first_break(await _entries(store))
    assert found is not None
    assert found.id == broken.id


async def test_an_entry_is_part_of_its_decision(store: Database, clock: StoppedClock) -> None:
    async def fails() -> None:
        async with store.transaction() as records:
            await audit.note(records, at=clock.now(), actor_id=1, action="a", subject="s")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()

    assert await _entries(store) == []


@given(count=st.integers(1, 6), place=st.integers(0, 5), what=st.sampled_from(["at", "actor_id"]))
def test_any_change_of_any_entry_is_found(count: int, place: int, what: str) -> None:
    chain = _chain(count)
    altered = chain[place % count]
    chain[place % count] = (
        replace(altered, at=altered.at + timedelta(microseconds=1))
        if what == "at"
        else replace(altered, actor_id=99)
    )

    found = first_break(chain)

    assert found is not None
    assert found.id == altered.id


def test_an_empty_chain_is_whole() -> None:
    assert first_break([]) is None
    assert first_break(_chain(4)) is None


def _chain(count: int) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for number in range(count):
        previous = entries[-1].digest if entries else ""
        mark = audit.digest(number, NOON, None, "release news|news 1", previous)
        entries.append(AuditEntry(number, NOON, None, "release news", "news 1", previous, mark))
    return entries


async def _note(store: Database, clock: StoppedClock, actor_id: int) -> None:
    async with store.transaction() as records:
        await audit.note(
            records, at=clock.now(), actor_id=actor_id, action="release news", subject="news 1"
        )


async def _entries(store: Database) -> list[AuditEntry]:
    async with store.reading() as records:
        return await records.audit_entries()
