import random
from collections.abc import Callable

import pytest

from handlers.pace import (
    CAUTION,
    CHATS_REMEMBERED,
    DOUBT_LASTS,
    DOUBTED,
    FREE_RATE,
    MARGIN,
    MUCH_CAUTION,
    USUAL_SPREAD,
    WIDEST_MARGIN,
    Chats,
    Margin,
    Pace,
    Refusals,
)

OLENA, ANNA, GROUP = 1001, 1003, -42
A_HAIR = 1e-6  # seconds: sums of steps are not exact


def releases(
    pace: Pace, until: float, *, since: float = 0.0, late: Callable[[], float] = lambda: 0.0
) -> list[float]:
    """When bulk leaves if it always wants to; timers wake late."""
    times, now = [], since
    while (now := now + max(pace.bulk_wait(now), 0.0) + late()) < until:
        pace.count_bulk(now)
        times.append(now)
    return times


def most_in_a_second(times: list[float]) -> int:
    last = 0
    most = 0
    for first, at in enumerate(times):
        while last < len(times) and times[last] < at + 1 - A_HAIR:
            last += 1
        most = max(most, last - first)
    return most


@pytest.mark.parametrize("late", [0.0, 0.001, 0.003])
def test_the_full_rate_is_used_and_never_exceeded(late: float) -> None:
    chance = random.Random(7)  # noqa: S311 - it only varies times

    times = releases(Pace(30), 100, late=lambda: chance.uniform(0, late))

    assert most_in_a_second(times) == 30
    assert len(times) >= 0.99 * 30 * 100


def test_a_trip_that_varies_by_20_ms_is_allowed_for() -> None:
    chance = random.Random(7)  # noqa: S311 - it only varies times
    pace, arrivals = Pace(30), []
    now = 0.0
    while now < 100:
        trip = chance.uniform(0, 0.020)
        now += max(pace.bulk_wait(now), 0.0)
        pace.count_bulk(now)
        pace.margin.note_trip(0.040 + trip)
        arrivals.append(now + trip)

    assert most_in_a_second(sorted(arrivals)) == 30
    assert len(arrivals) >= 0.975 * 30 * 100


def test_a_stall_is_not_made_up_for_by_a_burst() -> None:
    pace = Pace(25)
    releases(pace, 2)

    later = releases(pace, 14, since=12)

    assert most_in_a_second(later) == 25
    assert sum(at < 12.2 for at in later) <= 6


def test_at_a_thousand_a_second_late_timers_cost_nothing() -> None:
    chance = random.Random(7)  # noqa: S311 - it only varies times

    times = releases(Pace(1000), 10, late=lambda: chance.choice([0, 0, 0.001, 0.002]))

    assert len(times) >= 0.98 * 1000 * 10
    assert most_in_a_second(times) <= 1000


def test_after_a_reply_bulk_leaves_a_slot_free_for_a_while() -> None:
    pace = Pace(30)
    for slot in range(FREE_RATE - 2):
        pace.count_bulk(slot / 30)
    pace.count_reply(0.95)

    assert pace.bulk_wait(0.97) > 0
    assert pace.reply_wait(0.97) == 0


def test_while_a_slot_is_kept_bulk_loses_no_more_than_that_one() -> None:
    chance = random.Random(7)  # noqa: S311 - it only varies times
    pace = Pace(30)
    pace.count_reply(10 - 0.1)

    times = releases(pace, 14, since=10, late=lambda: chance.uniform(0, 0.002))

    assert len(times) >= 0.955 * 30 * 4
    assert most_in_a_second(times) == 29


def test_where_nobody_is_active_no_slot_is_kept() -> None:
    pace = Pace(30)
    pace.count_reply(0.0)

    times = releases(pace, 20, since=10)

    assert len(times) >= 0.99 * 30 * 10


def test_the_margin_is_small_until_trips_have_been_measured() -> None:
    assert Margin().at(0) == MARGIN + USUAL_SPREAD


def test_the_margin_follows_how_much_trips_vary() -> None:
    margin = Margin()
    for trip in [0.040, 0.055] * 32:
        margin.note_trip(trip)

    assert margin.at(0) == pytest.approx(MARGIN + 0.015)


def test_a_few_slow_trips_do_not_widen_the_margin() -> None:
    margin = Margin()
    for trip in [0.040] * 62 + [3.0] * 2:
        margin.note_trip(trip)

    assert margin.at(0) == pytest.approx(MARGIN)


