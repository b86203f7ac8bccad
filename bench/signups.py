"""signups: 500 families at once for 40 places, and what it costs that none is wronged.

On both databases, in turn and in the same run: a bare insert-and-commit of the same row, and the
real use case. Beside them what is often written instead (`counting.py`), once with a pool of
connections, once with a single one that all share.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, insert, select

from bench import counting
from bench.arrivals import percentile
from bench.database import on_disk, on_postgres
from bench.report import Bar, line
from bot.clock import SystemClock
from bot.core.activities.receipts import Answer
from bot.core.activities.sign_up import Request, Wish, sign_up
from bot.core.activities.turn import Errand
from bot.core.activities.values import (
    Activity,
    ActivityKind,
    ActivityState,
    Mode,
    Participant,
    Slot,
)
from bot.core.ids import new_id, new_reference
from storage.sealing import Seal, new_key
from storage.store import Database
from storage.tables import sign_ups
from tests.postgres import NoPostgres

PLACES = 40
FAMILIES, QUICK_FAMILIES = 500, 100
ROUNDS, QUICK_ROUNDS = 5, 1
OF_BARE = 0.25
DATABASES: Mapping[str, Callable[[], AbstractAsyncContextManager[str]]] = {
    "SQLite": on_disk,
    "PostgreSQL": on_postgres,
}


@dataclass(frozen=True, slots=True)
class Round:
    """Rates are families a second."""

    bare: float  # one after the other, as sign-ups of one activity have to be
    bare_at_once: float
    ours: float
    waits: Sequence[float]  # seconds, of each family
    accepted: int
    stored: int
    errors: int
    changed: int  # by the same requests once more
    pooled: int  # accepted where taken places are only counted
    shared: int


async def measure(*, quick: bool) -> str:
    families = QUICK_FAMILIES if quick else FAMILIES
    figures: dict[str, float] = {}
    bars: list[Bar] = []
    for name, database in DATABASES.items():
        try:
            async with database() as url:
                rounds = await _rounds(url, families, QUICK_ROUNDS if quick else ROUNDS)
        except NoPostgres as missing:
            sys.stderr.write(f"{name} is left out: {missing}\n")
            continue
        figures |= figures_of(name, rounds)
        bars += bars_of(name, rounds, families)
    return line("signups", figures, bars, quick=quick)


def figures_of(name: str, rounds: Sequence[Round]) -> Mapping[str, float]:
    """Medians; of overbooking the worst."""
    waits = [wait for one in rounds for wait in one.waits]
    told = {
        "bare a second": statistics.median(one.bare for one in rounds),
        "bare a second, all at once": statistics.median(one.bare_at_once for one in rounds),
        "ours a second": statistics.median(one.ours for one in rounds),
        "ours / bare, all at once": statistics.median(
            one.ours / one.bare_at_once for one in rounds
        ),
        "p99 seconds": percentile(waits, 99),
        "accepted by counting, pool": max(one.pooled for one in rounds),
        "accepted by counting, one connection": max(one.shared for one in rounds),
    }
    return {f"{name}: {what}": value for what, value in told.items()}


def bars_of(name: str, rounds: Sequence[Round], families: int) -> list[Bar]:
    ratio = statistics.median(one.ours / one.bare for one in rounds)
    return [
        Bar(f"ours / bare, {name}", ratio, at_least=OF_BARE, needs_length=True),
        Bar(f"most accepted, {name}", max(one.accepted for one in rounds), at_most=PLACES),
        Bar(f"least accepted, {name}", min(one.accepted for one in rounds), at_least=PLACES),
        Bar(
            f"lost or doubled, {name}",
            sum(abs(one.stored - families) for one in rounds),
            at_most=0,
        ),
        Bar(f"errors, {name}", sum(one.errors for one in rounds), at_most=0),
        Bar(f"changed by a repeat, {name}", sum(one.changed for one in rounds), at_most=0),
    ]


async def _rounds(url: str, families: int, count: int) -> list[Round]:
    await counting.make_table(url)
    async with Database(url, Seal([new_key()])) as store:
        await _ours(store, QUICK_FAMILIES)  # connections, statements, imports
        return [await _round(url, store, families) for _ in range(count)]


async def _round(url: str, store: Database, families: int) -> Round:
    bare = await _bare(store, families, at_once=False)
    bare_at_once = await _bare(store, families, at_once=True)
    ours = await _ours(store, families)
    pooled = await _counted(url, families, counting.POOL)
    shared = await _counted(url, families, 1)
    return Round(bare, bare_at_once, *ours, pooled, shared)


async def _bare(store: Database, families: int, *, at_once: bool) -> float:
    """The same row, nothing asked: what the database takes for an insert and a commit."""
    activity, slot = await _camp(store)
    now = SystemClock().now()

    async def write(number: int) -> None:
        row = {
            "id": new_id(),
            "activity_id": activity.id,
            "slot_id": slot.id,
            "once_in": activity.id,
            "unit_id": new_id(),
            "participant_id": number,
            "household_id": number,
            "reference": new_reference(),
            "quantity": 1,
            "state": "waiting",
            "priority": 0,
            "seq": number,
            "since": now,
            "created_at": now,
        }
        async with store.transaction() as records:
            await records._connection.execute(insert(sign_ups), [row])  # noqa: SLF001

    if at_once:
        seconds, _, _ = await _all_at_once(families, write)
    else:
        began = time.perf_counter()
        for number in range(families):
            await write(number)
        seconds = time.perf_counter() - began
    return families / seconds


async def _ours(
    store: Database, families: int
) -> tuple[float, Sequence[float], int, int, int, int]:
    activity, _ = await _camp(store)
    answers: dict[int, Answer] = {}

    async def apply(number: int) -> None:
        answers[number] = await _applies(store, activity, number)

    seconds, waits, errors = await _all_at_once(families, apply)
    before, first = await _counts(store, activity), dict(answers)
    _, _, errors_again = await _all_at_once(families, apply)
    after = await _counts(store, activity)
    changed = int(before != after) + sum(first.get(n) != answers.get(n) for n in range(families))
    accepted, stored = before.get("accepted", 0), sum(before.values())
    return families / seconds, waits, accepted, stored, errors + errors_again, changed


async def _applies(store: Database, activity: Activity, number: int) -> Answer:
    child = Participant(number, household_id=number)
    errand = Errand(f"{activity.id} {number}")
    return await sign_up(store, Request(activity.id, (Wish(child),), errand), SystemClock())


async def _counted(url: str, families: int, connections: int) -> int:
    camp = new_id()
    async with counting.counting(url, connections=connections) as apply:
        await _all_at_once(families, lambda number: apply(camp, number, PLACES))
    return await counting.accepted(url, camp)


async def _all_at_once(
    families: int, deed: Callable[[int], Awaitable[None]]
) -> tuple[float, Sequence[float], int]:
    """Seconds in all, seconds of each, and how many failed."""
    waits: list[float] = []
    began = time.perf_counter()

    async def one(number: int) -> bool:
        try:
            await deed(number)
        except Exception as error:  # noqa: BLE001 - whatever it is, it counts
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            return False
        waits.append(time.perf_counter() - began)
        return True

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(number)) for number in range(families)]
    seconds = time.perf_counter() - began
    return seconds, waits, sum(not task.result() for task in tasks)


async def _camp(store: Database) -> tuple[Activity, Slot]:
    now, number = SystemClock().now(), new_id()
    activity = Activity(
        number,
        ActivityKind.CAMP,
        Mode.ORDER_OF_RECEIPT,
        ActivityState.PUBLISHED,
        "Europe/Berlin",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=20),
        starts_at=now + timedelta(days=30),
        ends_at=now + timedelta(days=37),
    )
    slot = Slot(new_id(), number, 1, PLACES)
    async with store.transaction() as records:
        await records.add_activity(activity, [slot])
    return activity, slot


async def _counts(store: Database, activity: Activity) -> dict[str, int]:
    async with store.reading() as records:
        found = await records._connection.execute(  # noqa: SLF001
            select(sign_ups.c.state, func.count().label("families"))
            .where(sign_ups.c.activity_id == activity.id)
            .group_by(sign_ups.c.state)
        )
        return {row.state: row.families for row in found}
