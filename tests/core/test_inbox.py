"""The inbox: each update once, in order, unreadable to who holds the database's file."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.core.inbox import InboxState, Incoming
from storage.sealing import Seal
from storage.store import Database
from tests.builders import ENCRYPTION_KEY, OTHER_KEY
from tests.clock import StoppedClock
from tests.rows import rows

WRITTEN = "Guten Tag, hier ist Olena Kovalenko"


def _update(number: int, chat_id: int = 1001, payload: str = "{}") -> Incoming:
    return Incoming(number, chat_id, chat_id, payload)


async def _receive(store: Database, clock: StoppedClock, *updates: Incoming) -> list[Incoming]:
    async with store.transaction() as records:
        return list(await records.receive(updates, at=clock.now()))


async def _waiting(store: Database) -> list[Incoming]:
    async with store.reading() as records:
        return list(await records.waiting())


async def test_what_was_received_waits_as_it_came(store: Database, clock: StoppedClock) -> None:
    updates = [_update(2, payload=WRITTEN), _update(3, chat_id=-5), Incoming(4, 0, None, "{}")]

    new = await _receive(store, clock, *updates)

    assert new == updates
    assert await _waiting(store) == updates


async def test_what_comes_twice_is_new_once(store: Database, clock: StoppedClock) -> None:
    await _receive(store, clock, _update(1), _update(2))

    new = await _receive(store, clock, _update(2), _update(3), _update(3))

    assert new == [_update(3)]
    assert len(await _waiting(store)) == 3


async def test_what_comes_twice_at_once_is_new_once(store: Database, clock: StoppedClock) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_receive(store, clock, _update(1))) for _ in range(5)]

    assert sum(len(task.result()) for task in tasks) == 1


async def test_numbers_may_jump_backwards(store: Database, clock: StoppedClock) -> None:
    await _receive(store, clock, _update(900_000_000))

    assert await _receive(store, clock, _update(7)) == [_update(7)]


async def test_what_is_done_is_known_but_erased(store: Database, clock: StoppedClock) -> None:
    await _receive(store, clock, _update(1, payload=WRITTEN))

    async with store.transaction() as records:
        await records.finish(1, InboxState.DONE, None)

    (row,) = await rows(store, "inbox")
    assert (row["state"], row["payload"]) == ("done", None)
    assert await _waiting(store) == []
    assert await _receive(store, clock, _update(1)) == []


@pytest.mark.parametrize("error", ["K7M2PX", "AnErrorWithAVeryLongNameThatNobodyCouldForesee"])
async def test_what_failed_is_kept_with_its_error(
    store: Database, clock: StoppedClock, error: str
) -> None:
    await _receive(store, clock, _update(1, payload=WRITTEN))

    async with store.transaction() as records:
        await records.finish(1, InboxState.DEAD, error)

    (row,) = await rows(store, "inbox")
    assert (row["state"], row["error"]) == ("dead", error[:40])
    assert row["payload"] is not None
    assert await _waiting(store) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_nobody_reads_a_message_in_the_databases_files(
    store: Database, database_url: str, clock: StoppedClock
) -> None:
    await _receive(store, clock, _update(1, payload=WRITTEN))

    folder = Path(str(make_url(database_url).database)).parent
    found = b"".join(file.read_bytes() for file in folder.glob("bot.db*"))
    assert b"inbox" in found
    assert b"Kovalenko" not in found


async def test_nobody_reads_a_message_in_the_databases_rows(
    store: Database, clock: StoppedClock
) -> None:
    await _receive(store, clock, _update(1, payload=WRITTEN))

    async with store.reading() as records:
        payload = await records._connection.scalar(text("SELECT payload FROM inbox"))

    assert b"Kovalenko" not in bytes(payload)
    assert b"Guten" not in bytes(payload)


async def test_a_new_key_opens_what_the_old_one_sealed(
    store: Database, database_url: str, clock: StoppedClock
) -> None:
    await _receive(store, clock, _update(1, payload=WRITTEN))

    async with Database(database_url, Seal([OTHER_KEY, ENCRYPTION_KEY])) as renewed:
        await _receive(renewed, clock, _update(2, payload="new"))
        assert [update.payload for update in await _waiting(renewed)] == [WRITTEN, "new"]


async def test_without_its_key_an_update_waits_and_the_others_go_on(
    store: Database, database_url: str, clock: StoppedClock
) -> None:
    await _receive(store, clock, _update(1, payload=WRITTEN))

    async with Database(database_url, Seal([OTHER_KEY])) as other:
        await _receive(other, clock, _update(2, payload="new"))
        assert [update.update_id for update in await _waiting(other)] == [2]


async def test_a_payload_moved_to_another_row_does_not_open(
    store: Database, clock: StoppedClock
) -> None:
    await _receive(store, clock, _update(1, payload=WRITTEN), _update(2, payload="other"))

    async with store.transaction() as records:
        moved = text("UPDATE inbox SET payload = (SELECT payload FROM inbox WHERE update_id = 1)")
        await records._connection.execute(moved)

    assert [update.update_id for update in await _waiting(store)] == [1]
