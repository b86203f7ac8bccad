"""A program: the bot's heavy work, and beside it ticks that tell how late the event loop is.

Each kind of work runs alone first, then all at once. It is the bot's own code from the outside in:
a visit to a source, a tap on "my data" through the handlers, a release that fills the ledger.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import count

import httpx
from telegram import Update

from bench.ours import parts_of
from bench.population import prepared
from bench.running import TOKEN
from bench.sink.people import tap
from bench.ticks import ticking
from bot import app
from bot.app import Parts
from bot.core import campaigns, courtesy, news_decisions, sources
from bot.core.sources import Source
from bot.outside.language import detect_language
from bot.schedule import FeedReader
from handlers.buttons import MyData
from handlers.context import App
from handlers.handling import dispatch

IDLE = 2.0  # seconds
READER = 9_000_001  # Telegram id of who asks for the export


@dataclass(frozen=True, slots=True)
class Task:
    database: str
    telegram: str
    feed: str
    times: int  # that a feed is imported and an export made


@dataclass(frozen=True, slots=True)
class Lateness:
    """Of the event loop, by what it was doing, in milliseconds of each tick."""

    late: Mapping[str, Sequence[float]]


class Work:
    def __init__(self, task: Task, parts: Parts, bot: App, client: httpx.AsyncClient) -> None:
        self._times = task.times
        self._parts = parts
        self._bot = bot
        self._source = _source(task.feed)
        self._reader = FeedReader(client, parts.clock)
        self._updates = count(1)

    async def idle(self) -> None:
        await asyncio.sleep(IDLE)

    async def imports(self) -> None:
        for _ in range(self._times):
            await self._import()

    async def exports(self) -> None:
        for _ in range(self._times):
            await self._export()

    async def fill(self) -> None:
        store, clock = self._parts.database, self._parts.clock
        item = await prepared(store, clock)
        await news_decisions.release(store, item, actor_id=None, clock=clock)
        while await campaigns.tend(store, clock):
            pass

    async def everything(self) -> None:
        """The feed and the export again and again, until the ledger is full."""
        async with asyncio.TaskGroup() as group:
            others = [
                group.create_task(_again_and_again(one)) for one in (self._import, self._export)
            ]
            await self.fill()
            for other in others:
                other.cancel()

    async def _import(self) -> None:
        configuration = self._parts.configuration
        new = await sources.collect_due(
            self._parts.database,
            self._reader,
            [self._source],
            configuration.partnership,
            detect=detect_language,
            targets=configuration.targets,
            clock=self._parts.clock,
        )
        if not new:
            raise RuntimeError("the feed was not imported")

    async def _export(self) -> None:
        number = next(self._updates)
        update = {"update_id": number} | tap(number, READER, MyData().wire())
        await dispatch(self._bot, Update.de_json(update, self._bot.bot))


async def main(task: Task) -> Lateness:
    courtesy.take_short_turns()
    async with AsyncExitStack() as stack:
        parts = parts_of(task.database, token=TOKEN, api=task.telegram)
        await stack.enter_async_context(parts.database)
        bot = app.application(parts)
        await bot.initialize()
        stack.push_async_callback(bot.bot.shutdown)
        client = await stack.enter_async_context(httpx.AsyncClient())
        work = Work(task, parts, bot, client)
        await work.imports()  # the first time something is imported, compiled, connected
        await work.exports()
        return Lateness(
            {
                "idle": await _late(work.idle),
                "feed": await _late(work.imports),
                "export": await _late(work.exports),
                "ledger": await _late(work.fill),
                "all at once": await _late(work.everything),
            }
        )


async def _late(work: Callable[[], Awaitable[None]]) -> Sequence[float]:
    async with ticking() as ticks:
        await work()
    return [round(1000 * late, 3) for late in ticks.late]


async def _again_and_again(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await work()


def _source(feed: str) -> Source:
    return Source(
        id="bench",
        name={},
        url=feed,
        language="de",
        zone="Europe/Berlin",
        every=timedelta(0),
        publishes=False,
        about_all=False,
        names_city="",
        private_network=True,
    )


if __name__ == "__main__":
    lateness = asyncio.run(main(Task(**json.loads(sys.argv[1]))))
    sys.stdout.write(json.dumps(asdict(lateness)) + "\n")
