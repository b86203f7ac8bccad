"""A translation that arrives late takes the place of the original that went out."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.core import delivery, news_decisions, people, translation
from bot.core.delivery import Settled
from bot.core.ledger import (
    InDoubt,
    Kind,
    NothingThere,
    Parcel,
    Refused,
    Sent,
    Unreachable,
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

    (parcel,), (reading,) = post.given, post.readings
    assert (parcel.kind, parcel.edits_message) == (Kind.NEWS_EDIT, sent["message_id"])
    assert parcel.shown == sent["shown"]
    assert (reading.title, reading.lead) == ("Концерт", "О восьмій.")
    assert await states(store, Kind.NEWS_EDIT) == ["sent"]


async def test_the_copy_remembers_what_stands_there_now(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    await _concert(store, clock)
    await deliver_due(store, Post(), clock)
    await translation.translate_due(store, [CONCERT], clock)
    post = Post()

    await deliver_due(store, post, clock)

    copy = next(row for row in await rows(store, "deliveries") if row["kind"] == Kind.NEWS)
    assert (copy["shown_version"], copy["shown"]) == (1, post.texts[0].shown)


async def test_edits_are_made_exactly_where_the_original_stands_in_that_language(
    store: Database, clock: StoppedClock
) -> None:
    olena = await met(store, clock, 1)
    await met(store, clock, 2, language=Language.DE)
    for number in (3, 4, 5):
        await met(store, clock, number)
    await _concert(store, clock)
    post = Post({3: Unreachable(), 4: Refused("?", of_text=False), 5: InDoubt("?")})
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

    assert [reading.origin for reading in post.readings] == [Origin.MACHINE]
    assert await states(store, Kind.NEWS_EDIT) == []


async def test_a_second_look_queues_no_second_edit(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    concert = await _concert(store, clock)
    await deliver_due(store, Post(), clock)
    await translation.translate_due(store, [CONCERT], clock)

    await _follow_up(store, clock, concert)
    before = await states(store, Kind.NEWS_EDIT)
    await deliver_due(store, Post(), clock)
    await _follow_up(store, clock, concert)

    assert (before, await states(store, Kind.NEWS_EDIT)) == (["pending"], ["sent"])
    campaigns = [row["kind"] for row in await rows(store, "campaigns")]
    assert sorted(campaigns) == [Kind.NEWS, Kind.NEWS_EDIT]


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


async def test_where_the_message_was_deleted_nothing_is_edited(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    await _concert(store, clock)
    await deliver_due(store, Post(), clock)
    await translation.translate_due(store, [CONCERT], clock)

    await deliver_due(store, Post({1001: NothingThere()}), clock)

    assert await states(store, Kind.NEWS_EDIT) == ["cancelled"]
    assert [row["stopped_at"] for row in await rows(store, "campaigns")] == [None, None]


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

    assert [reading.language for reading in post.readings] == [Language.UK]


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


async def test_who_has_blocked_us_since_is_left_alone(store: Database, clock: StoppedClock) -> None:
    someone = await met(store, clock)
    await _concert(store, clock)
    await deliver_due(store, Post(), clock)
    await translation.translate_due(store, [CONCERT], clock)
    await people.note_blocked(store, someone.telegram_id, clock)
    post = Post()

    await deliver_due(store, post, clock)

    assert post.given == []
    assert await states(store, Kind.NEWS_EDIT) == ["cancelled"]


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


async def _follow_up(store: Database, clock: StoppedClock, concert: NewsItem) -> None:
    async with store.transaction() as records:
        await news_decisions.follow_up(records, [(concert.id, "uk", 0)], now=clock.now())
