"""People by the thousand or the million, and something to send them. Made set-wise."""

from datetime import UTC, date, datetime

from sqlalchemy import BigInteger, Integer, String, case, func, insert, literal, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.core import news
from bot.core.ids import new_id
from bot.core.news import NewsItem, NewsState, Origin, Told, Translation
from bot.core.news_identity import identity_keys
from bot.core.people import ALL_TOPICS, Language
from bot.core.ports import Clock
from storage import address
from storage.store import Database
from storage.tables import Instant, follows, persons

BORN = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = "bench"


async def populate(url: str, first_chat: int, count: int, *, follow: bool = True) -> None:
    """Persons with the Telegram ids from `first_chat` on; half read German, half Ukrainian.

    Their rows' ids are the Telegram ids: small, so they meet none that the bot makes.
    """
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
    told = await news.release(store, item.id, actor_id=None, clock=clock)
    return told.recipients if isinstance(told, Told) else 0


async def persons_in(url: str) -> int:
    engine = create_async_engine(address.parse(url), poolclass=NullPool)
    async with engine.connect() as connection:
        found = await connection.scalar(select(func.count(persons.c.id).cast(Integer)))
    await engine.dispose()
    return found or 0


def _item(now: datetime) -> NewsItem:
    number = new_id()
    return NewsItem(
        id=number,
        source=SOURCE,
        url=f"https://example.org/news/{number}",
        title="Sommerfest der Städtepartnerschaft im Westfalenpark",
        lead="Die Familien aus Dortmund und Zhytomyr treffen sich am Samstag um 15 Uhr am Eingang "
        "Florianstraße. Es gibt Musik, Spiele für Kinder und etwas zu essen.\n\n"
        "Bitte bringen Sie Decken mit. Bei Regen findet das Fest in der Halle statt.",
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
        "Літнє свято партнерства міст у Вестфаленпарку",
        "Родини з Дортмунда та Житомира зустрічаються в суботу о 15:00 біля входу з "
        "Флоріанштрасе. Буде музика, ігри для дітей та частування.\n\n"
        "Візьміть із собою, будь ласка, пледи. Якщо піде дощ, свято відбудеться в залі.",
        Origin.MACHINE,
        version=1,
        attempts=1,
    )
