"""People by the thousand or the million, and something to send them. Made set-wise."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import CTE, BigInteger, Integer, String, case, insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bench.wording import LEAD, TITLE
from bot.core import campaigns, news, news_decisions
from bot.core.ids import new_id
from bot.core.ledger import DeliveryState, Kind
from bot.core.news import NewsItem, NewsState, Origin, Translation
from bot.core.news_identity import identity_keys
from bot.core.people import ALL_TOPICS, Language, Role
from bot.core.ports import Clock
from storage import address
from storage.store import Database
from storage.tables import Instant, deliveries, follows, persons, roles

BORN = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = "bench"


async def populate(url: str, first_chat: int, count: int, *, follow: bool = True) -> None:
    """Persons with the Telegram ids from `first_chat` on, in the languages of bench.wording.

    Their rows' ids are the Telegram ids: small, so they meet none that the bot makes.
    """
    if not count:
        return
    numbers = _numbers(first_chat, count)
    language = case((numbers.c.n % 2 == 0, Language.DE.value), else_=Language.UK.value)
    people = select(numbers.c.n, numbers.c.n, language, literal(BORN, Instant))
    topics = select(numbers.c.n, literal(ALL_TOPICS, String))
    async with connected(url) as connection:
        names = ["id", "telegram_id", "language", "created_at"]
        await connection.execute(insert(persons).from_select(names, people))
        if follow:
            await connection.execute(insert(follows).from_select(["person_id", "topic"], topics))
        if connection.dialect.name == "postgresql":  # as its autovacuum would a minute later
            await connection.execute(text("ANALYZE persons, follows"))


async def history(url: str, person: int, count: int) -> None:
    """Messages that this person has been sent, each about something else."""
    numbers = _numbers(1, count)
    row = {
        "kind": literal(Kind.NEWS.value, String),
        "subject": numbers.c.n,
        "version": literal(0, Integer),
        "person_id": literal(person, BigInteger),
        "state": literal(DeliveryState.SENT.value, String),
        "created_at": literal(BORN, Instant),
        "due_at": literal(BORN, Instant),
        "settled_at": literal(BORN, Instant),
        "message_id": numbers.c.n,
        "language": literal(Language.DE.value, String),
    }
    async with connected(url) as connection:
        await connection.execute(insert(deliveries).from_select(list(row), select(*row.values())))


async def appoint(url: str) -> None:
    """Everybody becomes a coordinator, so that what goes to the team goes to many."""
    ends = BORN + timedelta(days=36_500)
    named = {
        "person_id": persons.c.id,
        "role": literal(Role.COORDINATOR.value, String),
        "granted_at": literal(BORN, Instant),
        "expires_at": literal(ends, Instant),
    }
    async with connected(url) as connection:
        await connection.execute(insert(roles).from_select(list(named), select(*named.values())))


async def campaign(store: Database, clock: Clock) -> int:
    """Releases an item, translated, to everyone who follows; how many ledger rows that made."""
    item = await prepared(store, clock)
    await news_decisions.release(store, item, actor_id=None, clock=clock)
    while await campaigns.tend(store, clock):
        pass
    made = await campaigns.progress_of(store, Kind.NEWS, item)
    return sum(made.counts.values()) if made else 0


async def prepared(store: Database, clock: Clock) -> int:
    """An item, translated and not released yet."""
    now = clock.now()
    item = _item(now)
    keys = identity_keys(SOURCE, guid=str(item.id), url=item.url, title=item.title, day=None)
    async with store.transaction() as records:
        await news.keep(records, item, keys, list(Language), now)
        await records.set_translation(_translated(item), at=now)
    return item.id


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(address.parse(url), poolclass=NullPool)
    async with engine.begin() as connection:
        yield connection
    await engine.dispose()


def _numbers(first: int, count: int) -> CTE:
    numbers = select(literal(first, BigInteger).label("n")).cte("numbers", recursive=True)
    return numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < first + count - 1))


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
