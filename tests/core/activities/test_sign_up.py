"""Signing up: never overbooked, never lost, never twice, and everybody hears why."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.activities.receipts import Move, Reason, Refusal
from bot.core.activities.sign_up import Request, Together, Wish, sign_up
from bot.core.activities.values import ActivityKind, ActivityState, Mode, SignUpState
from storage.store import Database
from tests.activities import (
    applies,
    bucket,
    camp,
    cancels,
    child,
    errand,
    many_apply,
    planned,
    state_of,
    states,
)
from tests.clock import NOON, StoppedClock
from tests.rows import rows


async def test_of_500_at_once_for_40_places_40_are_accepted_and_460_wait(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(), capacity=40)

    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(applies(store, activity, clock)) for _ in range(500)]

    told = Counter(task.result().reasons for task in asked)
    stored = await rows(store, "sign_ups")
    assert told == {(Move.PLACE_WAS_FREE,): 40, (Move.NO_PLACE_FREE,): 460}
    assert Counter(row["state"] for row in stored) == {"accepted": 40, "waiting": 460}
    assert sorted(row["seq"] for row in stored) == list(range(1, 501))
    positions = [
        line.figures["position"]
        for task in asked
        for line in task.result().lines[:1]
        if line.state is SignUpState.WAITING
    ]
    assert sorted(positions) == list(range(1, 461))


async def test_the_same_request_again_is_answered_and_changes_nothing(
    store: Database, clock: StoppedClock
) -> None:
    activity, twins = await planned(store, camp(), capacity=2), (child(7), child(7))
    first = await applies(store, activity, clock, *twins, key="tap 1")

    again = await applies(store, activity, clock, *twins, key="tap 1")

    assert again == first
    assert len(await rows(store, "sign_ups")) == len(await rows(store, "receipts")) == 2


async def test_a_double_tap_at_the_same_moment_is_one_sign_up(
    store: Database, clock: StoppedClock
) -> None:
    activity, olena = await planned(store, camp(), capacity=5), child()

    async with asyncio.TaskGroup() as group:
        taps = [
            group.create_task(applies(store, activity, clock, olena, key="tap")) for _ in range(10)
        ]

    assert all(task.result() == taps[0].result() for task in taps)
    assert await states(store) == ["accepted"]


async def test_a_refusal_stays_a_refusal_when_the_same_request_comes_later(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(opens_at=NOON + timedelta(hours=1)))
    early = await applies(store, activity, clock, key="tap")
    clock.advance(hours=2)

    assert await applies(store, activity, clock, key="tap") == early
    assert early.reasons == (Refusal.NOT_OPEN_YET,)
    assert (await applies(store, activity, clock)).reasons == (Move.PLACE_WAS_FREE,)


async def test_mother_and_father_at_once_are_one_sign_up_and_a_clean_refusal(
    store: Database, clock: StoppedClock
) -> None:
    activity, olena = await planned(store, camp(), capacity=5), child()

    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(applies(store, activity, clock, olena)) for _ in range(2)]

    assert {task.result().reasons for task in asked} == {
        (Move.PLACE_WAS_FREE,),
        (Refusal.ALREADY_SIGNED_UP,),
    }
    assert await states(store) == ["accepted"]


async def test_the_same_child_twice_in_one_request_is_signed_up_once(
    store: Database, clock: StoppedClock
) -> None:
    activity, olena = await planned(store, camp(), capacity=5), child()

    answer = await applies(store, activity, clock, olena, olena)

    assert set(answer.reasons) == {Move.PLACE_WAS_FREE, Refusal.ALREADY_SIGNED_UP}
    assert await states(store) == ["accepted"]


async def test_a_child_is_once_in_a_camp_whatever_the_bucket(
    store: Database, clock: StoppedClock
) -> None:
    activity, olena = camp(), child(age=12)
    await planned(
        store, activity, bucket(activity, 5, place=1, oldest=12), bucket(activity, 5, place=2)
    )
    await applies(store, activity, clock, olena)

    birthday = replace(olena, age=13)

    answer = await applies(store, activity, clock, birthday)
    assert answer.reasons == (Refusal.ALREADY_SIGNED_UP,)


async def test_who_cancelled_may_sign_up_again(store: Database, clock: StoppedClock) -> None:
    activity, olena = await planned(store, camp()), child()
    await applies(store, activity, clock, olena)
    await cancels(store, activity, clock, olena)

    assert (await applies(store, activity, clock, olena)).reasons == (Move.PLACE_WAS_FREE,)


async def test_twins_are_two_children(store: Database, clock: StoppedClock) -> None:
    activity = await planned(store, camp(), capacity=2)

    answer = await applies(store, activity, clock, child(7), child(7))

    assert answer.reasons == (Move.PLACE_WAS_FREE, Move.PLACE_WAS_FREE)


async def test_siblings_for_whom_one_is_fine_share_what_there_is(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(), capacity=1)

    answer = await applies(store, activity, clock, child(7), child(7))

    assert answer.reasons == (Move.PLACE_WAS_FREE, Move.NO_PLACE_FREE)
    assert answer.lines[1].figures["position"] == 1


async def test_both_or_none_wait_together_where_one_place_is_free(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(), capacity=1)

    answer = await applies(
        store, activity, clock, child(7), child(7), together=Together.BOTH_OR_NONE
    )

    assert answer.reasons == (Move.NO_PLACE_FREE, Move.NO_PLACE_FREE)
    figures = answer.lines[0].figures
    assert (figures["wanted"], figures["free"], figures["position"]) == (2, 1, 1)


async def test_if_one_of_both_or_none_is_refused_neither_is_signed_up(
    store: Database, clock: StoppedClock
) -> None:
    activity = camp()
    await planned(store, activity, bucket(activity, 5, oldest=12))
    older = child(7, age=15)

    answer = await applies(store, activity, clock, child(7), older, together=Together.BOTH_OR_NONE)

    assert answer.reasons == (Refusal.NO_FITTING_SLOT,)
    assert answer.lines[0].participant_id == older.id
    assert await states(store) == []


async def test_each_child_goes_into_the_bucket_that_fits(
    store: Database, clock: StoppedClock
) -> None:
    activity = camp()
    girls = bucket(activity, 1, place=1, gender="f", youngest=10, oldest=12)
    guests = bucket(activity, 1, place=2, group="guest")
    boys = bucket(activity, 1, place=3, gender="m", youngest=10, oldest=12)
    await planned(store, activity, boys, guests, girls)

    await applies(store, activity, clock, child(gender="f", age=10))
    await applies(store, activity, clock, child(gender="m", age=12))
    await applies(store, activity, clock, child(gender="m", age=16, group="guest"))
    refused = await applies(store, activity, clock, child(gender="m", age=13))

    placed = [row["slot_id"] for row in await rows(store, "sign_ups")]
    assert placed == [girls.id, boys.id, guests.id]
    assert dict(refused.lines[0].figures) == {"age": 13, "gender": "m", "group": "home"}


async def test_the_cap_over_all_buckets_holds(store: Database, clock: StoppedClock) -> None:
    activity = camp(cap=3)
    await planned(
        store,
        activity,
        bucket(activity, 2, place=1, gender="f"),
        bucket(activity, 2, place=2, gender="m"),
    )

    for gender in ("f", "f", "m", "m"):
        await applies(store, activity, clock, child(gender=gender))

    assert await states(store) == ["accepted", "accepted", "accepted", "waiting"]


async def test_a_newcomer_does_not_pass_a_fitting_child_that_waits(
    store: Database, clock: StoppedClock
) -> None:
    clock.set(NOON.replace(hour=21))  # 23 h in Dortmund: nobody is asked before the morning
    activity = await planned(store, camp())
    first, _second = await many_apply(store, activity, clock, 2)
    await cancels(store, activity, clock, first)

    newcomer = await applies(store, activity, clock)

    assert newcomer.reasons == (Move.OTHERS_WAIT,)
    assert await states(store) == ["cancelled_by_family", "waiting", "waiting"]


async def test_a_newcomer_takes_a_place_that_nobody_who_waits_could_use(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(), capacity=1)
    pair = (child(7), child(7))
    await applies(store, activity, clock, *pair, together=Together.BOTH_OR_NONE)

    assert (await applies(store, activity, clock)).reasons == (Move.PLACE_WAS_FREE,)
    assert [await state_of(store, each) for each in pair] == [SignUpState.WAITING] * 2


async def test_who_comes_with_priority_waits_before_the_others(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp())
    await many_apply(store, activity, clock, 3)

    answer = await applies(store, activity, clock, priority=1)

    assert answer.lines[0].figures["position"] == 1


@pytest.mark.parametrize(
    ("state", "mode", "reason"),
    [
        (ActivityState.DRAFT, Mode.ORDER_OF_RECEIPT, Refusal.NOT_PUBLISHED),
        (ActivityState.CANCELLED, Mode.ORDER_OF_RECEIPT, Refusal.CALLED_OFF),
        (ActivityState.PUBLISHED, Mode.REVIEW, Move.TEAM_DECIDES),
        (ActivityState.PUBLISHED, Mode.LOTTERY, Move.DRAW_DECIDES),
    ],
)
async def test_what_becomes_of_it_depends_on_the_activity(
    store: Database, clock: StoppedClock, state: ActivityState, mode: Mode, reason: Reason
) -> None:
    activity = await planned(store, camp(state=state, mode=mode))

    assert (await applies(store, activity, clock)).reasons == (reason,)


async def test_sign_up_is_closed_from_the_very_second(store: Database, clock: StoppedClock) -> None:
    activity = await planned(store, camp(closes_at=NOON + timedelta(seconds=1)), capacity=2)
    in_time = await applies(store, activity, clock)

    late = await applies(store, activity, StoppedClock(activity.closes_at))

    assert in_time.reasons == (Move.PLACE_WAS_FREE,)
    assert late.reasons == (Refusal.CLOSED,)
    assert late.refused
    assert late.lines[0].figures == {"closed_at": activity.closes_at.isoformat()}


async def test_nothing_can_be_signed_up_for_that_is_not_there(
    store: Database, clock: StoppedClock
) -> None:
    assert (await applies(store, camp(), clock)).reasons == (Refusal.UNKNOWN_ACTIVITY,)


async def test_a_pledge_of_10_where_6_remain_is_told_of_the_6(
    store: Database, clock: StoppedClock
) -> None:
    activity = camp(kind=ActivityKind.DRIVE)
    blankets = bucket(activity, 10)
    await planned(store, activity, blankets)

    async def pledge(quantity: int) -> tuple[Reason, object]:
        wish = Wish(child(), blankets.id, quantity)
        answer = await sign_up(store, Request(activity.id, (wish,), errand()), clock)
        return answer.lines[0].reason, answer.lines[0].figures.get("left")

    assert await pledge(4) == (Move.PLACE_WAS_FREE, None)
    assert await pledge(10) == (Refusal.NOT_ENOUGH_LEFT, 6)

    async with asyncio.TaskGroup() as group:
        last = [group.create_task(pledge(6)) for _ in range(2)]

    assert sorted(str(task.result()[0]) for task in last) == [
        "a place was free",
        "not enough left",
    ]
    assert sum(row["quantity"] for row in await rows(store, "sign_ups")) == 10


async def test_a_helper_may_take_two_shifts_but_each_only_once(
    store: Database, clock: StoppedClock
) -> None:
    activity = camp(kind=ActivityKind.DRIVE)
    morning, evening = bucket(activity, 5, place=1), bucket(activity, 5, place=2)
    await planned(store, activity, morning, evening)
    helper = child()

    async def takes(slot_id: int) -> tuple[Reason, ...]:
        wish = Wish(helper, slot_id)
        return (await sign_up(store, Request(activity.id, (wish,), errand()), clock)).reasons

    assert await takes(morning.id) == (Move.PLACE_WAS_FREE,)
    assert await takes(evening.id) == (Move.PLACE_WAS_FREE,)
    assert await takes(morning.id) == (Refusal.ALREADY_SIGNED_UP,)
