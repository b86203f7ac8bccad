"""Decisions about news: one takes effect, everybody hears which."""

import asyncio

import pytest
from sqlalchemy.exc import StatementError

from bot.core import audit, news_decisions
from bot.core.news import NewsState
from bot.core.news_decisions import Decided, Told
from storage.store import Database
from tests.builders import item, kept, met, released
from tests.clock import StoppedClock
from tests.rows import rows, states


async def test_a_second_release_tells_nobody_again(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    first = await released(store, clock)

    again = await news_decisions.release(store, first.id, actor_id=7, clock=clock)

    assert again is Decided.ALREADY_RELEASED
    assert len(await states(store)) == 1
    assert len(await rows(store, "audit")) == 1


async def test_of_two_coordinators_at_once_one_releases(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    held = await kept(store, clock, item(state=NewsState.HELD))

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(news_decisions.release(store, held.id, actor_id=number, clock=clock))
            for number in range(5)
        ]

    told = [task.result() for task in tasks]
    assert told.count(Told(1)) == 1
    assert told.count(Decided.ALREADY_RELEASED) == 4
    assert len(await states(store)) == 1


async def test_who_releases_while_another_rejects_hears_what_was_decided(
    store: Database, clock: StoppedClock
) -> None:
    for _ in range(5):
        held = await kept(store, clock, item(state=NewsState.HELD))

        async with asyncio.TaskGroup() as group:
            reject = group.create_task(
                news_decisions.reject(store, held.id, actor_id=1, clock=clock)
            )
            release = group.create_task(
                news_decisions.release(store, held.id, actor_id=2, clock=clock)
            )

        refusals = {
            (Told(0), Decided.ALREADY_DROPPED),
            (Decided.ALREADY_RELEASED, Told(0)),
        }
        assert (reject.result(), release.result()) in refusals


async def test_what_was_rejected_is_not_released(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    held = await kept(store, clock, item(state=NewsState.HELD))

    rejected = await news_decisions.reject(store, held.id, actor_id=7, clock=clock)
    then = await news_decisions.release(store, held.id, actor_id=8, clock=clock)

    assert (rejected, then) == (Told(0), Decided.ALREADY_DROPPED)
    assert await states(store) == []
    assert [row["state"] for row in await rows(store, "news")] == ["dropped"]


async def test_what_was_released_is_not_rejected(store: Database, clock: StoppedClock) -> None:
    known = await released(store, clock)

    assert (
        await news_decisions.reject(store, known.id, actor_id=7, clock=clock)
        is Decided.ALREADY_RELEASED
    )


async def test_nobody_decides_about_an_item_that_is_not_there(
    store: Database, clock: StoppedClock
) -> None:
    assert await news_decisions.release(store, 1, actor_id=7, clock=clock) is Decided.UNKNOWN_ITEM
    assert await news_decisions.reject(store, 1, actor_id=7, clock=clock) is Decided.UNKNOWN_ITEM
    assert await rows(store, "audit") == []


async def test_every_decision_is_in_the_audit(store: Database, clock: StoppedClock) -> None:
    one, other = await kept(store, clock, item()), await kept(store, clock, item())
    await news_decisions.release(store, one.id, actor_id=7, clock=clock)
    await news_decisions.reject(store, other.id, actor_id=8, clock=clock)

    async with store.reading() as records:
        entries = await records.audit_entries()

    assert [(entry.actor_id, entry.action, entry.subject) for entry in entries] == [
        (7, "release news", f"news {one.id}"),
        (8, "reject news", f"news {other.id}"),
    ]
    assert audit.first_break(entries) is None


async def test_a_release_that_fails_halfway_leaves_the_item_as_it_was(
    store: Database, clock: StoppedClock
) -> None:
    held = await kept(store, clock, item(state=NewsState.HELD))
    nowhere = StoppedClock(clock.now().replace(tzinfo=None))

    with pytest.raises(StatementError, match="without a zone"):
        await news_decisions.release(store, held.id, actor_id=7, clock=nowhere)

    async with store.reading() as records:
        assert await records.news_item(held.id) == held
