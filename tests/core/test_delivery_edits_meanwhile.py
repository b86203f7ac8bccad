"""A translation that arrives while the original is on its way: an edit each, never none or two."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.core import delivery, news_decisions, translation
from bot.core.delivery import Settled
from bot.core.ledger import (
    Kind,
    Parcel,
    Sent,
    settlement,
)
from bot.core.news import NewsItem, NewsState, Origin, Translation
from bot.core.people import Language
from storage.store import Database
from storage.transaction import Transaction
from tests.builders import crowd, item, met, released
from tests.clock import StoppedClock
from tests.engines import Dictionary
from tests.post import Post, claimed, deliver_due, settled
from tests.rows import states

CONCERT = Dictionary({"Konzert": "Концерт", "Um acht.": "О восьмій."})


async def test_a_translation_that_arrives_on_the_way_becomes_an_edit_in_the_same_run(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    await _concert(store, clock)

    async def meanwhile(parcel: Parcel) -> None:
        if parcel.kind is Kind.NEWS:
            await translation.translate_due(store, [CONCERT], clock)

    post = Post(meanwhile=meanwhile)
    await deliver_due(store, post, clock)

    assert [reading.origin for reading in post.readings] == [Origin.FOLLOWS, Origin.MACHINE]
    assert await states(store) == await states(store, Kind.NEWS_EDIT) == ["sent"]


@pytest.mark.parametrize("settles_first", [True, False])
async def test_a_translation_that_is_stored_while_a_row_is_settled_becomes_an_edit(
    store: Database, clock: StoppedClock, *, settles_first: bool
) -> None:
    await met(store, clock)
    concert = await _concert(store, clock)
    (parcel,) = await claimed(store, clock)

    async def translate(records: Transaction) -> None:
        await records.hold_news(concert.id)
        text = Translation(concert.id, Language.UK, "Концерт", "", Origin.MACHINE, 1, 1)
        await records.set_translation(text, at=clock.now())
        await news_decisions.follow_up(records, [(concert.id, "uk", 0)], now=clock.now())

    async def settle(records: Transaction) -> None:
        sent = Settled(parcel, settlement(Sent(7), parcel, clock.now()), Sent(7), 0, "")
        await delivery.settle(records, [sent], (), owners=(), now=clock.now())

    async def in_its_own_transaction(work: Callable[[Transaction], Awaitable[None]]) -> None:
        async with store.transaction() as records:
            await work(records)

    first, second = (settle, translate) if settles_first else (translate, settle)
    async with asyncio.TaskGroup() as group, store.transaction() as records:
        await first(records)
        other = group.create_task(in_its_own_transaction(second))
        # The other comes as far as it can before we commit.
        await asyncio.wait({other}, timeout=0.1)

    assert await states(store, Kind.NEWS_EDIT) == ["pending"]


async def test_a_translation_while_twenty_are_in_flight_makes_one_edit_for_each(
    store: Database, clock: StoppedClock
) -> None:
    await crowd(store, clock, 20)
    await _concert(store, clock)
    arrived: list[Parcel] = []
    all_in_flight = asyncio.Event()

    async def meanwhile(parcel: Parcel) -> None:
        arrived.append(parcel)
        if len(arrived) == 20:
            await translation.translate_due(store, [CONCERT], clock)
            all_in_flight.set()
        await all_in_flight.wait()

    post = Post(meanwhile=meanwhile)
    await deliver_due(store, post, clock, places=20)

    assert await states(store) == await states(store, Kind.NEWS_EDIT) == ["sent"] * 20
    edits = [parcel for parcel in post.given if parcel.kind is Kind.NEWS_EDIT]
    assert len(edits) == len({parcel.edits_message for parcel in edits}) == 20


async def test_a_copy_that_a_dead_process_sent_is_edited_too(
    store: Database, clock: StoppedClock
) -> None:
    """Its settlement comes late, after the translation."""
    await met(store, clock)
    await _concert(store, clock)
    (parcel,) = await claimed(store, clock)
    await translation.translate_due(store, [CONCERT], clock)

    await settled(store, clock, parcel)

    assert await states(store, Kind.NEWS_EDIT) == ["pending"]


async def _concert(store: Database, clock: StoppedClock) -> NewsItem:
    concert = item("Konzert", lead="Um acht.", state=NewsState.HELD)
    return await released(store, clock, concert)
