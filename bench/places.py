"""places: how many of the places that become free are really used.

Our side is the engine itself (`camp.py`). Beside it, for the same families and the same freed
places: promotion without asking, and fixed windows of 48 and 24 hours at any hour. And of beds in
girls' and boys' rooms: what our promotion fills, and a list that stops at the first child who does
not fit.
"""

import random
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.camp import played
from bench.families import FREED, GIRLS, Season, season
from bench.policies import Filled, in_strict_order, silently, with_a_fixed_window
from bench.report import Bar, line
from bot.core.activities.places import Places
from bot.core.activities.promotion import next_asked
from bot.core.activities.queue import Unit
from bot.core.activities.values import Participant, SignUp, SignUpState
from storage import schema
from storage.sealing import Seal, new_key
from storage.store import Database
from tests.memory import folder_in_memory

SEASONS, QUICK_SEASONS = 200, 12
FILLS = 0.96
ZONE = "Europe/Berlin"
STARTS_AT = datetime(2026, 7, 20, 7, tzinfo=UTC)  # 9 h in Dortmund
BEDS, CHILDREN = 12, 40
HOUSES, QUICK_HOUSES = 4_000, 400
OURS, SILENT = "ours", "silent"
WINDOWS = (48, 24)  # hours


async def measure(*, quick: bool) -> str:
    seasons = [season(seed, STARTS_AT) for seed in range(QUICK_SEASONS if quick else SEASONS)]
    filled = {OURS: await _ours(seasons)} | _others(seasons)
    skipping, strict = beds(QUICK_HOUSES if quick else HOUSES)
    figures = {
        f"{name}: {what}": value
        for name, each in filled.items()
        for what, value in shares(each).items()
    }
    figures |= {"beds, strict order": strict, "beds, ours": skipping}
    return line("places", figures, bars_of(filled, skipping), quick=quick)


def shares(filled: Sequence[Filled]) -> Mapping[str, float]:
    asked = sum(each.asked for each in filled)
    return {
        "places used": used(filled),
        "asked for a place": asked / (len(filled) * FREED),
        "asked by night": sum(each.by_night for each in filled) / asked,
    }


def used(filled: Sequence[Filled]) -> float:
    return statistics.fmean(each.used / FREED for each in filled)


def bars_of(filled: Mapping[str, Sequence[Filled]], skipping: float) -> list[Bar]:
    ours = filled[OURS]
    best = max(used(each) for name, each in filled.items() if name != OURS)
    return [
        Bar("places used", used(ours), at_least=FILLS, needs_length=True),
        Bar("ours / best other", used(ours) / best, at_least=1.0, needs_length=True),
        Bar("asked by night", sum(each.by_night for each in ours), at_most=0),
        Bar("overbooked", sum(each.overbooked for each in ours), at_most=0),
        Bar("beds filled", skipping, at_least=FILLS, needs_length=True),
    ]


def beds(houses: int) -> tuple[float, float]:
    """The shares filled by our promotion and in strict order: beds are freed by chance, the list
    is mostly girls.
    """
    chance = random.Random(houses)  # noqa: S311 - an experiment that can be repeated
    ours = strict = 0
    for _ in range(houses):
        girls = sum(chance.random() < 1 / 2 for _ in range(BEDS))
        free = {True: girls, False: BEDS - girls}
        queue = [chance.random() < GIRLS for _ in range(CHILDREN)]
        places = Places(BEDS, {int(room): number for room, number in free.items()})
        ours += len(next_asked([_child(n, girl=girl) for n, girl in enumerate(queue)], places))
        strict += in_strict_order(free, queue)
    return ours / (houses * BEDS), strict / (houses * BEDS)


def _child(number: int, *, girl: bool) -> Unit:
    """The slot is 1 for girls, 0 for boys."""
    who = Participant(number, number)
    waiting = SignUp(
        number, 0, int(girl), 0, number, who, "", 1, SignUpState.WAITING, 0, number, STARTS_AT
    )
    return Unit(number, (waiting,))


async def _ours(seasons: Sequence[Season]) -> list[Filled]:
    with tempfile.TemporaryDirectory(dir=folder_in_memory()) as folder:
        url = f"sqlite:///{Path(folder) / 'places.db'}"
        await schema.migrate(url)
        async with Database(url, Seal([new_key()])) as store:
            return [await played(store, each, STARTS_AT, ZONE) for each in seasons]


def _others(seasons: Sequence[Season]) -> dict[str, list[Filled]]:
    silent = {SILENT: [silently(each, ZONE) for each in seasons]}
    return silent | {
        f"{hours} h": [
            with_a_fixed_window(each, timedelta(hours=hours), starts_at=STARTS_AT, zone=ZONE)
            for each in seasons
        ]
        for hours in WINDOWS
    }
