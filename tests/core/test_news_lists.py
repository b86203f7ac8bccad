"""News in order: what is ready, what is held, what is the latest."""

from datetime import timedelta

from bot.core import news, news_decisions, translation
from bot.core.news import NewsState, Origin
from bot.core.people import ALL_TOPICS, Language
from storage.store import Database
from tests.builders import item, kept, met, released
from tests.clock import NOON, StoppedClock
from tests.engines import Broken, Dictionary
from tests.rows import rows, states

EVERYTHING = frozenset({ALL_TOPICS})


async def test_an_item_waits_until_each_translation_has_been_tried(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    await kept(store, clock, item())

    too_early = await news_decisions.release_ready(store, clock)
    await translation.translate_due(store, [Dictionary()], clock)
    ready = await news_decisions.release_ready(store, clock)
    over = await news_decisions.release_ready(store, clock)

    assert (too_early, ready, over) == (0, 1, 0)
    assert await states(store) == ["pending"]


async def test_an_item_waits_for_the_second_language_too(
    store: Database, clock: StoppedClock
) -> None:
    polish = await kept(store, clock, item(language="pl"))
    async with store.transaction() as records:
        tried = news.Translation(polish.id, Language.DE)
        await records.postpone_translation(tried, due_at=clock.now(), attempts=1)

    half = await news_decisions.release_ready(store, clock)
    await translation.translate_due(store, [Broken()], clock)

    assert (half, await news_decisions.release_ready(store, clock)) == (0, 1)


async def test_an_item_does_not_wait_for_a_translation_that_failed(
    store: Database, clock: StoppedClock
) -> None:
    await kept(store, clock, item())

    await translation.translate_due(store, [Broken()], clock)

    assert await news_decisions.release_ready(store, clock) == 1


async def test_what_needs_no_translation_is_ready_at_once(
    store: Database, clock: StoppedClock
) -> None:
    await kept(store, clock, item(), targets=(Language.DE,))

    assert await news_decisions.release_ready(store, clock) == 1


async def test_what_a_source_holds_is_never_released_by_itself(
    store: Database, clock: StoppedClock
) -> None:
    await kept(store, clock, item(state=NewsState.HELD), targets=())

    assert await news_decisions.release_ready(store, clock) == 0
    assert [row["state"] for row in await rows(store, "news")] == ["held"]


async def test_the_newest_come_first_page_by_page(store: Database, clock: StoppedClock) -> None:
    titles = [f"Meldung {number}" for number in range(5)]
    for age, title in enumerate(titles):
        await released(store, clock, item(title, dated_at=NOON - timedelta(days=age)))

    first = await news.latest(store, EVERYTHING, Language.DE, skip=0, limit=3)
    second = await news.latest(store, EVERYTHING, Language.DE, skip=3, limit=3)

    assert [reading.title for reading in first] == titles[:3]
    assert [reading.title for reading in second] == titles[3:]


async def test_items_of_one_moment_keep_their_order(store: Database, clock: StoppedClock) -> None:
    for _ in range(4):
        await released(store, clock)

    one_by_one = [
        (await news.latest(store, EVERYTHING, Language.DE, skip=place, limit=1))[0].item.id
        for place in range(4)
    ]

    assert one_by_one == sorted(one_by_one, reverse=True)


async def test_only_topics_asked_for_are_listed_each_item_once(
    store: Database, clock: StoppedClock
) -> None:
    both = await released(store, clock, item(topics=("youth", "aid")))
    await released(store, clock, item(topics=("culture",)))
    await released(store, clock, item(topics=()))

    found = await news.latest(store, frozenset({"youth", "aid"}), Language.DE, skip=0, limit=9)

    assert [reading.item.id for reading in found] == [both.id]
    assert found[0].item.topics == ("aid", "youth")
    assert await news.latest(store, frozenset(), Language.DE, skip=0, limit=9) == []


async def test_what_is_held_found_or_dropped_is_not_listed(
    store: Database, clock: StoppedClock
) -> None:
    await kept(store, clock, item())
    held = await kept(store, clock, item(state=NewsState.HELD))
    dropped = await kept(store, clock, item(state=NewsState.HELD))
    await news_decisions.reject(store, dropped.id, actor_id=7, clock=clock)

    assert await news.latest(store, EVERYTHING, Language.DE, skip=0, limit=9) == []
    found = await news.held(store, 0)
    assert found is not None
    assert (found[0], found[1][Language.DE].item) == (1, held)


async def test_held_items_are_shown_oldest_first_and_round_again(
    store: Database, clock: StoppedClock
) -> None:
    for age in (1, 3, 2):
        held = item(f"vor {age}", dated_at=NOON - timedelta(days=age), state=NewsState.HELD)
        await kept(store, clock, held)

    shown = [await news.held(store, place) for place in range(4)]

    assert [found and found[0] for found in shown] == [3, 3, 3, 3]
    assert [found and found[1][Language.DE].title for found in shown] == [
        "vor 3",
        "vor 2",
        "vor 1",
        "vor 3",
    ]


async def test_nothing_is_held_in_the_beginning(store: Database) -> None:
    assert await news.held(store, 0) is None


async def test_each_language_reads_its_own(store: Database, clock: StoppedClock) -> None:
    await kept(store, clock, item("Konzert", lead="Eintritt frei."))
    before = await news.latest(store, EVERYTHING, Language.UK, skip=0, limit=1)
    await translation.translate_due(
        store, [Dictionary({"Konzert": "Концерт", "Eintritt frei.": "Вхід вільний."})], clock
    )
    await news_decisions.release_ready(store, clock)

    german = await news.latest(store, EVERYTHING, Language.DE, skip=0, limit=1)
    ukrainian = await news.latest(store, EVERYTHING, Language.UK, skip=0, limit=1)

    assert before == []
    assert (german[0].title, german[0].origin) == ("Konzert", Origin.ORIGINAL)
    assert (ukrainian[0].title, ukrainian[0].lead) == ("Концерт", "Вхід вільний.")
    assert (ukrainian[0].origin, ukrainian[0].version) == (Origin.MACHINE, 1)


async def test_until_it_is_translated_the_original_is_read(
    store: Database, clock: StoppedClock
) -> None:
    await released(store, clock, item("Konzert"))

    (reading,) = await news.latest(store, EVERYTHING, Language.UK, skip=0, limit=1)

    assert (reading.title, reading.origin) == ("Konzert", Origin.FOLLOWS)
