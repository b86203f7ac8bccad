"""Claims: whoever has a row settles it, and nobody else."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.core import delivery, roles
from bot.core.alerts import AlertKind, sound
from bot.core.delivery import Settled, recover, take_over
from bot.core.ledger import Kind, Moved, Outcome, Parcel, Sent, Unreachable, settlement
from bot.core.people import Role
from bot.core.sender import LEASE
from storage.store import Database
from tests.builders import crowd, met, released
from tests.clock import StoppedClock
from tests.post import Post, claimed, deliver_due, settled
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
        tasks = [group.create_task(claimed(store, clock, 10)) for _ in range(8)]

    batches = [task.result() for task in tasks]
    every = [parcel.id for batch in batches for parcel in batch]
    assert len(every) == len(set(every)) == min(people_told, 80)
    assert max(map(len, batches)) <= 10


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_rows_held_by_another_claim_are_passed_over(
    store: Database, clock: StoppedClock
) -> None:
    await _released_to(store, clock, 6)
    now, until = clock.now(), clock.now() + LEASE

    async with store.transaction() as one, store.transaction() as other:
        first = await one.claim_due(now, 4, owners=(), leased_until=until)
        second = await other.claim_due(now, 4, owners=(), leased_until=until)

    assert (len(first), len(second)) == (4, 2)
    assert not {parcel.id for parcel in first} & {parcel.id for parcel in second}


@pytest.mark.parametrize("told", [4, 40])
async def test_never_more_are_claimed_than_asked_for(
    store: Database, clock: StoppedClock, told: int
) -> None:
    await _released_to(store, clock, told)

    assert len(await claimed(store, clock, 2)) == 2


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_nor_where_the_planner_would_ask_for_due_rows_again_and_again(
    store: Database, clock: StoppedClock
) -> None:
    await _released_to(store, clock, 40)
    now = clock.now()

    async with store.transaction() as records:
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize"):
            await records._connection.execute(text(f"SET LOCAL enable_{way} = off"))
        found = await records.claim_due(now, 3, owners=(), leased_until=now + LEASE)

    assert len(found) == 3


async def test_what_goes_to_one_person_goes_before_what_goes_to_many(
    store: Database, clock: StoppedClock
) -> None:
    await _released_to(store, clock, 3)
    anna = await met(store, clock)
    await roles.appoint(store, anna.id, Role.COORDINATOR, clock)
    clock.advance(seconds=1)
    async with store.transaction() as records:
        await sound(records, AlertKind.DEAD_UPDATE, "x", owners=(), now=clock.now())

    found = await claimed(store, clock, 3)

    assert [parcel.kind for parcel in found] == [Kind.ALERT, Kind.NEWS, Kind.NEWS]


async def test_an_earlier_attempt_settles_nothing(store: Database, clock: StoppedClock) -> None:
    await _released_to(store, clock, 1)
    (late,) = await claimed(store, clock)
    await run_sql(store, "UPDATE deliveries SET state = 'pending'")
    (now,) = await claimed(store, clock)

    await settled(store, clock, late, Sent(1))
    between = await states(store)
    await settled(store, clock, now, Sent(2))

    assert (late.attempt, now.attempt, between) == (1, 2, ["claimed"])
    assert [row["message_id"] for row in await rows(store, "deliveries")] == [2]


async def test_what_is_settled_is_not_settled_again(store: Database, clock: StoppedClock) -> None:
    await _released_to(store, clock, 1)
    (parcel,) = await claimed(store, clock)
    await settled(store, clock, parcel, Sent(1))

    await settled(store, clock, parcel, Unreachable())
    await settled(store, clock, parcel, Sent(2))

    (row,) = await rows(store, "deliveries")
    assert (row["state"], row["message_id"]) == ("sent", 1)


@pytest.mark.parametrize("outcome", [Unreachable(), Moved(77_001)])
async def test_a_late_answer_says_nothing_about_how_somebody_is_now(
    store: Database, clock: StoppedClock, outcome: Outcome
) -> None:
    await _released_to(store, clock, 1)

    async def meanwhile(_: Parcel) -> None:
        await take_over(store, clock)

    await deliver_due(store, Post({0: outcome}, meanwhile=meanwhile), clock)

    assert await states(store) == ["unknown"]
    (person,) = await rows(store, "persons")
    assert (person["blocked_at"], person["telegram_id"]) == (None, 0)


async def test_many_are_settled_at_once_each_with_its_own_number(
    store: Database, clock: StoppedClock
) -> None:
    await _released_to(store, clock, 12)
    found = await claimed(store, clock)
    at_once = [_sent(parcel, clock) for parcel in found]

    async with store.transaction() as records:
        await delivery.settle(records, at_once, (), owners=(), now=clock.now())

    told = {row["id"]: row["message_id"] for row in await rows(store, "deliveries")}
    assert told == {parcel.id: 5_000 + parcel.id for parcel in found}


async def test_a_new_leader_resends_no_news(store: Database, clock: StoppedClock) -> None:
    """D2"""
    await _released_to(store, clock, 3)
    (sent, *_) = await claimed(store, clock, 2)
    await settled(store, clock, sent)

    abandoned = await take_over(store, clock)

    assert abandoned == 1
    assert sorted(await states(store)) == ["pending", "sent", "unknown"]
    assert await take_over(store, clock) == 0


@pytest.mark.parametrize("kind", [Kind.NEWS_EDIT, Kind.NEWS_WITHDRAWAL, Kind.ALERT])
async def test_a_new_leader_sends_critical_messages_again(
    store: Database, clock: StoppedClock, kind: Kind
) -> None:
    """D1"""
    await _released_to(store, clock, 1)
    await claimed(store, clock)
    await run_sql(store, f"UPDATE deliveries SET kind = '{kind}'")  # noqa: S608

    abandoned = await take_over(store, clock)

    assert abandoned == 1
    assert await states(store, kind) == ["pending"]


async def test_a_claim_is_given_up_when_its_lease_is_over_and_not_before(
    store: Database, clock: StoppedClock
) -> None:
    await _released_to(store, clock, 1)
    await claimed(store, clock)

    clock.set(clock.now() + LEASE)
    await recover(store, clock)
    in_time = await states(store)
    clock.advance(seconds=1)
    await recover(store, clock)

    assert (in_time, await states(store)) == (["claimed"], ["unknown"])


async def test_what_was_not_begun_within_its_lease_is_left_to_others(
    store: Database, clock: StoppedClock
) -> None:
    """Somebody else may have it by then: two would send it."""
    await _released_to(store, clock, 2)

    async def meanwhile(parcel: Parcel) -> None:
        if parcel.attempt == 1:
            clock.set(parcel.leased_until + timedelta(seconds=1))

    post = Post(meanwhile=meanwhile)
    await deliver_due(store, post, clock, places=2)

    assert await states(store) == ["sent", "sent"]
    assert sorted(parcel.attempt for parcel in post.given) in ([1, 1], [1, 2])
    assert len({parcel.id for parcel in post.given}) == 2


async def test_nothing_is_left_open(store: Database, clock: StoppedClock) -> None:
    await _released_to(store, clock, 20)

    runs = [await deliver_due(store, Post(), clock) for _ in range(2)]

    assert runs == [20, 0]
    assert await states(store) == ["sent"] * 20
    assert {row["leased_until"] for row in await rows(store, "deliveries")} == {None}


def _sent(parcel: Parcel, clock: StoppedClock) -> Settled:
    outcome = Sent(5_000 + parcel.id)
    return Settled(parcel, settlement(outcome, parcel, clock.now()), outcome, 0, "shown")


async def _released_to(store: Database, clock: StoppedClock, count: int) -> None:
    await crowd(store, clock, count)
    await released(store, clock)
