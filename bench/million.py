"""million: a campaign's rows for a million people, and whether their number slows the sender.

Rounds alternate between SQLite, on the disk, and PostgreSQL, where there is one. The people are
made before a program of its own (bench.filling) releases the item and fills the ledger.
"""

import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import asdict, dataclass

from bench.database import on_disk, on_postgres
from bench.filling import Filled, Task
from bench.peers.workers import FIRST_CHAT
from bench.population import populate
from bench.report import Bar, line
from bench.running import answer
from tests.postgres import NoPostgres

FEW, MANY, QUICK_MANY = 1_000, 1_000_000, 50_000
CLAIMS, QUICK_CLAIMS = 200, 20
ROUNDS = 3
GROWTH = 10.0  # MB
SLOWER = 1.3  # a claim among many, times one among few
PATIENCE = 300.0  # seconds

Place = Callable[[], AbstractAsyncContextManager[str]]


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    place: Place
    seconds: float  # bar


KINDS = (Kind("SQLite", on_disk, 5.0), Kind("PostgreSQL", on_postgres, 20.0))


async def measure(*, quick: bool) -> str:
    people = QUICK_MANY if quick else MANY
    rounds: dict[str, list[Filled]] = {}
    for _ in range(1 if quick else ROUNDS):
        for kind in KINDS:
            try:
                filled = await _filled(kind.place, people, QUICK_CLAIMS if quick else CLAIMS)
            except NoPostgres as missing:
                sys.stderr.write(f"{kind.name} is not measured: {missing}\n")
                continue
            rounds.setdefault(kind.name, []).append(filled)
    measured = [(kind, rounds[kind.name]) for kind in KINDS if kind.name in rounds]
    figures: dict[str, float] = {}
    bars: list[Bar] = []
    for kind, runs in measured:
        figures |= _figures(kind, runs)
        bars += _bars(kind, runs, people)
    return line("million", figures, bars, quick=quick)


async def _filled(place: Place, people: int, claims: int) -> Filled:
    async with AsyncExitStack() as stack:
        few, many = [await stack.enter_async_context(place()) for _ in range(2)]
        await populate(few, FIRST_CHAT, FEW)
        await populate(many, FIRST_CHAT, people)
        told = await answer("bench.filling", asdict(Task(few, many, claims)), within=PATIENCE)
    return Filled(**told)


def _figures(kind: Kind, runs: Sequence[Filled]) -> Mapping[str, float]:
    told = {
        "seconds to fill": statistics.median(run.seconds for run in runs),
        "slowest chunk, ms": 1000 * max(run.slowest_chunk for run in runs),
        "claim among few, ms": 1000 * statistics.median(run.claim_of_few for run in runs),
        "claim among many, ms": 1000 * statistics.median(run.claim_of_many for run in runs),
    }
    return {f"{kind.name}: {name}": value for name, value in told.items()}


def _bars(kind: Kind, runs: Sequence[Filled], people: int) -> list[Bar]:
    seconds = statistics.median(run.seconds for run in runs)
    slower = statistics.median(run.claim_of_many / run.claim_of_few for run in runs)
    missing = max(abs(people - run.rows) for run in runs)
    growth = max(run.growth for run in runs)
    return [
        Bar(f"{kind.name}: s to fill", seconds, at_most=kind.seconds, needs_length=True),
        Bar(f"{kind.name}: rows missing", missing, at_most=0),
        Bar(f"{kind.name}: memory growth, MB", growth, at_most=GROWTH),
        Bar(f"{kind.name}: claim, many / few", slower, at_most=SLOWER, needs_length=True),
    ]
