"""Claims: whoever has a row settles it, and nobody else."""

import asyncio

import pytest
from sqlalchemy import text

from bot.core import delivery
from bot.core.delivery import Kind, Sent, deliver_due, take_over
from storage.store import Database
from tests.builders import crowd, released
from tests.clock import StoppedClock
from tests.post import Post, claimed, settled
from tests.rows import rows, run_sql, states


async def test_what_is_claimed_is_claimed_once(store: Database, clock: StoppedClock) -> None:
    await _released_to(store, clock, 5)

    first, second = await claimed(store, clock), await claimed(store, clock)

    assert (len(first), second) == (5, [])


@pytest.mark.parametrize("people_told", [3, 100])
async def test_two_that_claim_at_once_get_different_rows(
    store: Database, clock: StoppedClock, people_told: int
) -> None:
    await _released_to(store, clock, people_told)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_claim(store, clock, 10)) for _ in range(8)]

    batches = [task.result() for task in tasks]
    every = [row for batch in batches for row in batch]
    assert len(every) == len(set(every)) == min(people_told, 80)
    assert max(map(len, batches)) <= 10


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_rows_held_by_another_claim_are_passed_over(
    store: Database, clock: StoppedClock
) -> None:
    await _released_to(store, clock, 6)

    async with store.transaction() as one, store.transaction() as other:
        first = await one.claim_due(clock.now(), 4)
        second = await other.claim_due(clock.now(), 4)

    assert (len(first), len(second)) == (4, 2)
    assert not set(first) & set(second)


@pytest.mark.parametrize("told", [4, 40])
async def test_never_more_are_claimed_than_asked_for(
    store: Database, clock: StoppedClock, told: int
) -> None:
    await _released_to(store, clock, told)

    assert len(await _claim(store, clock, 2)) == 2


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_nor_where_the_planner_would_ask_for_due_rows_again_and_again(
    store: Database, clock: StoppedClock
) -> None:
    await _released_to(store, clock, 40)

    async with store.transaction() as records:
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize"):
            await records._connection.execute(text(f"SET LOCAL enable_{way} = off"))
        claimed_now = await records.claim_due(clock.now(), 3)

    assert len(claimed_now) == 3


async def test_an_earlier_attempt_settles_nothing(store: Database, clock: StoppedClock) -> None:
    await _released_to(store, clock, 1)
    (late,) = await claimed(store, clock)
    await run_sql(store, "UPDATE deliveries SET state = 'pending'")
    (now,) = await claimed(store, clock)

    assert (late.attempt, now.attempt) == (1, 2)
    assert not await settled(store, clock, late, Sent(1))
    assert await states(store) == ["claimed"]
    assert await settled(store, clock, now, Sent(2))
    assert [row["message_id"] for row in await rows(store, "deliveries")] == [2]


async def test_what_is_settled_is_not_settled_again(store: Database, clock: StoppedClock) -> None:
    await _released_to(store, clock, 1)
    (parcel,) = await claimed(store, clock)
    await settled(store, clock, parcel, Sent(1))

    assert not await settled(store, clock, parcel, delivery.Unreachable())
    assert await states(store) == ["sent"]


async def test_a_late_answer_does_not_mark_a_person_as_gone(
    store: Database, clock: StoppedClock
) -> None:
    await _released_to(store, clock, 1)

    async def meanwhile(_: object) -> None:
        await take_over(store, clock)

    await deliver_due(store, Post({0: delivery.Unreachable()}, meanwhile=meanwhile), clock)

    assert await states(store) == ["unknown"]
    assert [row["blocked_at"] for row in await rows(store, "persons")] == [None]


async def test_a_new_leader_resends_no_news(store: Database, clock: StoppedClock) -> None:
    await _released_to(store, clock, 3)
    (sent, *_) = await claimed(store, clock, 2)
    await settled(store, clock, sent)

    abandoned = await take_over(store, clock)

    assert abandoned == 1
    assert sorted(await states(store)) == ["pending", "sent", "unknown"]
    assert await take_over(store, clock) == 0


async def test_a_new_leader_makes_edits_again(store: Database, clock: StoppedClock) -> None:
    await _released_to(store, clock, 1)
    await run_sql(store, f"UPDATE deliveries SET kind = '{Kind.NEWS_EDIT}'")  # noqa: S608
    await _claim(store, clock, 5)

    abandoned = await take_over(store, clock)

    assert abandoned == 1
    assert await states(store, Kind.NEWS_EDIT) == ["pending"]


async def test_nothing_is_left_open(store: Database, clock: StoppedClock) -> None:
    await _released_to(store, clock, 10)

    batches = [await deliver_due(store, Post(), clock) for _ in range(3)]

    assert batches == [8, 2, 0]
    assert set(await states(store)) == {"sent"}


async def test_a_row_whose_settlement_failed_is_in_doubt_at_the_next_batch(
    store: Database, clock: StoppedClock
) -> None:
    await _released_to(store, clock, 1)
    await _claim(store, clock, 1)

    assert await deliver_due(store, Post(), clock) == 0

    assert await states(store) == ["unknown"]


async def _claim(store: Database, clock: StoppedClock, limit: int) -> list[int]:
    async with store.transaction() as records:
        return list(await records.claim_due(clock.now(), limit))


async def _released_to(store: Database, clock: StoppedClock, count: int) -> None:
    await crowd(store, clock, count)
    await released(store, clock)
