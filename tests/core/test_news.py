"""News: kept once, released once, to those who want it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.core import news, news_decisions, people
from bot.core.news import NewsState
from bot.core.news_decisions import Told
from bot.core.people import Language, Person
from storage.store import Database
from tests.builders import item, kept, keys_of, met, released
from tests.clock import StoppedClock
from tests.rows import rows, states


async def test_an_item_is_stored_with_a_translation_to_come_for_each_other_language(
    store: Database, clock: StoppedClock
) -> None:
    german = await kept(store, clock, item(language="de", topics=("aid", "youth")))

    (translation,) = await rows(store, "translations")
    async with store.reading() as records:
        stored = await records.news_item(german.id)
    assert stored == german
    assert (translation["language"], translation["due_at"]) == ("uk", clock.now())


async def test_an_item_in_a_third_language_waits_for_both_translations(
    store: Database, clock: StoppedClock
) -> None:
    await kept(store, clock, item(language="pl"))

    found = await rows(store, "translations")
    assert {row["language"] for row in found} == {"de", "uk"}


async def test_the_same_article_found_by_several_at_once_is_stored_once(
    store: Database, clock: StoppedClock
) -> None:
    found = [item("Konzert am Hafen", url="https://example.org/konzert") for _ in range(6)]

    async with asyncio.TaskGroup() as group:
        for one in found:
            group.create_task(kept(store, clock, one, guid="g1"))

    assert len(await rows(store, "news")) == 1
    assert len(await rows(store, "news_keys")) == 3


async def test_whoever_finds_an_article_again_is_told_which_it_was(
    store: Database, clock: StoppedClock
) -> None:
    first = await kept(store, clock, item("Konzert am Hafen"))
    again = item("Konzert am Hafen")

    async with store.transaction() as records:
        known = await news.keep(records, again, keys_of(again), (), clock.now())

    assert known == first.id


async def _pauses(store: Database, someone: Person, clock: StoppedClock) -> None:
    await people.pause(store, someone.id, clock.now() + timedelta(days=1))


async def _stops(store: Database, someone: Person, clock: StoppedClock) -> None:
    await people.stop(store, someone.id, clock)


async def _blocks(store: Database, someone: Person, clock: StoppedClock) -> None:
    await people.note_blocked(store, someone.telegram_id, clock)


async def _follows_something_else(store: Database, someone: Person, _: StoppedClock) -> None:
    await people.follow(store, someone.id, frozenset({"culture"}))


@pytest.mark.parametrize("leaves", [_pauses, _stops, _blocks, _follows_something_else])
async def test_who_wants_no_message_is_not_told(
    store: Database,
    clock: StoppedClock,
    leaves: Callable[[Database, Person, StoppedClock], Awaitable[None]],
) -> None:
    someone = await met(store, clock, 1001)
    await leaves(store, someone, clock)
    youth = await kept(store, clock, item(topics=("youth",)))

    told = await news_decisions.release(store, youth.id, actor_id=None, clock=clock)

    assert told == Told(0)
    assert await states(store) == []


async def test_each_follower_is_told_once_however_many_topics_fit(
    store: Database, clock: StoppedClock
) -> None:
    by_two_topics = await met(store, clock, 1, topics=frozenset({"youth", "aid"}))
    by_all = await met(store, clock, 2)
    german_reader = await met(store, clock, 3, language=Language.DE, topics=frozenset({"aid"}))
    pause_is_over = await met(store, clock, 4)
    await people.pause(store, pause_is_over.id, clock.now())
    await met(store, clock, 5, language=None)
    both = await kept(store, clock, item(topics=("youth", "aid")))

    told = await news_decisions.release(store, both.id, actor_id=None, clock=clock)

    ledger = await rows(store, "deliveries")
    followers = {by_two_topics.id, by_all.id, german_reader.id, pause_is_over.id}
    assert told == Told(4)
    assert {row["person_id"] for row in ledger} == followers
    (campaign,) = await rows(store, "campaigns")
    assert {row["campaign_id"] for row in ledger} == {campaign["id"]}
    assert campaign["not_after"] == clock.now() + news_decisions.NEWS_KEEPS
    assert {(row["state"], row["kind"], row["subject"]) for row in ledger} == {
        ("pending", "news", both.id)
    }


async def test_an_item_without_a_topic_reaches_those_who_follow_everything(
    store: Database, clock: StoppedClock
) -> None:
    by_all = await met(store, clock, 1)
    await met(store, clock, 2, topics=frozenset({"youth"}))

    await released(store, clock, item(topics=()))

    assert [row["person_id"] for row in await rows(store, "deliveries")] == [by_all.id]


async def test_a_silent_item_is_released_and_nobody_is_told(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    silent = await kept(store, clock, item(notify=False))

    told = await news_decisions.release(store, silent.id, actor_id=None, clock=clock)

    assert told == Told(0)
    assert await states(store) == []
    assert [row["state"] for row in await rows(store, "news")] == ["released"]


@pytest.mark.parametrize("notify", [True, False])
async def test_a_coordinator_may_decide_otherwise_about_telling(
    store: Database, clock: StoppedClock, *, notify: bool
) -> None:
    await met(store, clock)
    held = await kept(store, clock, item(notify=not notify, state=NewsState.HELD))

    told = await news_decisions.release(store, held.id, actor_id=7, clock=clock, notify=notify)

    assert told == Told(int(notify))
    assert [row["notify"] for row in await rows(store, "news")] == [notify]
