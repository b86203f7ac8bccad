"""Our engine, as a program: a database, people, a campaign, and the whole durable path.

The one place where a benchmark of sending starts our side: claim, render, send, settle.
"""

import asyncio
import time
from contextlib import AsyncExitStack

from bench.database import on_disk
from bench.peers.workers import FIRST_CHAT, Job, Ran, tell, told
from bench.population import campaign, populate
from bench.running import CONFIG
from bot import app, config, settings
from bot.app import Parts
from bot.clock import SystemClock
from bot.core.ledger import OPEN, DeliveryState
from handlers.context import App
from storage.sealing import Seal, new_key
from storage.store import Database

UNPACED = 1_000_000  # messages a second: more than anybody may configure, so nothing waits
LOOK_AGAIN = 0.02  # seconds, while all that is open is due later


async def main(job: Job) -> Ran:
    """A first, small campaign is the warm-up; its readers get the measured one, too."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(on_disk())
        parts = parts_of(url, token=job.token, api=job.url, rate=job.rate)
        await stack.enter_async_context(parts.database)
        bot = app.application(parts)
        await bot.initialize()
        stack.push_async_callback(bot.bot.shutdown)
        if job.warm_up:
            await populate(url, FIRST_CHAT, job.warm_up)
            await campaign(parts.database, parts.clock)
            await deliver_all(parts, bot, job.in_flight)
        await populate(url, FIRST_CHAT + job.warm_up, job.messages - job.warm_up)
        await campaign(parts.database, parts.clock)
        began, cpu = time.perf_counter(), time.process_time()
        await deliver_all(parts, bot, job.in_flight)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        sent = await rows(parts.database, DeliveryState.SENT) - job.warm_up
    return Ran(seconds, cpu, sent, job.messages - sent)


async def deliver_all(parts: Parts, bot: App, in_flight: int) -> None:
    """Until no row is open."""
    sender = app.sender(bot, parts, in_flight=in_flight)
    while True:
        while await sender.deliver_due():
            pass
        if not await rows(parts.database, *OPEN):
            return
        await asyncio.sleep(LOOK_AGAIN)


async def rows(store: Database, *states: DeliveryState) -> int:
    """Of the ledger, in any of these states."""
    async with store.reading() as records:
        counts = await records.ledger()
    return sum(count for (_, state), count in counts.items() if state in states)


def parts_of(url: str, *, token: str, api: str, rate: int | None = None) -> Parts:
    """The database at `url`, Telegram at `api`; without a rate nothing is paced."""
    key = new_key()
    told_settings = settings.load(
        _env_file=None,
        bot_token=token,
        telegram_api_url=api,
        database_url=url,
        encryption_keys=key,
        bulk_rate=rate or 1,
    ).model_copy(update={} if rate else {"bulk_rate": UNPACED})
    store = Database(url, Seal([key]))
    return Parts(told_settings, config.load(CONFIG), store, SystemClock())


if __name__ == "__main__":
    tell(asyncio.run(main(told())))
