"""The inbox: each update once, in order, unreadable to who holds the database's file."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.core import inbox, privacy
from bot.core.alerts import AlertKind
from bot.core.inbox import InboxState, Incoming, Step
from storage.sealing import Seal
from storage.store import Database, StoreError
from tests.builders import ENCRYPTION_KEY, OTHER_KEY, met
from tests.clock import StoppedClock
from tests.rows import rows, run_sql

WRITTEN = "Guten Tag, hier ist Olena Kovalenko"


def _update(number: int, chat_id: int = 1001, payload: str = "{}") -> Incoming:
    return Incoming(number, chat_id, chat_id, payload)


async def _receive(store: Database, clock: StoppedClock, *updates: Incoming) -> list[Incoming]:
    return list(await inbox.receive(store, updates, clock))


async def _waiting(store: Database) -> list[Incoming]:
    return list(await inbox.opened(store, await inbox.left_over(store, frozenset())))


async def _written(store: Database, clock: StoppedClock, *steps: Step, owner: int = 0) -> None:
    await inbox.write_down(store, steps, owners=[owner], clock=clock)


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

    await _written(store, clock, Step(1, InboxState.DONE))

    (row,) = await rows(store, "inbox")
    assert (row["state"], row["payload"]) == ("done", None)
    assert await _waiting(store) == []
    assert await _receive(store, clock, _update(1)) == []


async def test_what_failed_is_kept_with_its_error(store: Database, clock: StoppedClock) -> None:
    await _receive(store, clock, _update(1, payload=WRITTEN))

    await _written(store, clock, Step(1, InboxState.DEAD, tries=3, error="K7M2PX"))

    (row,) = await rows(store, "inbox")
    assert (row["state"], row["attempts"], row["error"]) == ("dead", 3, "K7M2PX")
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


async def test_a_try_is_written_down_before_it_begins(store: Database, clock: StoppedClock) -> None:
    await _receive(store, clock, _update(1), _update(2))

    await _written(store, clock, Step(1, InboxState.RECEIVED, tries=2))

    assert [one.tries for one in await _waiting(store)] == [2, 0]


async def test_of_each_chat_the_first_that_waits_at_a_start_has_had_a_try() -> None:
    chats: set[int] = set()
    first_page = [_update(1, 5), _update(2, 6), _update(3, 5)]
    second_page = [_update(4, 6), replace(_update(5, 7), tries=2)]

    judged = inbox.after_a_start(first_page, chats) + inbox.after_a_start(second_page, chats)

    assert [one.tries for one in judged] == [1, 1, 0, 0, 2]


async def test_ends_of_many_are_written_down_together(store: Database, clock: StoppedClock) -> None:
    await _receive(store, clock, *[_update(number) for number in range(1, 200)])

    done = [Step(number, InboxState.DONE) for number in range(1, 199)]
    await _written(store, clock, *done, Step(199, InboxState.DEAD, tries=3, error="K7M2PX"))

    states = [row["state"] for row in await rows(store, "inbox")]
    assert states == ["done"] * 198 + ["dead"]


async def test_operators_are_told_of_a_dead_update(store: Database, clock: StoppedClock) -> None:
    owner = await met(store, clock)
    await _receive(store, clock, _update(1))

    await _written(
        store, clock, Step(1, InboxState.DEAD, tries=3, error="K7M2PX"), owner=owner.telegram_id
    )

    (alert,) = await rows(store, "alerts")
    assert (alert["kind"], alert["reference"]) == (AlertKind.DEAD_UPDATE, "K7M2PX")
    assert [row["person_id"] for row in await rows(store, "deliveries")] == [owner.id]


async def test_a_dead_update_and_its_alert_are_written_together_or_not_at_all(
    store: Database, clock: StoppedClock
) -> None:
    await _receive(store, clock, _update(1))
    await run_sql(store, "ALTER TABLE alerts RENAME TO elsewhere")

    with pytest.raises(StoreError):
        await _written(store, clock, Step(1, InboxState.DEAD, tries=3, error="K7M2PX"))

    assert [one.update_id for one in await _waiting(store)] == [1]


async def test_a_dead_update_can_be_put_back(store: Database, clock: StoppedClock) -> None:
    await _receive(store, clock, _update(1, payload=WRITTEN), _update(2), _update(3))
    dead = [Step(number, InboxState.DEAD, tries=3, error="K7M2PX") for number in (1, 2)]
    await _written(store, clock, *dead)

    async with store.transaction() as records:
        assert await records.put_back(1) == 1
        assert await records.put_back(1) == 0
        assert await records.put_back(3) == 0

    assert [(one.update_id, one.tries) for one in await _waiting(store)] == [(1, 0), (3, 0)]
    async with store.transaction() as records:
        assert [update.update_id for update in await records.dead()] == [2]
        assert await records.put_back(None) == 1


async def test_what_is_known_is_not_left_over(store: Database, clock: StoppedClock) -> None:
    await _receive(store, clock, _update(1), _update(2), _update(3))

    assert await inbox.left_over(store, {1, 3}) == [2]


async def test_a_dead_update_is_erased_after_two_days(store: Database, clock: StoppedClock) -> None:
    await _receive(store, clock, _update(1, payload=WRITTEN))
    await _written(store, clock, Step(1, InboxState.DEAD, tries=3, error="K7M2PX"))

    clock.advance(hours=49)
    await privacy.sweep(store, clock)

    assert await rows(store, "inbox") == []
