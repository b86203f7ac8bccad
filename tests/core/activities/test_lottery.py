"""The lottery: nobody chose the order, and anybody can check it."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.activities import draw
from bot.core.activities.lottery import Ticket, allotted, commitment_to, in_order, is_right
from bot.core.activities.places import Places
from bot.core.activities.queue import units
from bot.core.activities.receipts import Move, Refusal, TellKind
from bot.core.activities.sign_up import Together
from bot.core.activities.values import Activity, Mode, SignUpState
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
    states,
    told,
    waiting,
)
from tests.clock import NOON, StoppedClock
from tests.rows import rows

YESTERDAY = NOON - timedelta(days=1)
TICKETS = st.lists(
    st.builds(Ticket, st.integers(1, 10**18), st.integers(0, 2)), unique_by=lambda t: t.unit_id
)


@given(st.text(min_size=1), TICKETS, st.data())
def test_the_order_depends_on_the_seed_and_not_on_who_came_first(
    seed: str, tickets: list[Ticket], data: st.DataObject
) -> None:
    ordered = in_order(seed, tickets)

    assert in_order(seed, data.draw(st.permutations(tickets))) == ordered
    assert sorted(ordered, key=lambda ticket: -ticket.priority) == ordered
    assert set(ordered) == set(tickets)


def test_every_place_in_the_order_is_as_likely_as_any_other() -> None:
    tickets = [Ticket(number, 0) for number in range(1, 5)]

    firsts = [in_order(f"seed {n}", tickets)[0].unit_id for n in range(2_000)]

    assert all(420 < firsts.count(number) < 580 for number in range(1, 5))


def test_a_pair_that_does_not_fit_any_more_leaves_the_place_to_the_next() -> None:
    slot = bucket(camp(), 2)
    single, pair = waiting(slot, 1), [waiting(slot, 2, unit_id=2), waiting(slot, 2, unit_id=2)]
    last = waiting(slot, 3)

    lucky = allotted(units([single, *pair, last]), Places(2, {slot.id: 2}))

    assert lucky == {single.unit_id, last.unit_id}


async def test_a_draw_fills_the_places_and_puts_the_others_in_its_order_on_the_list(
    store: Database, clock: StoppedClock
) -> None:
    activity = await _lottery(store, clock, capacity=3)
    await many_apply(store, activity, clock, 8)
    clock.set(activity.closes_at)

    answer = await draw.draw(store, activity.id, errand=errand(), clock=clock)

    assert answer.lines[0].figures == {"units": 8, "with_a_place": 3}
    found = sorted(await rows(store, "sign_ups"), key=lambda row: row["seq"])
    assert [row["seq"] for row in found] == list(range(1, 9))
    assert [row["state"] for row in found] == ["accepted"] * 3 + ["waiting"] * 5
    assert len(await told(store, TellKind.ACCEPTED)) == 3
    assert len(await told(store, TellKind.ON_THE_LIST)) == 5


async def test_the_report_replays_to_the_same_list_and_tells_who_got_nothing(
    store: Database, clock: StoppedClock
) -> None:
    activity = await _lottery(store, clock, capacity=2)
    promised = await draw.promise(
        store, activity.id, errand=errand(), clock=StoppedClock(YESTERDAY)
    )
    children = await many_apply(store, activity, clock, 4)
    await applies(
        store, activity, clock, child(7), child(7), together=Together.BOTH_OR_NONE, priority=-1
    )
    clock.set(activity.closes_at)
    await draw.draw(store, activity.id, errand=errand(), clock=clock)
    await cancels(store, activity, clock, children[0])  # afterwards

    report = await draw.report(store, activity.id)

    assert report is not None
    assert is_right(report)
    assert commitment_to(report.seed) == promised.lines[0].figures["commitment"]
    assert len(report.lines) == 5
    assert len(report.without_a_place) == 3
    assert report.lines[-1].ticket.unit_id == (await rows(store, "sign_ups"))[-1]["unit_id"]


async def test_a_report_that_was_tampered_with_is_not_right(
    store: Database, clock: StoppedClock
) -> None:
    activity = await _lottery(store, clock)
    await many_apply(store, activity, clock, 4)
    clock.set(activity.closes_at)
    await draw.draw(store, activity.id, errand=errand(), clock=clock)

    report = await draw.report(store, activity.id)

    assert report is not None
    assert not is_right(replace(report, seed="another"))
    assert not is_right(replace(report, lines=report.lines[::-1]))


async def test_the_seed_is_sealed_and_not_told_before_the_draw(
    store: Database, clock: StoppedClock
) -> None:
    activity = await _lottery(store, clock)

    assert await draw.report(store, activity.id) is None
    async with store.reading() as records:
        promised = await records.lottery(activity.id)
    (stored,) = await rows(store, "lotteries")
    assert promised is not None
    assert promised.seed.encode() not in stored["seed"]
    assert stored["commitment"] == commitment_to(promised.seed)


async def test_it_is_drawn_once_after_it_closed_from_a_seed_promised_before_it_opened(
    store: Database, clock: StoppedClock
) -> None:
    unpromised = await planned(store, _plan())
    late = await draw.promise(store, unpromised.id, errand=errand(), clock=clock)
    never = await draw.draw(
        store, unpromised.id, errand=errand(), clock=StoppedClock(unpromised.closes_at)
    )
    activity = await _lottery(store, clock)
    early = await draw.draw(store, activity.id, errand=errand(), clock=clock)
    clock.set(activity.closes_at)
    once = await draw.draw(store, activity.id, errand=errand(), clock=clock)
    twice = await draw.draw(store, activity.id, errand=errand(), clock=clock)
    other = await planned(store, camp())

    reasons = [answer.lines[0].reason for answer in (late, never, early, once, twice)]
    assert reasons == [
        Refusal.TOO_LATE_TO_COMMIT,
        Refusal.NOT_COMMITTED,
        Refusal.NOT_CLOSED_YET,
        Move.DRAW_HELD,
        Refusal.DRAWN_ALREADY,
    ]
    wrong = await draw.promise(store, other.id, errand=errand(), clock=clock)
    assert wrong.reasons == (Refusal.NOT_A_LOTTERY,)


async def test_who_withdrew_before_the_draw_takes_no_part(
    store: Database, clock: StoppedClock
) -> None:
    activity = await _lottery(store, clock)
    gone, stays = await many_apply(store, activity, clock, 2)
    await cancels(store, activity, clock, gone)
    clock.set(activity.closes_at)

    await draw.draw(store, activity.id, errand=errand(), clock=clock)

    assert await states(store) == ["cancelled_by_family", "accepted"]
    assert (await sign_up_of(store, stays)).state is SignUpState.ACCEPTED


def _plan() -> Activity:
    return camp(mode=Mode.LOTTERY, opens_at=NOON, closes_at=NOON + timedelta(days=3))


async def _lottery(store: Database, clock: StoppedClock, *, capacity: int = 1) -> Activity:
    """Promised yesterday, open now."""
    activity = await planned(store, _plan(), capacity=capacity)
    await draw.promise(store, activity.id, errand=errand(), clock=StoppedClock(YESTERDAY))
    assert clock.now() == activity.opens_at
    return activity
