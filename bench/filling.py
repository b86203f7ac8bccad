"""A program: makes a campaign's rows for very many people, and claims some of them.

Two databases are open, one of a thousand people and one of a million. The small one warms up; then
claims are made in both by turns, so that neither has the quieter moments.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import pairwise

from bench import memory
from bench.population import prepared
from bot.clock import SystemClock
from bot.core import campaigns, news_decisions
from bot.core.delivery import Settled
from bot.core.ids import new_id
from bot.core.ledger import DeliveryState, Kind, Settlement
from storage.sealing import Seal, new_key
from storage.store import Database

CLOCK = SystemClock()
AT_ONCE = 100
WARM_UP = 10  # claims
LEASE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Task:
    """Addresses of migrated databases with people in them, and how often to claim in each."""

    few: str
    many: str
    claims: int


@dataclass(frozen=True, slots=True)
class Filled:
    rows: int  # among the many
    seconds: float
    slowest_chunk: float  # seconds that others who want to write wait at most
    growth: float  # MB, from before to the highest point
    claim_of_few: float  # seconds, median
    claim_of_many: float


async def main(task: Task) -> Filled:
    seal = Seal([new_key()])
    async with AsyncExitStack() as stack:
        few = await stack.enter_async_context(Database(task.few, seal))
        many = await stack.enter_async_context(Database(task.many, seal))
        await _filled(few, await prepared(few, CLOCK))
        await _claimed(few, WARM_UP)
        item = await prepared(many, CLOCK)
        before = memory.resident()
        memory.forget_peak()
        chunks = await _filled(many, item)
        growth = memory.peak() - before
        made = await campaigns.progress_of(many, Kind.NEWS, item)
        await _claimed(many, WARM_UP)
        turns = [(await _claimed(few), await _claimed(many)) for _ in range(task.claims)]
    return Filled(
        rows=made.open if made else 0,
        seconds=sum(chunks),
        slowest_chunk=max(chunks),
        growth=growth,
        claim_of_few=statistics.median(of_few for of_few, _ in turns),
        claim_of_many=statistics.median(of_many for _, of_many in turns),
    )


async def _filled(store: Database, item: int) -> Sequence[float]:
    """Seconds for the release, which makes the first chunk, and for each step after it."""
    began = time.perf_counter()
    await news_decisions.release(store, item, actor_id=new_id(), clock=CLOCK)
    ends = [time.perf_counter()]
    while await campaigns.tend(store, CLOCK):
        ends.append(time.perf_counter())
    return [end - start for start, end in pairwise([began, *ends])]


async def _claimed(store: Database, times: int = 1) -> float:
    """Seconds of the last claim. Its rows go back behind all others, so that each claim finds
    some that were not touched a moment ago.
    """
    seconds = 0.0
    for _ in range(times):
        began, now = time.perf_counter(), CLOCK.now()
        async with store.transaction() as records:
            parcels = await records.claim_due(now, AT_ONCE, owners=(), leased_until=now + LEASE)
        seconds = time.perf_counter() - began
        back = Settlement(DeliveryState.PENDING, due_at=CLOCK.now())
        async with store.transaction() as records:
            await records.settle([Settled(one, back) for one in parcels], now=CLOCK.now())
        if len(parcels) != AT_ONCE:
            raise RuntimeError(f"{len(parcels)} rows were claimed")
    return seconds


if __name__ == "__main__":
    filled = asyncio.run(main(Task(**json.loads(sys.argv[1]))))
    sys.stdout.write(json.dumps(asdict(filled)) + "\n")
