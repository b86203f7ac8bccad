"""Filling a ledger for many, step by step, and what the benchmark says of it."""

from bench import memory, million
from bench.filling import Filled, Task, main
from bench.population import populate, prepared
from bot.core.campaigns import Campaign
from bot.core.ids import new_id
from bot.core.ledger import Kind, Lane
from storage.store import Database
from tests.clock import NOON, StoppedClock
from tests.rows import rows

READER = 5_000_001
RUN = Filled(1_000, 4.0, 0.1, 2.0, 0.010, 0.012)


async def test_steps_of_a_campaign_reach_everyone_once(
    store: Database, database_url: str, clock: StoppedClock
) -> None:
    await populate(database_url, READER, 250)
    await populate(database_url, 1, 10, follow=False)
    item = await prepared(store, clock)
    wanted = Campaign(new_id(), Kind.NEWS, item, 0, Lane.NEWS, None, NOON)

    async with store.transaction() as records:
        campaign = await records.open_campaign(wanted, now=NOON)
        steps = [await records.fill(campaign, persons_at_once=100, now=NOON) for _ in range(3)]

    made = [row["person_id"] for row in await rows(store, "deliveries")]
    assert [step.rows for step in steps] == [90, 100, 60]
    assert [step.complete for step in steps] == [False, False, True]
    assert sorted(made) == list(range(READER, READER + 250))


async def test_filling_tells_what_it_made(database_url: str) -> None:
    await populate(database_url, READER, 300)

    filled = await main(Task(database_url, database_url, claims=2))

    assert filled.rows == 300
    assert 0 < filled.slowest_chunk <= filled.seconds
    assert min(filled.claim_of_few, filled.claim_of_many) > 0


def test_the_peak_of_memory_is_that_of_what_follows() -> None:
    memory.forget_peak()
    before = memory.resident()

    block = bytearray(20_000_000)

    assert memory.peak() - before > 15
    assert len(block) == 20_000_000


def test_one_row_missing_fails() -> None:
    kind = million.KINDS[0]

    whole = million._bars(kind, [RUN], people=1_000)
    short = million._bars(kind, [RUN], people=1_001)

    assert all(bar.holds for bar in whole)
    assert [bar.name for bar in short if not bar.holds] == ["SQLite: rows missing"]
