"""What `signups` measures, and what it concludes from it."""

from dataclasses import replace

import pytest

from bench import counting, signups
from bench.signups import PLACES, Round
from storage.store import Database

RIGHT = Round(
    bare=1_000.0,
    bare_at_once=2_000.0,
    ours=400.0,
    waits=[0.1],
    accepted=PLACES,
    stored=500,
    errors=0,
    changed=0,
    pooled=46,
    shared=500,
)


def failing(*rounds: Round) -> list[str]:
    bars = signups.bars_of("SQLite", rounds, 500)
    return [bar.name.partition(",")[0] for bar in bars if not bar.holds]


def test_a_run_that_wrongs_nobody_and_is_quick_enough_holds() -> None:
    assert failing(RIGHT) == []


@pytest.mark.parametrize(
    ("wrong", "bar"),
    [
        (replace(RIGHT, accepted=41), "most accepted"),
        (replace(RIGHT, accepted=39), "least accepted"),
        (replace(RIGHT, stored=499), "lost or doubled"),
        (replace(RIGHT, errors=1), "errors"),
        (replace(RIGHT, changed=1), "changed by a repeat"),
    ],
)
def test_one_wrong_in_one_round_fails(wrong: Round, bar: str) -> None:
    assert failing(RIGHT, wrong, RIGHT) == [bar]


def test_speed_is_compared_within_a_round() -> None:
    slow = replace(RIGHT, ours=200.0)

    assert failing(RIGHT, replace(RIGHT, bare=100.0, ours=40.0), slow) == []
    assert failing(RIGHT, slow, slow) == ["ours / bare"]


async def test_a_round_runs_the_real_use_case(store: Database, database_url: str) -> None:
    await counting.make_table(database_url)

    found = await signups._round(database_url, store, 50)

    assert (found.accepted, found.stored, found.errors, found.changed) == (40, 50, 0, 0)
    assert len(found.waits) == 50


async def test_counting_on_one_connection_gives_everybody_a_place(database_url: str) -> None:
    await counting.make_table(database_url)

    assert await signups._counted(database_url, 100, connections=1) == 100
