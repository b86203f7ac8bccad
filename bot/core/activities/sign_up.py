"""Signing up: one request, for one participant or for siblings, decided while places are held."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.activities.arrival import Placed, take
from bot.core.activities.receipts import Answer, Refusal
from bot.core.activities.records import ActivityRecords
from bot.core.activities.turn import Errand, Turn, in_turn
from bot.core.activities.values import (
    ActivityState,
    Participant,
    Slot,
    once_in,
    slot_for,
)
from bot.core.ports import Clock, Store


class Together(StrEnum):
    BOTH_OR_NONE = "both_or_none"
    ONE_IS_FINE = "one_is_fine"


@dataclass(frozen=True, slots=True)
class Wish:
    """`slot_id` None: the bucket that fits. `quantity`: of an item; a child needs one place."""

    participant: Participant
    slot_id: int | None = None
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Request:
    activity_id: int
    wishes: tuple[Wish, ...]
    errand: Errand
    together: Together = Together.ONE_IS_FINE
    priority: int = 0


async def sign_up(store: Store[ActivityRecords], request: Request, clock: Clock) -> Answer:
    """A line for each wish. Who is refused has taken nothing; where siblings come together, one
    who is refused refuses all, and only the reasons for that are told.
    """

    async def decide(turn: Turn) -> None:
        if not _open(turn):
            return
        placed = _placed(turn, request)
        if request.together is Together.ONE_IS_FINE:
            await take(turn, [[each] for each in placed], request.priority)
        elif len(placed) == len(request.wishes):
            await take(turn, [placed], request.priority)

    return await in_turn(
        store,
        request.activity_id,
        request.errand,
        clock,
        decide,
        participants=tuple(wish.participant.id for wish in request.wishes),
        priority=request.priority,
    )


def _open(turn: Turn) -> bool:
    activity, now = turn.activity, turn.now
    match activity.state:
        case ActivityState.DRAFT:
            turn.reply(Refusal.NOT_PUBLISHED)
        case ActivityState.CANCELLED:
            turn.reply(Refusal.CALLED_OFF)
        case ActivityState.PUBLISHED if now < activity.opens_at:
            turn.reply(Refusal.NOT_OPEN_YET, opens_at=activity.opens_at)
        case ActivityState.PUBLISHED if now >= activity.closes_at:
            turn.reply(Refusal.CLOSED, closed_at=activity.closes_at)
        case _:
            return True
    return False


def _placed(turn: Turn, request: Request) -> list[Placed]:
    """Wishes that are possible at all; the others are refused."""
    placed: list[Placed] = []
    for wish in request.wishes:
        who, slot = wish.participant, _slot(wish, turn.standing.slots)
        if slot is None:
            seen = {"age": who.age, "gender": who.gender, "group": who.group}
            turn.reply(Refusal.NO_FITTING_SLOT, who, **seen)
        elif (who.id, slot.id) in turn.standing.signed_up or _is_among(turn, who, slot, placed):
            turn.reply(Refusal.ALREADY_SIGNED_UP, who)
        else:
            placed.append(Placed(who, slot, wish.quantity))
    return placed


def _slot(wish: Wish, slots: tuple[Slot, ...]) -> Slot | None:
    if wish.slot_id is None:
        return slot_for(wish.participant, slots)
    return next((slot for slot in slots if slot.id == wish.slot_id), None)


def _is_among(turn: Turn, who: Participant, slot: Slot, placed: Sequence[Placed]) -> bool:
    """The same wish twice in one request."""
    same = once_in(turn.activity, slot)
    return any(
        each.participant.id == who.id and once_in(turn.activity, each.slot) == same
        for each in placed
    )
