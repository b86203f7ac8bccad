"""How late the event loop is, and the work that the benchmark gives it."""

import asyncio
import time
from itertools import count

import pytest

from bench import loop, site
from bench.population import history, populate
from bench.ticks import ticking
from bot.core import people, privacy
from bot.outside import feeds
from storage.store import Database
from tests.clock import NOON, StoppedClock


async def test_a_stall_makes_every_tick_late_that_falls_into_it() -> None:
    async with ticking() as ticks:
        time.sleep(0.05)  # noqa: ASYNC251 - this is the stall

    late = [tick for tick in ticks.late if tick > 0.01]
    assert max(ticks.late) > 0.045
    assert len(late) >= 35


async def test_a_loop_with_nothing_to_do_is_hardly_late() -> None:
    async with ticking() as ticks:
        await asyncio.sleep(0.05)

    ticks.late.sort()
    assert len(ticks.late) >= 45
    assert ticks.late[len(ticks.late) // 2] < 0.02


def test_each_visit_finds_200_new_items() -> None:
    numbers = count(1)

    first, second = (
        feeds.parse(
            site.feed(numbers).encode(),
            source_url="https://example.org/",
            language="de",
            zone="Europe/Berlin",
            now=NOON,
        )
        for _ in range(2)
    )

    assert isinstance(first, list)
    assert isinstance(second, list)
    assert len({entry.guid for entry in [*first, *second]}) == 2 * site.ITEMS


async def test_the_history_of_a_person_is_exported(
    store: Database, database_url: str, clock: StoppedClock
) -> None:
    await populate(database_url, 7, 1)
    await history(database_url, 7, 250)

    told = await privacy.everything_about(store, await people.meet(store, 7, clock))

    assert len(told["deliveries"]) == 250
    assert len({row["subject"] for row in told["deliveries"]}) == 250


@pytest.mark.parametrize(("often", "holds"), [(2, False), (0, True)])
def test_two_late_ticks_in_a_thousand_fail(often: int, *, holds: bool) -> None:
    late = [1.0] * (1_000 - often) + [21.0] * often

    (bar,) = loop._bars({"feed": late})

    assert bar.holds is holds
