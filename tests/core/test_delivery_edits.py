"""A translation that arrives late takes the place of the original that went out."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.core import people, translation
from bot.core.delivery import (
    DeliveryState,
    InDoubt,
    Kind,
    Parcel,
    Refused,
    Settlement,
    Unreachable,
    deliver_due,
)
from bot.core.news import NewsItem, NewsState, Origin, Translation
from bot.core.people import Language
from storage.store import Database
from storage.transaction import Transaction
from tests.builders import crowd, item, met, released
from tests.clock import StoppedClock
from tests.engines import Dictionary
from tests.post import Post, claimed
from tests.rows import rows, states

CONCERT = Dictionary({"Konzert": "Концерт", "Um acht.": "О восьмій."})


async def test_who_read_the_original_gets_the_translation_in_its_place(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    await _concert(store, clock)
    await deliver_due(store, Post(), clock)
    (sent,) = await rows(store, "deliveries")
    post = Post()

    await translation.translate_due(store, [CONCERT], clock)
    await deliver_due(store, post, clock)

    (parcel,) = post.given
    assert (parcel.kind, parcel.edits_message) == (Kind.NEWS_EDIT, sent["message_id"])
    assert (parcel.reading.title, parcel.reading.lead) == ("Концерт", "О восьмій.")
    assert await states(store, Kind.NEWS_EDIT) == ["sent"]


async def test_edits_are_made_exactly_where_the_original_stands_in_that_language(
    store: Database, clock: StoppedClock
) -> None:
    olena = await met(store, clock, 1)
    await met(store, clock, 2, language=Language.DE)
    for number in (3, 4, 5):
        await met(store, clock, number)
    await _concert(store, clock)
    post = Post({3: Unreachable(), 4: Refused("?"), 5: InDoubt("?")})
    await deliver_due(store, post, clock)
    await met(store, clock, 6)

    await translation.translate_due(store, [CONCERT], clock)

    edits = [row for row in await rows(store, "deliveries") if row["kind"] == Kind.NEWS_EDIT]
    assert [(row["person_id"], row["version"]) for row in edits] == [(olena.id, 1)]


async def test_who_is_still_to_get_the_message_gets_the_translation_at_once(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    await _concert(store, clock)
    post = Post()

    await translation.translate_due(store, [CONCERT], clock)
    await deliver_due(store, post, clock)

    assert [parcel.reading.origin for parcel in post.given] == [Origin.MACHINE]
    assert await states(store, Kind.NEWS_EDIT) == []


async def test_a_second_look_queues_no_second_edit(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    concert = await _concert(store, clock)
    await deliver_due(store, Post(), clock)
    await translation.translate_due(store, [CONCERT], clock)

    async with store.transaction() as records:
        again = await records.queue_edits(concert.id, now=clock.now())
    await deliver_due(store, Post(), clock)
    async with store.transaction() as records:
        after = await records.queue_edits(concert.id, now=clock.now())

    assert (again, after) == (0, 0)
    assert await states(store, Kind.NEWS_EDIT) == ["sent"]


async def test_a_translation_that_arrives_on_the_way_becomes_an_edit(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    await _concert(store, clock)

    async def meanwhile(parcel: Parcel) -> None:
        if parcel.kind is Kind.NEWS:
            await translation.translate_due(store, [CONCERT], clock)

    first = Post(meanwhile=meanwhile)
    await deliver_due(store, first, clock)

    assert [parcel.reading.origin for parcel in first.given] == [Origin.FOLLOWS]
    assert await states(store) == ["sent"]
    assert await states(store, Kind.NEWS_EDIT) == ["pending"]


@pytest.mark.parametrize("settles_first", [True, False])
async def test_a_translation_that_is_stored_while_a_row_is_settled_becomes_an_edit(
    store: Database, clock: StoppedClock, *, settles_first: bool
) -> None:
    await met(store, clock)
    concert = await _concert(store, clock)
    (parcel,) = await claimed(store, clock)

    async def translate(records: Transaction) -> None:
        text = Translation(concert.id, Language.UK, "Концерт", "", Origin.MACHINE, 1, 1)
        await records.set_translation(text, at=clock.now())
        await records.queue_edits(concert.id, now=clock.now())

    async def settle(records: Transaction) -> None:
        sent = Settlement(DeliveryState.SENT, message_id=7)
        await records.settle(parcel, sent, now=clock.now())
        await records.queue_edits(concert.id, now=clock.now())

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


async def test_many_settled_at_once_make_one_edit_each(
    store: Database, clock: StoppedClock
) -> None:
    await crowd(store, clock, 20)
    await _concert(store, clock)
    arrived: list[Parcel] = []

    async def meanwhile(parcel: Parcel) -> None:
        arrived.append(parcel)
        if len(arrived) == 1:
            await translation.translate_due(store, [CONCERT], clock)

    await deliver_due(store, Post(meanwhile=meanwhile), clock, batch=20)

    assert await states(store) == ["sent"] * 20
    assert await states(store, Kind.NEWS_EDIT) == ["pending"] * 20


async def test_an_edit_in_doubt_is_made_again(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    await _concert(store, clock)
    await deliver_due(store, Post(), clock)
    await translation.translate_due(store, [CONCERT], clock)

    await deliver_due(store, Post({1001: InDoubt("no answer")}), clock)
    in_doubt = await states(store, Kind.NEWS_EDIT)
    clock.advance(seconds=2)
    await deliver_due(store, Post(), clock)

    assert (in_doubt, await states(store, Kind.NEWS_EDIT)) == (["pending"], ["sent"])


async def test_an_edit_keeps_the_language_of_its_message(
    store: Database, clock: StoppedClock
) -> None:
    someone = await met(store, clock)
    await _concert(store, clock)
    await deliver_due(store, Post(), clock)
    await people.choose_language(store, someone.id, Language.DE)
    await translation.translate_due(store, [CONCERT], clock)
    post = Post()

    await deliver_due(store, post, clock)

    assert [parcel.reading.language for parcel in post.given] == [Language.UK]


async def test_an_edit_also_reaches_who_has_paused_since(
    store: Database, clock: StoppedClock
) -> None:
    someone = await met(store, clock)
    await _concert(store, clock)
    await deliver_due(store, Post(), clock)
    await people.pause(store, someone.id, clock.now() + timedelta(days=1))

    await translation.translate_due(store, [CONCERT], clock)
    await deliver_due(store, Post(), clock)

    assert await states(store, Kind.NEWS_EDIT) == ["sent"]


async def _concert(store: Database, clock: StoppedClock) -> NewsItem:
    concert = item("Konzert", lead="Um acht.", state=NewsState.HELD)
    return await released(store, clock, concert)
