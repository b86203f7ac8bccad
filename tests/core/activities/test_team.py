"""The team decides, but not more than there are places, and what is promised stays."""

import pytest

from bot.core.activities.moving import move
from bot.core.activities.receipts import Answer, Move, Refusal, TellKind
from bot.core.activities.team import Verdict, mark, resize, review
from bot.core.activities.values import Activity, Mode, Participant, SignUpState, Slot
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
    sign_up_of,
    state_of,
    states,
    told,
)
from tests.clock import StoppedClock

S = SignUpState


async def test_a_review_accepts_as_long_as_there_are_places(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(mode=Mode.REVIEW))
    first, second, third = await many_apply(store, activity, clock, 3)

    accepted = await _decides(store, activity, clock, second, Verdict.ACCEPT)
    refused = await _decides(store, activity, clock, first, Verdict.ACCEPT)
    await _decides(store, activity, clock, first, Verdict.WAIT)
    await _decides(store, activity, clock, third, Verdict.REFUSE)

    assert accepted.reasons == (Move.REVIEWED,)
    assert refused.reasons == (Refusal.NO_PLACE,)
    assert refused.lines[0].figures == {"wanted": 1, "left": 0}
    assert await states(store) == ["waiting", "accepted", "cancelled_by_team"]
    assert await told(store, TellKind.ACCEPTED) == [second.household_id]
    assert await told(store, TellKind.ON_THE_LIST) == [first.household_id]
    assert await told(store, TellKind.CANCELLED_BY_TEAM) == [third.household_id]


async def test_the_team_cannot_give_away_a_place_that_was_offered_to_a_family(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp())
    first, _asked, favourite = await many_apply(store, activity, clock, 3)
    await cancels(store, activity, clock, first)

    answer = await _decides(store, activity, clock, favourite, Verdict.ACCEPT)

    assert answer.reasons == (Refusal.NO_PLACE,)
    assert await state_of(store, favourite) is S.WAITING


async def test_who_was_decided_about_is_not_decided_again(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(mode=Mode.REVIEW))
    (olena,) = await many_apply(store, activity, clock, 1)
    await _decides(store, activity, clock, olena, Verdict.REFUSE)

    again = await _decides(store, activity, clock, olena, Verdict.ACCEPT)

    assert again.reasons == (Refusal.NOT_POSSIBLE,)


async def test_capacity_below_what_is_taken_or_promised_is_refused_with_the_figures(
    store: Database, clock: StoppedClock
) -> None:
    activity = camp()
    slot = bucket(activity, 3)
    await planned(store, activity, slot)
    first, *_ = await many_apply(store, activity, clock, 4)
    await cancels(store, activity, clock, first)

    too_few = await _resizes(store, activity, clock, slot, 2)
    enough = await _resizes(store, activity, clock, slot, 3)

    assert too_few.reasons == (Refusal.BELOW_TAKEN,)
    assert too_few.lines[0].figures == {"wanted": 2, "taken": 2, "offered": 1}
    assert enough.reasons == (Move.CAPACITY_CHANGED,)


async def test_the_cap_over_all_is_kept_the_same_way_and_raising_it_asks_the_next(
    store: Database, clock: StoppedClock
) -> None:
    activity = camp(cap=2)
    await planned(store, activity, bucket(activity, 10))
    await many_apply(store, activity, clock, 4)

    lower = await resize(store, activity.id, None, 1, errand=errand(), clock=clock)
    higher = await resize(store, activity.id, None, 3, errand=errand(), clock=clock)

    assert lower.lines[0].figures == {"wanted": 1, "taken": 2, "offered": 0}
    assert higher.lines[0].figures == {"slot": None, "was": 2, "capacity": 3}
    assert await states(store) == ["accepted", "accepted", "offered", "waiting"]


async def test_who_moves_to_another_bucket_needs_a_place_there_and_frees_the_old_one(
    store: Database, clock: StoppedClock
) -> None:
    activity = camp()
    younger, older = bucket(activity, 1, place=1, oldest=12), bucket(activity, 1, place=2)
    await planned(store, activity, younger, older)
    holder, teenager, following = child(age=12), child(age=13), child(age=11)
    for each in (holder, teenager, following):
        await applies(store, activity, clock, each)
    full = await _moves(store, activity, clock, holder, older)
    await cancels(store, activity, clock, teenager)

    moved = await _moves(store, activity, clock, holder, older)

    assert full.reasons == (Refusal.NO_PLACE,)
    assert moved.reasons == (Move.MOVED_HERE,)
    now = await sign_up_of(store, holder)
    assert (now.slot_id, now.state) == (older.id, S.ACCEPTED)
    assert await state_of(store, following) is S.OFFERED
    assert await states(store) == ["moved", "cancelled_by_family", "offered", "accepted"]
    assert await told(store, TellKind.MOVED) == [holder.household_id]


async def test_a_move_within_the_cap_needs_no_second_place(
    store: Database, clock: StoppedClock
) -> None:
    activity = camp(cap=1)
    one, other = bucket(activity, 1, place=1, oldest=12), bucket(activity, 1, place=2)
    await planned(store, activity, one, other)
    (olena,) = await many_apply(store, activity, clock, 1)

    assert (await _moves(store, activity, clock, olena, other)).reasons == (Move.MOVED_HERE,)


@pytest.mark.parametrize(
    ("marks", "state"),
    [
        ([S.CHECKED_IN, S.ATTENDED], S.ATTENDED),
        ([S.CHECKED_IN, S.NO_SHOW], S.NO_SHOW),
        ([S.NO_SHOW], S.NO_SHOW),
        ([S.ATTENDED], S.ACCEPTED),
        ([S.NO_SHOW, S.CHECKED_IN], S.NO_SHOW),
    ],
)
async def test_on_the_day_only_what_may_follow_is_marked(
    store: Database, clock: StoppedClock, marks: list[SignUpState], state: SignUpState
) -> None:
    activity = await planned(store, camp())
    (olena,) = await many_apply(store, activity, clock, 1)
    known = await sign_up_of(store, olena)

    for each in marks:
        await mark(store, activity.id, known.id, each, errand=errand(), clock=clock)

    assert await state_of(store, olena) is state


async def _decides(
    store: Database, activity: Activity, clock: StoppedClock, who: Participant, verdict: Verdict
) -> Answer:
    known = await sign_up_of(store, who)
    return await review(store, activity.id, known.unit_id, verdict, errand=errand(), clock=clock)


async def _resizes(
    store: Database, activity: Activity, clock: StoppedClock, slot: Slot, capacity: int
) -> Answer:
    return await resize(store, activity.id, slot.id, capacity, errand=errand(), clock=clock)


async def _moves(
    store: Database, activity: Activity, clock: StoppedClock, who: Participant, slot: Slot
) -> Answer:
    known = await sign_up_of(store, who)
    return await move(store, activity.id, known.id, slot.id, errand=errand(), clock=clock)
