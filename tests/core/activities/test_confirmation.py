""" "Are you still coming?": asked 14 and 3 days before, by day, once; silence loses nothing."""

from datetime import timedelta

from bot.core.activities import confirmation
from bot.core.activities.receipts import Move, TellKind
from bot.core.activities.sign_up import Together
from bot.core.activities.tending import tend
from storage.store import Database
from tests.activities import (
    applies,
    camp,
    cancels,
    child,
    errand,
    many_apply,
    planned,
    sign_up_of,
    states,
    told,
)
from tests.clock import NOON, StoppedClock


async def test_whoever_has_a_place_is_asked_14_and_3_days_before(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(starts_in=timedelta(days=20)))
    await many_apply(store, activity, clock, 2)  # one has a place, one waits
    asked = []
    for day in range(20):
        clock.set(NOON + timedelta(days=day))
        await tend(store, clock)
        await tend(store, clock)
        asked.append(len(await told(store, TellKind.STILL_COMING)))

    assert asked == [0] * 6 + [1] * 11 + [2] * 3


async def test_after_a_long_silence_of_the_bot_one_question_is_enough(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(starts_in=timedelta(days=20)))
    await many_apply(store, activity, clock, 1)
    clock.advance(days=18)

    await tend(store, clock)
    await tend(store, clock)

    assert len(await told(store, TellKind.STILL_COMING)) == 1


async def test_who_got_the_place_a_week_before_is_asked_three_days_before(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(starts_in=timedelta(days=7)))
    await many_apply(store, activity, clock, 1)
    await tend(store, clock)
    at_once = await told(store, TellKind.STILL_COMING)
    clock.advance(days=4)
    await tend(store, clock)

    assert at_once == []
    assert len(await told(store, TellKind.STILL_COMING)) == 1


async def test_a_question_that_falls_due_by_night_is_put_in_the_morning(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(starts_in=timedelta(days=15)))
    await many_apply(store, activity, clock, 1)
    clock.set(activity.starts_at - timedelta(days=14) + timedelta(hours=9))  # 23 h in Dortmund

    await tend(store, clock)

    async with store.reading() as records:
        due = await records._connection.exec_driver_sql("SELECT due_at FROM tells")
        assert str(due.scalar_one()).startswith("2026-08-05 06:00")


async def test_who_is_silent_keeps_the_place_and_is_phoned(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(starts_in=timedelta(days=20)), capacity=3)
    answers, is_silent, cancelled = await many_apply(store, activity, clock, 3)
    clock.advance(days=6)
    await tend(store, clock)
    yes = await confirmation.confirm(
        store,
        activity.id,
        (await sign_up_of(store, answers)).unit_id,
        household_id=answers.household_id,
        errand=errand(),
        clock=clock,
    )
    await cancels(store, activity, clock, cancelled)

    to_phone = await confirmation.silent(store, activity.id)

    assert yes.reasons == (Move.CONFIRMED,)
    assert [each.participant.id for each in to_phone] == [is_silent.id]
    assert await states(store) == ["accepted", "accepted", "cancelled_by_family"]


async def test_siblings_are_one_question(store: Database, clock: StoppedClock) -> None:
    activity = await planned(store, camp(starts_in=timedelta(days=15)), capacity=2)
    await applies(store, activity, clock, child(7), child(7), together=Together.BOTH_OR_NONE)
    clock.advance(days=1, hours=1)

    await tend(store, clock)

    assert await told(store, TellKind.STILL_COMING) == [7]
