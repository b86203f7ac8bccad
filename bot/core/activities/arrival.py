"""What a newcomer gets: a place, a rank on the list, or a decision later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.activities.filling import refill
from bot.core.activities.places import Places, add_up, needed
from bot.core.activities.promotion import left_for_newcomers
from bot.core.activities.queue import position, units
from bot.core.activities.receipts import Move, Refusal
from bot.core.activities.records import Standing
from bot.core.activities.turn import Turn
from bot.core.activities.values import (
    Activity,
    ActivityKind,
    Mode,
    Participant,
    SignUp,
    SignUpState,
    Slot,
    once_in,
)
from bot.core.ids import new_id, new_reference

EXPLAINED = {
    SignUpState.PENDING_REVIEW: Move.TEAM_DECIDES,
    SignUpState.SUBMITTED: Move.DRAW_DECIDES,
    SignUpState.ACCEPTED: Move.PLACE_WAS_FREE,
}


@dataclass(frozen=True, slots=True)
class Placed:
    """Somebody, and the slot it is about."""

    participant: Participant
    slot: Slot
    quantity: int


def first_state(activity: Activity, *, fits: bool) -> SignUpState:
    if activity.mode is Mode.REVIEW:
        return SignUpState.PENDING_REVIEW
    if activity.mode is Mode.LOTTERY and activity.drawn_at is None:
        return SignUpState.SUBMITTED
    return SignUpState.ACCEPTED if fits else SignUpState.WAITING


async def take(turn: Turn, groups: Sequence[Sequence[Placed]], priority: int) -> None:
    """Each group gets its places together, or its rank; of a drive there is no list."""
    standing = turn.standing
    left = await _left(turn, groups)
    new: list[SignUp] = []
    for seq, group in enumerate(groups, start=standing.last_seq + 1):
        need = _need(group)
        state = first_state(turn.activity, fits=left.hold(need))
        if state is SignUpState.WAITING and turn.activity.kind is ActivityKind.DRIVE:
            _refuse(turn, group, left)
            continue
        if state is SignUpState.ACCEPTED:
            left -= need
            standing = replace(standing, taken=standing.taken + need)
        new += _unit(turn, group, state, seq=seq, priority=priority)
        _explain(turn, new, len(group), standing)
    if new:
        await turn.records.add_sign_ups(new)
    waiting = units(each for each in new if each.state is SignUpState.WAITING)
    if any(standing.free.hold(unit.need) for unit in waiting):
        await refill(turn)  # a race for that place may still have room


async def _left(turn: Turn, groups: Sequence[Sequence[Placed]]) -> Places:
    """The list is read only where a place is free that a newcomer could take."""
    free, racing = turn.standing.free, turn.standing.racing
    waiting: Sequence[SignUp] = ()
    if turn.standing.waiting and any(free.hold(_need(group)) for group in groups):
        waiting = await turn.records.sign_ups_in(turn.activity.id, (SignUpState.WAITING,))
    return left_for_newcomers(units(waiting), free, racing=racing)


def _need(group: Sequence[Placed]) -> Places:
    return add_up((placed.slot.id, placed.quantity) for placed in group)


def _unit(
    turn: Turn, group: Sequence[Placed], state: SignUpState, *, seq: int, priority: int
) -> list[SignUp]:
    unit_id, activity = new_id(), turn.activity
    return [
        SignUp(
            id=new_id(),
            activity_id=activity.id,
            slot_id=placed.slot.id,
            once_in=once_in(activity, placed.slot),
            unit_id=unit_id,
            participant=placed.participant,
            reference=new_reference(),
            quantity=placed.quantity,
            state=state,
            priority=priority,
            seq=seq,
            since=turn.now,
            actor_id=turn.actor_id,
        )
        for placed in group
    ]


def _refuse(turn: Turn, group: Sequence[Placed], left: Places) -> None:
    for placed in group:
        available = _available(left, placed.slot.id)
        turn.reply(
            Refusal.NOT_ENOUGH_LEFT, placed.participant, wanted=placed.quantity, left=available
        )


def _explain(turn: Turn, new: Sequence[SignUp], size: int, standing: Standing) -> None:
    """The last so many, a unit; the others of the same request stand before it."""
    waiting = [each for each in new if each.state is SignUpState.WAITING]
    need = needed(new[-size:])
    for sign_up in new[-size:]:
        if reason := EXPLAINED.get(sign_up.state):
            turn.reply(reason, sign_up, reference=sign_up.reference)
        else:
            ahead = standing.ahead.get(sign_up.slot_id, 0)
            turn.reply(
                Move.OTHERS_WAIT if standing.free.hold(need) else Move.NO_PLACE_FREE,
                sign_up,
                reference=sign_up.reference,
                wanted=need.total,
                free=_available(standing.free, sign_up.slot_id),
                position=ahead + position(sign_up, waiting),
            )


def _available(left: Places, slot_id: int) -> int:
    return max(0, min(left.total, left.by_slot.get(slot_id, 0)))
