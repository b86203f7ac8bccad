"""Moving a sign-up to another bucket: the old row says so, a new one stands in the other."""

from dataclasses import replace

from bot.core.activities.filling import refill
from bot.core.activities.places import needed
from bot.core.activities.receipts import Answer, Move, Refusal, TellKind
from bot.core.activities.records import ActivityRecords
from bot.core.activities.turn import Errand, Turn, in_turn
from bot.core.activities.values import Held, SignUp, SignUpState, Slot, once_in
from bot.core.ids import new_id
from bot.core.ports import Clock, Store

MOVABLE = (SignUpState.PENDING_REVIEW, SignUpState.ACCEPTED, SignUpState.WAITING)


async def move(
    store: Store[ActivityRecords],
    activity_id: int,
    sign_up_id: int,
    slot_id: int,
    *,
    errand: Errand,
    clock: Clock,
) -> Answer:
    """Who has a place needs one there; who waits keeps the rank. Reference and unit stay."""

    async def decide(turn: Turn) -> None:
        found = await turn.records.sign_ups([sign_up_id])
        standing = turn.standing
        slot = next((slot for slot in standing.slots if slot.id == slot_id), None)
        if not found or slot is None:
            turn.reply(Refusal.NOT_POSSIBLE)
            return
        old, new = _before_and_after(turn, found[0], slot)
        free = standing.free + needed([found[0]])  # the place that is left counts as free
        if found[0].state not in MOVABLE or found[0].activity_id != activity_id:
            turn.reply(Refusal.NOT_POSSIBLE, found[0])
        elif new.state is SignUpState.ACCEPTED and not free.hold(needed([new])):
            left = max(0, standing.free.by_slot.get(slot_id, 0))
            turn.reply(Refusal.NO_PLACE, found[0], wanted=new.quantity, left=left)
        else:
            await turn.records.save_sign_ups([old])
            await turn.records.add_sign_ups([new])
            turn.note(Move.MOVED_AWAY, old, to_slot=slot_id)
            turn.reply(Move.MOVED_HERE, new, from_slot=old.slot_id)
            turn.tell(TellKind.MOVED, new)
            await refill(turn)

    return await in_turn(store, activity_id, errand, clock, decide)


def _before_and_after(turn: Turn, sign_up: SignUp, slot: Slot) -> tuple[SignUp, SignUp]:
    old = replace(sign_up, state=SignUpState.MOVED, since=turn.now)
    new = replace(
        sign_up,
        id=new_id(),
        slot_id=slot.id,
        once_in=once_in(turn.activity, slot),
        since=turn.now,
        held=Held.NO,
        version=0,
    )
    return old, new
