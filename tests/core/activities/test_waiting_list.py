"""The waiting list: offers, deadlines, races, and ranks that nobody loses."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

from bot.core.activities import coverage, ranks
from bot.core.activities.receipts import Answer, Move, Reason, Refusal, TellKind
from bot.core.activities.sign_up import Together
from bot.core.activities.team import resize
from bot.core.activities.tending import tend
from bot.core.activities.values import Activity, Participant, SignUpState
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
    says,
    sign_up_of,
    state_of,
    states,
    told,
)
from tests.clock import NOON, StoppedClock
from tests.rows import rows

S = SignUpState
ELEVEN_AT_NIGHT = NOON.replace(hour=21)  # in Dortmund
EIGHT_NEXT_MORNING = datetime.fromisoformat("2026-08-04T06:00:00+00:00")
LAST_DAYS = timedelta(days=4)


async def test_a_freed_place_is_offered_to_the_first_who_waits(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp())
    first, second, third = await many_apply(store, activity, clock, 3)

    await cancels(store, activity, clock, first)

    assert await states(store) == ["cancelled_by_family", "offered", "waiting"]
    assert await told(store, TellKind.OFFER) == [second.household_id]
    assert await state_of(store, third) is S.WAITING


async def test_yes_takes_the_place_and_no_asks_the_next(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp())
    first, second, third = await many_apply(store, activity, clock, 3)
    await cancels(store, activity, clock, first)

    no = await says(store, activity, clock, second, yes=False)
    yes = await says(store, activity, clock, third, yes=True)

    assert (no.reasons, yes.reasons) == ((Move.SAID_NO,), (Move.SAID_YES,))
    assert await states(store) == ["cancelled_by_family", "declined", "accepted"]


async def test_an_offer_counts_until_its_last_second_and_not_a_second_longer(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(), capacity=2)
    first, second, *asked = await many_apply(store, activity, clock, 4)
    await cancels(store, activity, clock, first)
    await cancels(store, activity, clock, second)
    clock.advance(hours=48, seconds=-1)
    in_time = await says(store, activity, clock, asked[0], yes=True)

    clock.advance(seconds=2)
    late = await says(store, activity, clock, asked[1], yes=True)

    assert in_time.reasons == (Move.SAID_YES,)
    assert late.reasons == (Refusal.OFFER_EXPIRED,)
    assert late.lines[0].figures["ended_at"] == (NOON + timedelta(hours=48)).isoformat()
    assert await state_of(store, asked[1]) is S.EXPIRED


async def test_yes_and_the_end_of_the_offer_at_the_same_moment_are_one_outcome(
    store: Database, clock: StoppedClock
) -> None:
    for _ in range(5):
        activity = await planned(store, camp())
        first, asked, following = await many_apply(store, activity, clock, 3)
        await cancels(store, activity, clock, first)
        in_time = StoppedClock(clock.now() + timedelta(hours=48, seconds=-1))
        late = StoppedClock(clock.now() + timedelta(hours=48))

        async with asyncio.TaskGroup() as group:
            group.create_task(tend(store, late))
            yes = group.create_task(says(store, activity, in_time, asked, yes=True))

        outcome = (await state_of(store, asked), await state_of(store, following))
        assert (yes.result().reasons, outcome) in [
            ((Move.SAID_YES,), (S.ACCEPTED, S.WAITING)),
            ((Refusal.OFFER_EXPIRED,), (S.EXPIRED, S.OFFERED)),
        ]


async def test_a_second_tap_on_yes_is_answered_as_the_first(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp())
    first, second = await many_apply(store, activity, clock, 2)
    await cancels(store, activity, clock, first)
    yes = await says(store, activity, clock, second, yes=True, key="tap")

    assert await says(store, activity, clock, second, yes=True, key="tap") == yes
    again = await says(store, activity, clock, second, yes=True)
    assert again.reasons == (Refusal.OFFER_OVER,)


async def test_nobody_answers_for_another_family(store: Database, clock: StoppedClock) -> None:
    activity = await planned(store, camp())
    first, second = await many_apply(store, activity, clock, 2)
    await cancels(store, activity, clock, first)
    stranger = Participant(second.id, household_id=-1)

    answer = await says(store, activity, clock, stranger, yes=True)

    assert answer.reasons == (Refusal.NOT_YOURS,)
    assert await state_of(store, second) is S.OFFERED


async def test_by_night_nobody_is_asked_and_in_the_morning_all_are(
    store: Database, clock: StoppedClock
) -> None:
    activity = camp()
    slot = bucket(activity, 1)
    await planned(store, activity, slot)
    await many_apply(store, activity, clock, 5)
    clock.set(ELEVEN_AT_NIGHT)
    await resize(store, activity.id, slot.id, 4, errand=errand(), clock=clock)
    await tend(store, clock)
    by_night = await told(store, TellKind.OFFER)

    clock.set(EIGHT_NEXT_MORNING - timedelta(seconds=1))
    await tend(store, clock)
    before_eight = await told(store, TellKind.OFFER)
    clock.set(EIGHT_NEXT_MORNING)
    await tend(store, clock)

    assert by_night == before_eight == []
    assert len(await told(store, TellKind.OFFER)) == 3
    assert await states(store) == ["accepted", "offered", "offered", "offered", "waiting"]


async def test_a_pair_keeps_its_rank_until_two_places_are_free(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(), capacity=2)
    holders = await many_apply(store, activity, clock, 2)
    pair = (child(7), child(7))
    await applies(store, activity, clock, *pair, together=Together.BOTH_OR_NONE)
    (single,) = await many_apply(store, activity, clock, 1)

    await cancels(store, activity, clock, holders[0])
    skipped = [await state_of(store, each) for each in (*pair, single)]
    await says(store, activity, clock, single, yes=False)
    await cancels(store, activity, clock, holders[1])

    assert skipped == [S.WAITING, S.WAITING, S.OFFERED]
    assert [await state_of(store, each) for each in pair] == [S.OFFERED, S.OFFERED]
    yes = await says(store, activity, clock, pair[0], yes=True)
    assert yes.reasons == (Move.SAID_YES, Move.SAID_YES)
    assert len(await told(store, TellKind.OFFER)) == 2  # one for the pair


async def test_a_reminder_comes_once_at_half_time(store: Database, clock: StoppedClock) -> None:
    activity = await planned(store, camp())
    first, second = await many_apply(store, activity, clock, 2)
    await cancels(store, activity, clock, first)
    reminded = []
    for hours in (23, 1, 1):
        clock.advance(hours=hours)
        await tend(store, clock)
        reminded.append(len(await told(store, TellKind.OFFER_REMINDER)))

    assert reminded == [0, 1, 1]
    assert await told(store, TellKind.OFFER_REMINDER) == [second.household_id]


async def test_who_did_not_answer_is_told_and_may_wait_again_at_the_end(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp())
    first, silent, following, last = await many_apply(store, activity, clock, 4)
    await cancels(store, activity, clock, first)
    clock.advance(hours=48)
    await tend(store, clock)

    kept = await _keeps(store, activity, clock, silent)

    assert await told(store, TellKind.OFFER_EXPIRED) == [silent.household_id]
    assert await state_of(store, following) is S.OFFERED
    assert kept.reasons == (Move.KEPT,)
    assert kept.lines[0].figures["position"] == 3
    assert (await sign_up_of(store, silent)).seq > (await sign_up_of(store, last)).seq


async def test_who_has_signed_up_anew_is_not_kept_twice(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp())
    first, silent = await many_apply(store, activity, clock, 2)
    await cancels(store, activity, clock, first)
    clock.advance(hours=48)
    await tend(store, clock)
    expired = await sign_up_of(store, silent)
    await applies(store, activity, clock, silent)

    kept = await ranks.keep_me(
        store,
        activity.id,
        expired.unit_id,
        household_id=silent.household_id,
        errand=errand(),
        clock=clock,
    )

    assert kept.reasons == (Refusal.ALREADY_SIGNED_UP,)


async def test_who_rests_is_not_asked_and_loses_nothing(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(), capacity=2)
    first, second, resting, following = await many_apply(store, activity, clock, 4)
    await _rests(store, activity, clock, resting)
    await cancels(store, activity, clock, first)
    asked = await state_of(store, following)

    woken = await _wakes(store, activity, clock, resting)
    await cancels(store, activity, clock, second)

    assert asked is S.OFFERED
    assert woken.lines[0].figures["position"] == 1
    assert await state_of(store, resting) is S.OFFERED


async def test_whom_no_message_reaches_is_phoned_and_keeps_the_rank_while_the_next_is_asked(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(), capacity=2)
    first, second, blocked, following = await many_apply(store, activity, clock, 4)
    await cancels(store, activity, clock, first)
    offer_id = (await sign_up_of(store, blocked)).offer_id

    answer = await coverage.note_undelivered(
        store, activity.id, offer_id, errand=errand(), clock=clock
    )
    to_phone = [each.participant.id for each in await coverage.to_phone(store, activity.id)]
    asked_instead = await state_of(store, following)
    await cancels(store, activity, clock, second)
    still_waits = await state_of(store, blocked)
    unit_id = (await sign_up_of(store, blocked)).unit_id
    await coverage.note_reached(store, activity.id, unit_id, errand=errand(), clock=clock)

    assert answer.reasons == (Move.NOT_DELIVERED,)
    assert to_phone == [blocked.id]
    assert (asked_instead, still_waits) == (S.OFFERED, S.WAITING)
    assert await state_of(store, blocked) is S.OFFERED
    assert await coverage.to_phone(store, activity.id) == []


async def test_in_the_last_days_three_are_asked_and_the_first_yes_wins(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(starts_in=LAST_DAYS))
    first, *asked, fourth = await many_apply(store, activity, clock, 5)
    await cancels(store, activity, clock, first)

    quick = await says(store, activity, clock, asked[1], yes=True)
    slow = await says(store, activity, clock, asked[0], yes=True)

    assert quick.reasons == (Move.SAID_YES,)
    assert slow.reasons == (Refusal.OFFER_TAKEN,)
    assert await states(store) == [
        "cancelled_by_family",
        "waiting",
        "accepted",
        "waiting",
        "waiting",
    ]
    losers = [asked[0].household_id, asked[2].household_id]
    assert sorted(await told(store, TellKind.OFFER_TAKEN)) == sorted(losers)
    assert await _positions(store, Move.OTHERS_QUICKER) == [1, 2]
    assert (await sign_up_of(store, fourth)).offer_id == 0


async def test_of_three_who_say_yes_at_once_one_has_the_place(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(starts_in=LAST_DAYS))
    first, *asked = await many_apply(store, activity, clock, 4)
    await cancels(store, activity, clock, first)

    async with asyncio.TaskGroup() as group:
        taps = [group.create_task(says(store, activity, clock, each, yes=True)) for each in asked]

    reasons = Counter(task.result().reasons[0] for task in taps)
    assert reasons == {Move.SAID_YES: 1, Refusal.OFFER_TAKEN: 2}
    assert Counter(await states(store)) == {
        "cancelled_by_family": 1,
        "accepted": 1,
        "waiting": 2,
    }


async def test_a_newcomer_does_not_take_the_place_a_race_runs_for(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(starts_in=LAST_DAYS))
    first, *_ = await many_apply(store, activity, clock, 2)
    await cancels(store, activity, clock, first)

    assert (await applies(store, activity, clock)).lines[0].state is S.WAITING


async def test_a_newcomer_may_join_a_race_that_has_room(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(starts_in=LAST_DAYS))
    first, second = await many_apply(store, activity, clock, 2)
    await cancels(store, activity, clock, first)

    third, fourth, fifth = await many_apply(store, activity, clock, 3)

    assert [await state_of(store, each) for each in (second, third, fourth, fifth)] == [
        S.OFFERED,
        S.OFFERED,
        S.OFFERED,
        S.WAITING,
    ]


async def test_why_is_kept_for_every_move_with_its_figures(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp())
    first, second = await many_apply(store, activity, clock, 2)
    await cancels(store, activity, clock, first)
    await says(store, activity, clock, second, yes=True)

    known = await sign_up_of(store, second)
    async with store.reading() as records:
        why = await records.receipts_of(known.id)

    assert [(receipt.reason, receipt.state) for receipt in why] == [
        (Move.NO_PLACE_FREE, S.WAITING),
        (Move.ASKED, S.OFFERED),
        (Move.SAID_YES, S.ACCEPTED),
    ]
    assert why[1].figures == {"ends_at": (NOON + timedelta(hours=48)).isoformat(), "racing": 0}


async def _keeps(
    store: Database, activity: Activity, clock: StoppedClock, who: Participant
) -> Answer:
    known = await sign_up_of(store, who)
    return await ranks.keep_me(
        store,
        activity.id,
        known.unit_id,
        household_id=who.household_id,
        errand=errand(),
        clock=clock,
    )


async def _rests(
    store: Database, activity: Activity, clock: StoppedClock, who: Participant
) -> Answer:
    known = await sign_up_of(store, who)
    return await ranks.rest(
        store,
        activity.id,
        known.unit_id,
        household_id=who.household_id,
        errand=errand(),
        clock=clock,
    )


async def _wakes(
    store: Database, activity: Activity, clock: StoppedClock, who: Participant
) -> Answer:
    known = await sign_up_of(store, who)
    return await ranks.wake(
        store,
        activity.id,
        known.unit_id,
        household_id=who.household_id,
        errand=errand(),
        clock=clock,
    )


async def _positions(store: Database, reason: Reason) -> list[object]:
    activity_id = (await rows(store, "activities"))[0]["id"]
    async with store.reading() as records:
        receipts = await records.receipts_about(activity_id, [reason])
    return [receipt.figures["position"] for receipt in receipts]
