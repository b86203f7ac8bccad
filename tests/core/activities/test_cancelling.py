"""Cancelling: the place is free at once, offers are void, and everybody concerned is told."""

import asyncio

from bot.core.activities import cancelling
from bot.core.activities.receipts import Move, Refusal, TellKind
from bot.core.activities.sign_up import Together
from bot.core.activities.values import Participant, SignUpState
from storage.store import Database
from tests.activities import (
    applies,
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
from tests.clock import StoppedClock
from tests.rows import rows

S = SignUpState


async def test_who_cancels_is_told_how_many_days_before_it_was(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp())
    (olena,) = await many_apply(store, activity, clock, 1)

    answer = await cancels(store, activity, clock, olena)

    assert answer.reasons == (Move.FAMILY_CANCELLED,)
    assert answer.lines[0].figures == {"was": "accepted", "days_before": 30}


async def test_cancelling_twice_changes_nothing_more(store: Database, clock: StoppedClock) -> None:
    activity = await planned(store, camp())
    (olena,) = await many_apply(store, activity, clock, 1)
    await cancels(store, activity, clock, olena)

    again = await cancels(store, activity, clock, olena)

    assert again.reasons == (Refusal.NOT_POSSIBLE,)
    assert await states(store) == ["cancelled_by_family"]


async def test_nobody_cancels_for_another_family(store: Database, clock: StoppedClock) -> None:
    activity = await planned(store, camp())
    (olena,) = await many_apply(store, activity, clock, 1)

    answer = await cancels(store, activity, clock, Participant(olena.id, household_id=-1))

    assert answer.reasons == (Refusal.NOT_YOURS,)
    assert await states(store) == ["accepted"]


async def test_who_leaves_the_list_while_asked_frees_the_offer_for_the_next(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp())
    first, asked, following = await many_apply(store, activity, clock, 3)
    await cancels(store, activity, clock, first)

    await cancels(store, activity, clock, asked)

    assert await state_of(store, following) is S.OFFERED
    assert [row["state"] for row in await rows(store, "offers")] == ["withdrawn", "open"]


async def test_of_a_pair_that_was_asked_one_may_go_and_the_other_say_yes(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(), capacity=2)
    holders = (child(9), child(9))
    await applies(store, activity, clock, *holders)
    pair = (child(7), child(7))
    await applies(store, activity, clock, *pair, together=Together.BOTH_OR_NONE)
    for each in holders:
        await cancels(store, activity, clock, each)

    await cancels(store, activity, clock, pair[0])
    yes = await says(store, activity, clock, pair[1], yes=True)

    assert yes.reasons == (Move.SAID_YES,)
    assert [await state_of(store, each) for each in pair] == [S.CANCELLED_BY_FAMILY, S.ACCEPTED]


async def test_where_the_team_cancels_the_family_is_told_once(
    store: Database, clock: StoppedClock
) -> None:
    activity, pair = await planned(store, camp(), capacity=2), (child(7), child(7))
    await applies(store, activity, clock, *pair, together=Together.BOTH_OR_NONE)
    ids = [(await sign_up_of(store, each)).id for each in pair]

    answer = await cancelling.cancel_by_team(
        store, activity.id, ids, errand=errand(actor_id=3), clock=clock
    )

    assert answer.reasons == (Move.TEAM_CANCELLED, Move.TEAM_CANCELLED)
    assert {line.actor_id for line in answer.lines} == {3}
    assert await told(store, TellKind.CANCELLED_BY_TEAM) == [7]


async def test_a_camp_that_is_called_off_tells_all_voids_offers_and_closes_the_list(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(), capacity=2)
    first, second, asked, last = await many_apply(store, activity, clock, 4)
    await cancels(store, activity, clock, first)

    answer = await cancelling.call_off(store, activity.id, errand=errand(), clock=clock)
    late_yes = await says(store, activity, clock, asked, yes=True)
    newcomer = await applies(store, activity, clock)

    concerned = [second.household_id, asked.household_id, last.household_id]
    assert answer.lines[0].figures == {"told": 3}
    assert sorted(await told(store, TellKind.CALLED_OFF)) == sorted(concerned)
    assert late_yes.reasons == (Refusal.OFFER_OVER,)
    assert newcomer.reasons == (Refusal.CALLED_OFF,)
    assert await states(store) == ["cancelled_by_family", *["cancelled_by_team"] * 3]
    assert [row["state"] for row in await rows(store, "offers")] == ["withdrawn"]


async def test_called_off_while_many_sign_up_leaves_nobody_in_the_dark(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(), capacity=5)

    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(applies(store, activity, clock))
        group.create_task(cancelling.call_off(store, activity.id, errand=errand(), clock=clock))
        for _ in range(10):
            group.create_task(applies(store, activity, clock))

    signed_up = await rows(store, "sign_ups")
    assert {row["state"] for row in signed_up} <= {"cancelled_by_team"}
    assert sorted(await told(store)) == sorted(row["household_id"] for row in signed_up)
