"""How long an offer stands: shrinking windows, waking hours, a reminder at half-time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.activities import hours, offers
from bot.core.activities.values import Activity
from tests.activities import camp
from tests.clock import NOON

ZONE = "Europe/Berlin"
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=700)).map(NOON.__add__)


@pytest.mark.parametrize(
    ("before", "hours_given"),
    [
        (timedelta(days=30), 48),
        (timedelta(days=10, seconds=1), 48),
        (timedelta(days=10), 24),
        (timedelta(days=5, seconds=1), 24),
        (timedelta(days=5), 18),  # 12 end at 2 h in the night: in the morning
        (timedelta(days=2, seconds=1), 18),
        (timedelta(days=2), 4),
        (timedelta(hours=5), 4),
    ],
)
def test_the_nearer_the_start_the_shorter_the_offer(before: timedelta, hours_given: int) -> None:
    activity = camp(starts_in=before)

    assert offers.ends_at(NOON, activity) == NOON + timedelta(hours=hours_given)


def test_in_the_last_days_only_waking_hours_count() -> None:
    evening = datetime(2026, 8, 3, 18, tzinfo=UTC)  # 20 h in Dortmund

    end = offers.ends_at(evening, camp(starts_in=timedelta(days=2)))

    assert end == datetime(2026, 8, 4, 9, tzinfo=UTC)  # an hour tonight, three tomorrow


def test_twelve_hours_over_night_leave_at_least_four_that_one_is_awake() -> None:
    late = datetime(2026, 8, 3, 18, 55, tzinfo=UTC)  # 20:55 in Dortmund

    end = offers.ends_at(late, camp(starts_in=timedelta(days=4)))

    assert end == datetime(2026, 8, 4, 9, 55, tzinfo=UTC)


def test_an_offer_ends_when_it_starts_and_too_late_there_is_none() -> None:
    assert offers.ends_at(NOON, camp(starts_in=timedelta(hours=1))) == NOON + timedelta(hours=1)
    assert offers.ends_at(NOON, camp(starts_in=timedelta(minutes=29))) is None
    assert offers.ends_at(NOON, camp(starts_in=timedelta(days=-1))) is None


def test_who_leaves_at_night_has_until_the_evening_before() -> None:
    activity = camp(starts_in=timedelta(hours=14))  # 4 h in the morning

    assert offers.ends_at(NOON + timedelta(hours=6), activity) == NOON + timedelta(hours=7)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_no_offer_is_shorter_than_promised_or_ends_by_night(
    made_at: datetime, before: timedelta
) -> None:
    made_at = hours.next_waking(made_at, ZONE)
    activity = _starting(made_at + before)
    end = offers.ends_at(made_at, activity)
    assume(end is not None)
    assert end is not None

    assert made_at + offers.SHORTEST <= end <= activity.starts_at
    local = end.astimezone(hours.ZoneInfo(ZONE)).time()
    assert hours.MORNING <= local <= hours.EVENING


@given(MOMENTS, st.timedeltas(timedelta(hours=1), timedelta(days=30)))
def test_the_reminder_comes_by_day_between_the_offer_and_its_end(
    made_at: datetime, before: timedelta
) -> None:
    made_at = hours.next_waking(made_at, ZONE)
    end = offers.ends_at(made_at, _starting(made_at + before))
    assume(end is not None)
    assert end is not None

    reminder = offers.remind_at(made_at, end, ZONE)

    assert reminder is None or made_at < reminder < end
    assert reminder is None or hours.is_waking(reminder, ZONE)


@given(MOMENTS)
def test_the_next_waking_moment_is_near_and_awake(at: datetime) -> None:
    upcoming = hours.next_waking(at, ZONE)

    assert hours.is_waking(upcoming, ZONE)
    assert timedelta(0) <= upcoming - at <= timedelta(hours=12)  # the long night in October
    assert (upcoming == at) is hours.is_waking(at, ZONE)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(hours=40)))
def test_waiting_in_two_parts_is_waiting_at_once(at: datetime, wait: timedelta) -> None:
    half = hours.after_waking(at, wait / 2, ZONE)
    other_half = wait - wait / 2

    assert hours.after_waking(half, other_half, ZONE) == hours.after_waking(at, wait, ZONE)


def test_it_is_the_zone_of_the_activity_that_counts() -> None:
    at = datetime(2026, 8, 3, 18, 30, tzinfo=UTC)  # 20:30 in Dortmund, 21:30 in Zhytomyr

    assert hours.is_waking(at, "Europe/Berlin")
    assert not hours.is_waking(at, "Europe/Kyiv")


@pytest.mark.parametrize(
    ("days", "at_once"), [(5, offers.ASKED_AT_ONCE), (5.01, 1), (1, offers.ASKED_AT_ONCE)]
)
def test_in_the_last_five_days_three_are_asked_at_once(days: float, at_once: int) -> None:
    assert offers.asked_at_once(NOON, camp(starts_in=timedelta(days=days))) == at_once


def _starting(at: datetime) -> Activity:
    return camp(starts_in=at - NOON)
