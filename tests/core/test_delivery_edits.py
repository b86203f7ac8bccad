"""A translation that arrives late takes the place of the original that went out."""

from datetime import timedelta

from bot.core import news_decisions, people, translation
from bot.core.ledger import (
    InDoubt,
    Kind,
    NothingThere,
    Refused,
    Unreachable,
)
from bot.core.news import NewsItem, NewsState, Origin
from bot.core.people import Language
from storage.store import Database
from tests.builders import item, met, released
from tests.clock import StoppedClock
from tests.engines import Dictionary
from tests.post import Post, deliver_due
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


async def _concert(store: Database, clock: StoppedClock) -> NewsItem:
    concert = item("Konzert", lead="Um acht.", state=NewsState.HELD)
    return await released(store, clock, concert)


async def _follow_up(store: Database, clock: StoppedClock, concert: NewsItem) -> None:
    async with store.transaction() as records:
        await news_decisions.follow_up(records, [(concert.id, "uk", 0)], now=clock.now())
