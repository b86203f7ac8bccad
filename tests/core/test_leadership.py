"""Leadership: one leader at a time, and a fence that tells the terms apart."""

import asyncio
from datetime import timedelta

from bot.core.leadership import LASTS, RENEWED_EVERY, Lease, lead, resign
from storage.store import Database
from tests.clock import NOON, StoppedClock


def _lives(_: str) -> bool:
    return False


async def _lead(store: Database, owner: str, clock: StoppedClock) -> Lease | None:
    return await lead(store, "leader", owner, clock=clock, is_gone=_lives)


async def test_the_first_leads(store: Database, clock: StoppedClock) -> None:
    lease = await _lead(store, "one", clock)

    assert lease == Lease("leader", "one", 1, NOON + LASTS)


async def test_a_second_is_refused_while_the_first_leads(
    store: Database, clock: StoppedClock
) -> None:
    await _lead(store, "one", clock)
    clock.set(NOON + LASTS - timedelta(microseconds=1))

    assert await _lead(store, "two", clock) is None


async def test_a_second_leads_when_the_lease_has_ended(
    store: Database, clock: StoppedClock
) -> None:
    await _lead(store, "one", clock)
    clock.set(NOON + LASTS)

    lease = await _lead(store, "two", clock)

    assert lease is not None
    assert (lease.owner, lease.fence) == ("two", 2)
    assert await _lead(store, "one", clock) is None


async def test_a_leader_that_certainly_lives_no_more_is_not_waited_for(
    store: Database, clock: StoppedClock
) -> None:
    await _lead(store, "one", clock)

    lease = await lead(store, "leader", "two", clock=clock, is_gone=lambda owner: owner == "one")

    assert lease is not None
    assert lease.fence == 2


async def test_renewing_keeps_the_fence_and_moves_the_end(
    store: Database, clock: StoppedClock
) -> None:
    await _lead(store, "one", clock)
    for _ in range(20):
        clock.set(clock.now() + RENEWED_EVERY)
        lease = await _lead(store, "one", clock)

    assert lease == Lease("leader", "one", 1, clock.now() + LASTS)
    assert await _lead(store, "two", clock) is None


async def test_after_a_resignation_the_next_leads_at_once(
    store: Database, clock: StoppedClock
) -> None:
    first = await _lead(store, "one", clock)
    assert first is not None

    await resign(store, first, clock)

    second = await _lead(store, "two", clock)
    assert second is not None
    assert second.fence == 2


async def test_who_leads_no_more_cannot_resign_for_another(
    store: Database, clock: StoppedClock
) -> None:
    first = await _lead(store, "one", clock)
    assert first is not None
    clock.set(NOON + LASTS)
    second = await _lead(store, "two", clock)

    await resign(store, first, clock)

    async with store.transaction() as records:
        assert await records.lease("leader") == second


async def test_the_fence_rises_with_every_change(store: Database, clock: StoppedClock) -> None:
    fences = []
    for owner in ("one", "two", "one", "two"):
        lease = await _lead(store, owner, clock)
        assert lease is not None
        fences.append(lease.fence)
        clock.set(clock.now() + LASTS)

    assert fences == [1, 2, 3, 4]


async def test_of_five_at_once_one_leads(store: Database, clock: StoppedClock) -> None:
    for _ in range(4):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_lead(store, str(number), clock)) for number in range(5)]

        leases = [task.result() for task in tasks]
        assert sum(lease is not None for lease in leases) == 1
        clock.set(clock.now() + LASTS)


async def test_leases_of_two_names_do_not_meet(store: Database, clock: StoppedClock) -> None:
    await _lead(store, "one", clock)

    other = await lead(store, "backup", "two", clock=clock, is_gone=_lives)

    assert other is not None
