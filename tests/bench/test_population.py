import re
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import func, select

from bench.database import filesystem_of
from bench.peers.workers import FIRST_CHAT, Job
from bench.population import _item, _translated, campaign, populate
from bench.running import TOKEN, ran
from bench.sink import process
from bench.sink.rules import Rules
from bench.wording import message_to
from bot.core import people
from bot.core.news import reading_of
from bot.core.people import Language
from handlers.views import news
from locales.texts import Texts
from storage.store import Database
from storage.tables import persons
from tests.clock import NOON, StoppedClock

LINK = re.compile(r"/news/\d+")


async def test_everyone_who_follows_gets_the_campaign(
    store: Database, database_url: str, clock: StoppedClock
) -> None:
    await populate(database_url, FIRST_CHAT, 1_000)
    await populate(database_url, 1, 10, follow=False)

    recipients = await campaign(store, clock)

    async with store.reading() as records:
        german = await records._connection.scalar(
            select(func.count()).where(persons.c.language == "de")
        )
        counts = await records.ledger()
    assert recipients == 1_000
    assert german == 505
    assert counts == {("news", "pending"): 1_000}


async def test_the_bot_can_meet_newcomers_beside_them(
    store: Database, database_url: str, clock: StoppedClock
) -> None:
    await populate(database_url, FIRST_CHAT, 1)

    newcomer = await people.meet(store, 7, clock)
    known = await people.meet(store, FIRST_CHAT, clock)

    assert newcomer.topics == frozenset()
    assert known.topics == {people.ALL_TOPICS}


async def test_our_engine_sends_everything_once() -> None:
    async with process.running() as sink:
        await sink.rule(TOKEN, Rules())

        result = await ran("bench.ours", Job(sink.url, TOKEN, 20, 8, warm_up=4))

        log = await sink.log(TOKEN)
    assert (result.sent, result.lost) == (20, 0)
    assert len(list(log.accepted())) == 24


def test_the_kernel_says_on_what_a_folder_lies() -> None:
    assert filesystem_of(Path("/proc/self")) == "proc"


def test_peers_send_the_same_words_as_our_engine(texts: Mapping[Language, Texts]) -> None:
    item = _item(NOON)
    for chat, language in ((FIRST_CHAT, Language.UK), (FIRST_CHAT + 1, Language.DE)):
        reading = reading_of(item, _translated(item), language)

        ours = news.item(reading, texts[language], {}).text

        assert LINK.sub("", ours) == LINK.sub("", message_to(chat))
