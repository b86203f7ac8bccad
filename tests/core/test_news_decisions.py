"""Decisions about news: one takes effect, everybody hears which."""

import asyncio

import pytest
from sqlalchemy.exc import StatementError

from bot.core import audit, campaigns, news, news_decisions, translation
from bot.core.ledger import Kind, Parcel
from bot.core.news import NewsState
from bot.core.news_decisions import Decided, Told
from bot.core.people import Language
from storage.store import Database
from tests.builders import crowd, item, kept, met, released
from tests.clock import StoppedClock
from tests.engines import Dictionary
from tests.post import Post, claimed, deliver_due, settled
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


async def test_what_is_withdrawn_is_changed_where_it_stands_and_goes_to_nobody_else(
    store: Database, clock: StoppedClock
) -> None:
    await crowd(store, clock, 6)
    summer = await released(store, clock)
    (first, second, *_) = await claimed(store, clock, 2)
    for parcel in (first, second):
        await settled(store, clock, parcel)

    told = await news_decisions.withdraw(store, summer.id, actor_id=7, clock=clock)
    post = Post()
    await deliver_due(store, post, clock)
    await campaigns.tend(store, clock)

    assert told == Told(2)
    assert {parcel.edits_message for parcel in post.given} == {5_000 + first.id, 5_000 + second.id}
    assert {text.kind for text in post.texts} == {Kind.NEWS_WITHDRAWAL}
    assert sorted(await states(store)) == ["cancelled"] * 4 + ["sent"] * 2
    assert await states(store, Kind.NEWS_WITHDRAWAL) == ["sent"] * 2


async def test_a_copy_that_was_on_its_way_is_withdrawn_when_it_has_arrived(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    summer = await released(store, clock)

    async def meanwhile(parcel: Parcel) -> None:
        if parcel.kind is Kind.NEWS:
            await news_decisions.withdraw(store, summer.id, actor_id=7, clock=clock)

    post = Post(meanwhile=meanwhile)
    await deliver_due(store, post, clock)

    assert [parcel.kind for parcel in post.given] == [Kind.NEWS, Kind.NEWS_WITHDRAWAL]
    assert post.given[1].edits_message == 5_000 + post.given[0].id


async def test_a_withdrawal_outlives_the_edits_that_were_still_to_come(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    concert = await released(store, clock, item("Konzert", state=NewsState.HELD))
    await deliver_due(store, Post(), clock)
    await translation.translate_due(store, [Dictionary()], clock)
    await news_decisions.withdraw(store, concert.id, actor_id=7, clock=clock)
    post = Post()

    await deliver_due(store, post, clock)
    await campaigns.tend(store, clock)

    assert [parcel.kind for parcel in post.given] == [Kind.NEWS_WITHDRAWAL]
    assert await states(store, Kind.NEWS_EDIT) == ["cancelled"]


async def test_what_was_withdrawn_stands_under_news_no_longer(
    store: Database, clock: StoppedClock
) -> None:
    reader = await met(store, clock)
    summer = await released(store, clock)

    await news_decisions.withdraw(store, summer.id, actor_id=7, clock=clock)

    assert await news.latest(store, reader.topics, Language.UK, skip=0, limit=5) == []


async def test_what_was_never_out_is_not_withdrawn_and_nothing_is_withdrawn_twice(
    store: Database, clock: StoppedClock
) -> None:
    held = await kept(store, clock, item(state=NewsState.HELD))
    dropped = await kept(store, clock, item(state=NewsState.HELD))
    await news_decisions.reject(store, dropped.id, actor_id=7, clock=clock)
    out = await released(store, clock)

    said = [
        await news_decisions.withdraw(store, news_id, actor_id=7, clock=clock)
        for news_id in (held.id, dropped.id, out.id, out.id, 1)
    ]

    assert said == [
        Decided.NOT_RELEASED,
        Decided.ALREADY_DROPPED,
        Told(0),
        Decided.ALREADY_WITHDRAWN,
        Decided.UNKNOWN_ITEM,
    ]


async def test_what_was_withdrawn_is_neither_released_nor_rejected_again(
    store: Database, clock: StoppedClock
) -> None:
    out = await released(store, clock)
    await news_decisions.withdraw(store, out.id, actor_id=7, clock=clock)

    release = await news_decisions.release(store, out.id, actor_id=8, clock=clock)
    reject = await news_decisions.reject(store, out.id, actor_id=8, clock=clock)

    assert (release, reject) == (Decided.ALREADY_WITHDRAWN, Decided.ALREADY_WITHDRAWN)


async def test_of_two_who_withdraw_at_once_one_does(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    out = await released(store, clock)
    await deliver_due(store, Post(), clock)

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(news_decisions.withdraw(store, out.id, actor_id=n, clock=clock))
            for n in range(4)
        ]

    said = [task.result() for task in tasks]
    assert (said.count(Told(1)), said.count(Decided.ALREADY_WITHDRAWN)) == (1, 3)
    assert await states(store, Kind.NEWS_WITHDRAWAL) == ["pending"]
