"""How late an event loop is: what somebody would wait who came at any millisecond."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

EVERY = 0.001  # seconds


class Ticks:
    """One was due each millisecond; a stall makes all of them late that fell into it."""

    def __init__(self) -> None:
        self.late: list[float] = []  # seconds, in the order in which they were due

    async def count(self) -> None:
        due = time.perf_counter() + EVERY
        while True:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            now = time.perf_counter()
            while due <= now:
                self.late.append(now - due)
                due += EVERY


@asynccontextmanager
async def ticking() -> AsyncIterator[Ticks]:
    """Counts until the end of the block."""
    ticks = Ticks()
    async with asyncio.TaskGroup() as group:
        counting = group.create_task(ticks.count())
        await asyncio.sleep(0)
        yield ticks
        await asyncio.sleep(2 * EVERY)  # what kept the loop until the end is counted, too
        counting.cancel()
