"""Small builders with defaults: a test names only what it is about."""

import base64
import itertools
from datetime import datetime, timedelta

from bot.core import news, news_decisions, people
from bot.core.ids import new_id
from bot.core.news import NewsItem, NewsRecords, NewsState
from bot.core.news_decisions import DecisionRecords
from bot.core.news_entry import Entry
from bot.core.news_identity import identity_keys
from bot.core.partnership import City, CityName, Contact, Partnership, Topic
from bot.core.people import Language, PeopleRecords, Person
from bot.core.ports import Store
from bot.core.sources import Source
from tests.clock import NOON, StoppedClock

ENCRYPTION_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.urlsafe_b64encode(bytes(range(32, 64))).decode()
TOPICS = ("youth", "culture", "aid")
BOTH = (Language.DE, Language.UK)

_numbers = itertools.count(1)


def person(
    telegram_id: int = 1001,
    *,
    language: Language | None = Language.UK,
    topics: frozenset[str] = frozenset(),
    paused_until: datetime | None = None,
    stopped_at: datetime | None = None,
    blocked_at: datetime | None = None,
) -> Person:
    return Person(new_id(), telegram_id, language, topics, paused_until, stopped_at, blocked_at)


def item(
    title: str = "",
    *,
    lead: str = "Die Familien treffen sich im Park.",
    language: str = "de",
    state: NewsState = NewsState.FOUND,
    topics: tuple[str, ...] = ("youth",),
    dated_at: datetime = NOON,
    notify: bool = True,
    url: str | None = None,
    source: str = "city",
) -> NewsItem:
    """Each with a title of its own unless one is given."""
    return NewsItem(
        id=new_id(),
        source=source,
        url=url,
        title=title or f"Sommerfest im Westfalenpark {next(_numbers)}",
        lead=lead,
        language=language,
        published_on=dated_at.date(),
        dated_at=dated_at,
        state=state,
        notify=notify,
        topics=topics,
    )


def keys_of(kept: NewsItem, guid: str | None = None) -> tuple[str, ...]:
    return identity_keys(
        kept.source, guid=guid, url=kept.url, title=kept.title, day=kept.published_on
    )


def entry(
    title: str = "",
    *,
    guid: str = "",
    url: str | None = None,
    text: str = "Dortmund und Zhytomyr feiern zusammen.",
    language: str | None = "de",
    published_at: datetime | None = NOON - timedelta(hours=1),
) -> Entry:
    number = next(_numbers)
    return Entry(
        guid=guid or f"guid-{number}",
        url=url or f"https://example.org/news/{number}",
        title=title or f"Dortmund grüßt Zhytomyr {number}",
        text=text,
        language=language,
        published_at=published_at,
    )


def source(
    source_id: str = "city",
    *,
    publishes: bool = True,
    about_all: bool = False,
    every: timedelta = timedelta(minutes=15),
) -> Source:
    return Source(
        id=source_id,
        name={"de": "Stadt", "uk": "Місто"},
        url=f"https://example.org/{source_id}.xml",
        language="de",
        zone="Europe/Berlin",
        every=every,
        publishes=publishes,
        about_all=about_all,
        names_city="",
    )


def partnership() -> Partnership:
    return Partnership(
        names={"de": "Brückenbot", "uk": "Бот-місток"},
        zone="Europe/Berlin",
        partner_zone="Europe/Kyiv",
        home=_city("dortmund", "Dortmund", "Дортмунд"),
        partner=_city("zhytomyr", "Zhytomyr", "Житомир"),
        topics=(
            Topic("youth", {"de": "Jugend", "uk": "Молодь"}, {"de": ("Jugend*", "Ferien*")}),
            Topic("culture", {"de": "Kultur", "uk": "Культура"}, {"de": ("Konzert*",)}),
            Topic("aid", {"de": "Hilfe", "uk": "Допомога"}, {"de": ("Hilfsgüter*",)}),
        ),
        contact=Contact(),
    )


async def met(
    store: Store[PeopleRecords],
    clock: StoppedClock,
    telegram_id: int = 1001,
    *,
    language: Language | None = Language.UK,
    topics: frozenset[str] = frozenset({people.ALL_TOPICS}),
) -> Person:
    """Someone who has begun the chat, chosen a language and topics."""
    newcomer = await people.meet(store, telegram_id, clock)
    if language is not None:
        await people.choose_language(store, newcomer.id, language)
    await people.follow(store, newcomer.id, topics)
    return await people.meet(store, telegram_id, clock)


async def crowd(store: Store[PeopleRecords], clock: StoppedClock, count: int) -> None:
    """Readers of Ukrainian with the Telegram ids 0, 1, 2 …, who follow everything."""
    async with store.transaction() as records:
        for number in range(count):
            reader = person(number)
            await records.add_person(reader, at=clock.now())
            await records.set_language(reader.id, Language.UK)
            await records.set_topics(reader.id, frozenset({people.ALL_TOPICS}))


async def kept(
    store: Store[NewsRecords],
    clock: StoppedClock,
    news_item: NewsItem,
    *,
    targets: tuple[Language, ...] = BOTH,
    guid: str | None = None,
) -> NewsItem:
    """The item as it stands in the store."""
    async with store.transaction() as records:
        await news.keep(records, news_item, keys_of(news_item, guid), targets, clock.now())
    return news_item


async def released(
    store: Store[DecisionRecords],
    clock: StoppedClock,
    news_item: NewsItem | None = None,
    *,
    targets: tuple[Language, ...] = BOTH,
) -> NewsItem:
    """An item that has been stored and released to its followers."""
    known = await kept(store, clock, news_item or item(), targets=targets)
    await news_decisions.release(store, known.id, actor_id=None, clock=clock)
    return known


def _city(city_id: str, latin: str, cyrillic: str) -> City:
    return City(
        id=city_id,
        spellings=(f"{latin}*", f"{cyrillic}*"),
        not_these=(),
        forms={"de": CityName(latin), "uk": CityName(cyrillic), "en": CityName(latin)},
    )
