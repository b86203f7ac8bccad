"""The team's decisions: review, capacity, and the day itself."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from bot.core.activities.filling import refill
from bot.core.activities.places import Places, all_places, needed
from bot.core.activities.receipts import Answer, Move, Refusal, TellKind
from bot.core.activities.records import ActivityRecords, Standing
from bot.core.activities.turn import Errand, Turn, in_turn
from bot.core.activities.values import BEFORE, SignUp, SignUpState
from bot.core.ports import Clock, Store


class Verdict(StrEnum):
    ACCEPT = "accept"
    WAIT = "wait"
    REFUSE = "refuse"


VERDICTS = {
    Verdict.ACCEPT: (SignUpState.ACCEPTED, Move.REVIEWED, TellKind.ACCEPTED),
    Verdict.WAIT: (SignUpState.WAITING, Move.REVIEW_WAITS, TellKind.ON_THE_LIST),
    Verdict.REFUSE: (
        SignUpState.CANCELLED_BY_TEAM,
        Move.REVIEW_REFUSED,
        TellKind.CANCELLED_BY_TEAM,
    ),
}
UNDECIDED = (SignUpState.PENDING_REVIEW, SignUpState.WAITING)


async def review(
    store: Store[ActivityRecords],
    activity_id: int,
    unit_id: int,
    verdict: Verdict,
    *,
    errand: Errand,
    clock: Clock,
) -> Answer:
    """Of a unit that is to be decided, or waits. Accepting needs free places."""

    async def decide(turn: Turn) -> None:
        state, reason, kind = VERDICTS[verdict]
        unit = [each for each in await turn.records.unit(unit_id) if each.state in UNDECIDED]
        if not unit or unit[0].activity_id != activity_id:
            turn.reply(Refusal.NOT_POSSIBLE)
            return
        if verdict is Verdict.ACCEPT and not await _has_room(turn, unit):
            return
        decided = [replace(each, state=state, since=turn.now) for each in unit]
        await turn.records.save_sign_ups(decided)
        for each in decided:
            turn.reply(reason, each, reference=each.reference)
        turn.tell_units(kind, decided)
        await refill(turn)

    return await in_turn(store, activity_id, errand, clock, decide)


async def resize(
    store: Store[ActivityRecords],
    activity_id: int,
    slot_id: int | None,
    capacity: int | None,
    *,
    errand: Errand,
    clock: Clock,
) -> Answer:
    """A slot's capacity, or (slot None) the cap over all. What is taken or promised stays."""

    async def decide(turn: Turn) -> None:
        before = turn.standing
        after = _resized(before, slot_id, capacity)
        held = before.taken + before.offered
        if not all_places(after.slots, after.cap).hold(held):
            turn.reply(
                Refusal.BELOW_TAKEN,
                wanted=capacity,
                taken=_number(before.taken, slot_id),
                offered=_number(before.offered, slot_id),
            )
            return
        if slot_id is None:
            await turn.records.set_cap(activity_id, capacity)
            turn.activity = replace(turn.activity, cap=capacity)
        else:
            await turn.records.set_capacity(slot_id, capacity or 0)
        was = _number(all_places(before.slots, before.cap), slot_id)
        turn.reply(Move.CAPACITY_CHANGED, slot=slot_id, was=was, capacity=capacity)
        await refill(turn)

    return await in_turn(store, activity_id, errand, clock, decide)


async def mark(
    store: Store[ActivityRecords],
    activity_id: int,
    sign_up_id: int,
    state: SignUpState,
    *,
    errand: Errand,
    clock: Clock,
) -> Answer:
    """On the day: checked in, attended, no show."""

    async def decide(turn: Turn) -> None:
        for each in await turn.records.sign_ups([sign_up_id]):
            if each.activity_id != activity_id or each.state not in BEFORE[state]:
                turn.reply(Refusal.NOT_POSSIBLE, each)
            else:
                marked = replace(each, state=state, since=turn.now)
                await turn.records.save_sign_ups([marked])
                turn.reply(Move.MARKED, marked)

    return await in_turn(store, activity_id, errand, clock, decide)


async def _has_room(turn: Turn, unit: Sequence[SignUp]) -> bool:
    """The team may choose whom it likes, but only for a place that is free and promised to none."""
    standing = turn.standing
    need = needed(unit)
    if standing.free.hold(need):
        return True
    free = min(standing.free.by_slot.get(slot, 0) for slot in need.by_slot)
    turn.reply(
        Refusal.NO_PLACE, unit[0], wanted=need.total, left=max(0, min(free, standing.free.total))
    )
    return False


def _resized(standing: Standing, slot_id: int | None, capacity: int | None) -> Standing:
    if slot_id is None:
        return replace(standing, cap=capacity)
    slots = tuple(
        replace(slot, capacity=capacity or 0) if slot.id == slot_id else slot
        for slot in standing.slots
    )
    return replace(standing, slots=slots)


def _number(places: Places, slot_id: int | None) -> int:
    return places.total if slot_id is None else places.by_slot.get(slot_id, 0)
