"""People by the thousand or the million, and something to send them. Made set-wise."""

from datetime import UTC, date, datetime

from sqlalchemy import BigInteger, String, case, insert, literal, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bench.wording import LEAD, TITLE
from bot.core import campaigns, news, news_decisions
from bot.core.ids import new_id
from bot.core.ledger import Kind
from bot.core.news import NewsItem, NewsState, Origin, Translation
from bot.core.news_identity import identity_keys
from bot.core.people import ALL_TOPICS, Language
from bot.core.ports import Clock
from storage import address
from storage.store import Database
from storage.tables import Instant, follows, persons

BORN = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = "bench"


async def populate(url: str, first_chat: int, count: int, *, follow: bool = True) -> None:
    """Persons with the Telegram ids from `first_chat` on, in the languages of bench.wording.

    Their rows' ids are the Telegram ids: small, so they meet none that the bot makes.
    """
    if not count:
        return
    numbers = select(literal(first_chat, BigInteger).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < first_chat + count - 1))
    language = case((numbers.c.n % 2 == 0, Language.DE.value), else_=Language.UK.value)
    people = select(numbers.c.n, numbers.c.n, language, literal(BORN, Instant))
    topics = select(numbers.c.n, literal(ALL_TOPICS, String))
    engine = create_async_engine(address.parse(url), poolclass=NullPool)
    async with engine.begin() as connection:
        names = ["id", "telegram_id", "language", "created_at"]
        await connection.execute(insert(persons).from_select(names, people))
        if follow:
            await connection.execute(insert(follows).from_select(["person_id", "topic"], topics))
        if engine.dialect.name == "postgresql":  # as its autovacuum would a minute later
            await connection.execute(text("ANALYZE persons, follows"))
    await engine.dispose()


async def campaign(store: Database, clock: Clock) -> int:
    """Releases an item, translated, to everyone who follows; how many ledger rows that made."""
    now = clock.now()
    item = _item(now)
    keys = identity_keys(SOURCE, guid=str(item.id), url=item.url, title=item.title, day=None)
    async with store.transaction() as records:
        await news.keep(records, item, keys, list(Language), now)
        await records.set_translation(_translated(item), at=now)
    await news_decisions.release(store, item.id, actor_id=None, clock=clock)
    while await campaigns.tend(store, clock):
        pass
    made = await campaigns.progress_of(store, Kind.NEWS, item.id)
    return sum(made.counts.values()) if made else 0


def _item(now: datetime) -> NewsItem:
    number = new_id()
    return NewsItem(
        id=number,
        source=SOURCE,
        url=f"https://example.org/news/{number}",
        title=TITLE["de"],
        lead=LEAD["de"],
        language="de",
        published_on=date(2026, 6, 1),
        dated_at=now,
        state=NewsState.FOUND,
        notify=True,
        topics=(),
    )


def _translated(item: NewsItem) -> Translation:
    return Translation(
        item.id,
        Language.UK,
        TITLE["uk"],
        LEAD["uk"],
        Origin.MACHINE,
        version=1,
        attempts=1,
    )
