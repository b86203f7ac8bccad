"""What `places` plays through, and what it concludes from it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bench import places
from bench.camp import played
from bench.families import FREED, Family, Season, season
from bench.places import STARTS_AT, ZONE
from bench.policies import Filled, in_strict_order, silently, with_a_fixed_window
from bot.core.activities.hours import is_waking
from storage.store import Database

HOUR = timedelta(hours=1)
EAGER = Family(wants=True, wait=HOUR)
SILENT = Family(wants=True, wait=None)
SETTLED = Family(wants=False, wait=HOUR)
NOON = STARTS_AT.replace(hour=10)
GOOD = Filled(used=8, asked=16, by_night=0)
POOR = Filled(used=4, asked=8, by_night=3)


def test_a_season_can_be_played_again() -> None:
    assert season(7, STARTS_AT) == season(7, STARTS_AT)
    assert season(7, STARTS_AT) != season(8, STARTS_AT)


def test_a_place_given_away_silently_is_used_if_the_family_happens_to_want_it() -> None:
    one = Season([NOON - timedelta(days=3), NOON - timedelta(days=2)], [SETTLED, SILENT])

    assert silently(one, ZONE) == Filled(used=1, asked=2, by_night=0)


@pytest.mark.parametrize(("window", "used"), [(24, 1), (48, 0)])
def test_a_long_window_wastes_the_last_days(window: int, used: int) -> None:
    late = Season([NOON - timedelta(hours=40)], [SILENT, EAGER])

    filled = with_a_fixed_window(late, window * HOUR, starts_at=STARTS_AT, zone=ZONE)

    assert filled.used == used


def test_whoever_says_no_lets_the_next_be_asked_at_once() -> None:
    one = Season([NOON - timedelta(days=3)], [SETTLED, SETTLED, EAGER])

    filled = with_a_fixed_window(one, 48 * HOUR, starts_at=STARTS_AT, zone=ZONE)

    assert (filled.used, filled.asked) == (1, 3)


def test_in_strict_order_the_first_who_does_not_fit_stops_the_list() -> None:
    assert in_strict_order({True: 1, False: 5}, [True, False, True, False]) == 2


def test_our_promotion_fills_nearly_all_beds() -> None:
    ours, strict = places.beds(200)

    assert ours > 0.95
    assert strict < 0.8


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_engine_plays_a_season_without_waking_or_wronging_anybody(
    store: Database,
) -> None:
    one = season(3, STARTS_AT)

    filled = await played(store, one, STARTS_AT, ZONE)

    assert any(not is_waking(at, ZONE) for at in one.freed_at)
    assert 0 < filled.used <= FREED
    assert filled.asked >= filled.used
    assert (filled.by_night, filled.overbooked) == (0, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_where_all_answer_and_want_it_every_place_is_used(store: Database) -> None:
    freed = [NOON - timedelta(days=days) for days in range(20, 12, -1)]

    filled = await played(store, Season(freed, [EAGER] * 12), STARTS_AT, ZONE)

    assert filled == Filled(used=FREED, asked=FREED, by_night=0)


def test_the_bars_want_places_filled_nobody_woken_and_none_overbooked() -> None:
    def failing(ours: Filled) -> list[str]:
        bars = places.bars_of({places.OURS: [ours], places.SILENT: [POOR]}, 0.99)
        return [bar.name for bar in bars if not bar.holds]

    assert failing(GOOD) == []
    assert failing(POOR) == ["places used", "asked by night"]
    assert failing(replace(GOOD, overbooked=1)) == ["overbooked"]
