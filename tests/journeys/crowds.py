"""Many readers at once, and what became of what was sent to them."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable

from bot.app import Parts
from bot.core.news import NewsItem, NewsState
from bot.core.people import Language
from storage.store import Database
from tests.builders import item, kept, met, released
from tests.people import Desk, Person
from tests.seen import Json

PATIENCE = 20.0
LOOK = 0.05  # seconds between two looks


async def strangers(desk: Desk, count: int) -> list[Person]:
    """People who once began the chat. Before the bot starts: nobody answers."""
    each = [await desk.invite(f"Reader {number}") for number in range(count)]
    for someone in [*each, desk.anna, desk.olena, desk.juergen]:
        await someone.says("/start")
    await desk.world.delete("updates", bot=desk.id)
    return each


async def become_readers(parts: Parts, people: Iterable[Person]) -> None:
    """They chose Ukrainian and all topics long ago."""
    for someone in people:
        await met(parts.database, parts.clock, someone.id)


async def becomes_coordinator(parts: Parts, anna: Person, language: Language) -> None:
    """An owner who gets no news herself."""
    await met(parts.database, parts.clock, anna.id, language=language, topics=frozenset())


async def releases(parts: Parts, title: str) -> NewsItem:
    """As the command line does, beside the running bot."""
    written = item(title, language="uk")
    return await released(parts.database, parts.clock, written, targets=())


async def holds_back(parts: Parts, title: str) -> NewsItem:
    held = item(title, language="uk", state=NewsState.HELD)
    return await kept(parts.database, parts.clock, held, targets=())


async def ledger(store: Database, kind: str = "news") -> Counter[str]:
    """Rows of this kind by state."""
    async with store.reading() as records:
        found = await records.ledger()
    return Counter({state: count for (of, state), count in found.items() if of == kind})


async def until(true: Callable[[], Awaitable[bool]], patience: float = PATIENCE) -> None:
    async with asyncio.timeout(patience):
        while True:
            if await true():
                return
            await asyncio.sleep(LOOK)


async def settled(store: Database, count: int, kind: str = "news") -> Counter[str]:
    """When so many rows are there and none is open."""

    async def done() -> bool:
        found = await ledger(store, kind)
        return found.total() == count and not found["pending"] + found["claimed"]

    await until(done)
    return await ledger(store, kind)


async def copies(person: Person, title: str) -> int:
    return sum(title in message.text for message in await person.messages() if message.from_bot)


async def sent(desk: Desk, title: str) -> list[Json]:
    """Calls that carried this text, oldest first."""
    return [call for call in await desk.calls("sendMessage") if title in call["params"]["text"]]