def test_the_margin_has_an_end() -> None:
    margin = Margin()
    for trip in [0.1, 2.0] * 32:
        margin.note_trip(trip)
    margin.note_429(0)

    assert margin.at(0) == WIDEST_MARGIN


def test_a_429_widens_the_margin_at_once_and_time_narrows_it_slowly() -> None:
    margin = Margin()
    usual = margin.at(0)
    margin.note_429(0)

    assert margin.at(0) == pytest.approx(usual + CAUTION)
    assert usual < margin.at(1) < usual + CAUTION
    assert margin.at(60) == usual

    margin.note_429(60, for_all=True)
    assert margin.at(60) == pytest.approx(usual + MUCH_CAUTION)


def test_who_has_had_none_for_long_gets_a_few_at_once_again() -> None:
    chats = Chats()
    for _ in range(5):
        assert chats.wait(OLENA, 100) <= 0
        chats.count(OLENA, 100)

    assert chats.wait(OLENA, 100) == pytest.approx(1.05)
    assert chats.wait(ANNA, 100) <= 0
    assert chats.wait(OLENA, 200) <= 0


def test_a_429_holds_a_chat_and_a_shorter_one_does_not_free_it() -> None:
    chats = Chats()
    chats.hold(GROUP, 20)
    chats.hold(GROUP, 10)

    assert chats.wait(GROUP, 5) == 15
    assert chats.held_until(GROUP) == 20


def test_the_memory_for_chats_is_bounded() -> None:
    chats = Chats()
    for chat in range(1, CHATS_REMEMBERED + 100):
        chats.count(chat, 0)
        chats.hold(chat, 5)

    assert len(chats._paced) == CHATS_REMEMBERED
    assert len(chats._held) == CHATS_REMEMBERED


def refused(
    refusals: Refusals, number: int, chat: int, *, until: float, now: float, again: bool = False
) -> None:
    refusals.refused(number, chat, until=until, now=now, again=again)


def test_a_first_429_raises_a_doubt_and_pauses_bulk_for_a_slot() -> None:
    refusals = Refusals()
    refused(refusals, 1, OLENA, until=20, now=10)

    assert refusals.bulk_paused_until == 10 + DOUBTED
    assert refusals.held_until == 0


def test_what_left_later_to_another_chat_and_is_accepted_settles_the_doubt() -> None:
    refusals = Refusals()
    refused(refusals, 5, OLENA, until=20, now=10)

    assert not refusals.accepted(4, ANNA)  # left before
    assert not refusals.accepted(6, OLENA)
    assert refusals.accepted(7, ANNA)
    assert refusals.bulk_paused_until == 0

    refused(refusals, 8, ANNA, until=20, now=10.1)
    assert refusals.held_until == 0


def test_a_429_of_another_chat_means_all() -> None:
    refusals = Refusals()
    refused(refusals, 1, OLENA, until=30, now=10)
    refused(refusals, 2, ANNA, until=20, now=10.1)

    assert refusals.held_until == 30
    assert refusals.held_seconds == pytest.approx(19.9)


def test_a_429_of_the_same_chat_is_no_news() -> None:
    refusals = Refusals()
    refused(refusals, 1, OLENA, until=30, now=10)
    refused(refusals, 2, OLENA, until=30, now=10.1, again=True)

    assert refusals.held_until == 0
    assert refusals.bulk_paused_until == 10 + DOUBTED


def test_a_doubt_is_forgotten_after_a_while() -> None:
    refusals = Refusals()
    refused(refusals, 1, OLENA, until=30, now=10)
    refused(refusals, 2, ANNA, until=30, now=10.1 + DOUBT_LASTS)

    assert refusals.held_until == 0


def test_a_hold_ends_by_time_only_and_may_get_longer() -> None:
    refusals = Refusals()
    refused(refusals, 1, OLENA, until=30, now=10)
    refused(refusals, 2, ANNA, until=30, now=10)

    assert not refusals.accepted(3, GROUP)
    refused(refusals, 4, GROUP, until=25, now=11)
    assert refusals.held_until == 30
    refused(refusals, 5, GROUP, until=40, now=12, again=True)
    assert refusals.held_until == 40
    assert refusals.held_seconds == 30
