"""loop: how late the event loop is while the bot does its heaviest work.

A feed of 200 new items is imported, 10 000 rows are exported for the person who asks for them, and
a ledger of a million rows is filled: one after the other, then all at once. A tick is due each
millisecond, and a stall makes every tick late that falls into it, so the percentile is what a
person waits who taps at any moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from bench import site
from bench.arrivals import percentile
from bench.at_work import READER, Lateness, Task
from bench.database import on_disk
from bench.peers.workers import FIRST_CHAT
from bench.population import history, populate
from bench.report import Bar, line
from bench.running import TOKEN, answer
from bench.sink.process import running
from bench.sink.rules import Rules

PEOPLE, QUICK_PEOPLE = 1_000_000, 100_000
ROWS = 10_000
TIMES, QUICK_TIMES = 10, 3
LATE = 20.0  # ms
OFTEN = 99.9
PATIENCE = 300.0  # seconds


async def measure(*, quick: bool) -> str:
    people, times = (QUICK_PEOPLE, QUICK_TIMES) if quick else (PEOPLE, TIMES)
    async with running() as sink, on_disk() as database, site.serving() as feed:
        await sink.rule(TOKEN, Rules())
        await populate(database, FIRST_CHAT, people)
        await populate(database, READER, 1, follow=False)
        await history(database, READER, ROWS)
        task = Task(database, sink.url, feed, times)
        told = await answer("bench.at_work", asdict(task), within=PATIENCE)
    lateness = Lateness(**told)
    return line("loop", _figures(lateness.late), _bars(lateness.late), quick=quick)


def _figures(late: Mapping[str, Sequence[float]]) -> Mapping[str, float]:
    told: dict[str, float] = {}
    for work, ticks in late.items():
        told[f"{work}: seconds"] = len(ticks) / 1000
        told[f"{work}: p99, ms"] = percentile(ticks, 99)
        told[f"{work}: p99.9, ms"] = percentile(ticks, OFTEN)
        told[f"{work}: latest, ms"] = max(ticks)
    return told


def _bars(late: Mapping[str, Sequence[float]]) -> list[Bar]:
    return [
        Bar(f"p99.9, ms, {work}", percentile(ticks, OFTEN), at_most=LATE, needs_length=True)
        for work, ticks in late.items()
        if work != "idle"
    ]
