"""A place on the list: keep it after an offer ended, rest, come back. Each is one tap."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.activities.filling import IN_THE_QUEUE, refill
from bot.core.activities.queue import position
from bot.core.activities.receipts import Answer, Move, Reason, Refusal
from bot.core.activities.records import ActivityRecords, View
from bot.core.activities.turn import Errand, Turn, in_turn
from bot.core.activities.values import ActivityState, Held, SignUp, SignUpState
from bot.core.ports import Clock, Store


async def keep_me(
    store: Store[ActivityRecords],
    activity_id: int,
    unit_id: int,
    *,
    household_id: int,
    errand: Errand,
    clock: Clock,
) -> Answer:
    """Who did not answer in time goes to the end of the list."""

    async def decide(turn: Turn) -> None:
        unit = await _own(turn, unit_id, household_id, (SignUpState.EXPIRED,))
        if unit and not await _is_too_late(turn, unit):
            last = turn.standing.last_seq
            await _line_up(
                turn,
                Move.KEPT,
                [
                    replace(each, state=SignUpState.WAITING, seq=last + 1, since=turn.now)
                    for each in unit
                ],
            )
            await refill(turn)

    return await in_turn(store, activity_id, errand, clock, decide)


async def rest(
    store: Store[ActivityRecords],
    activity_id: int,
    unit_id: int,
    *,
    household_id: int,
    errand: Errand,
    clock: Clock,
) -> Answer:
    """Not to be asked for a while; the rank stays."""

    async def decide(turn: Turn) -> None:
        if unit := await _own(turn, unit_id, household_id, (SignUpState.WAITING,)):
            resting = [replace(each, held=Held.RESTING) for each in unit]
            await _line_up(turn, Move.RESTS, resting)

    return await in_turn(store, activity_id, errand, clock, decide)


async def wake(
    store: Store[ActivityRecords],
    activity_id: int,
    unit_id: int,
    *,
    household_id: int,
    errand: Errand,
    clock: Clock,
) -> Answer:
    async def decide(turn: Turn) -> None:
        if unit := await _own(turn, unit_id, household_id, (SignUpState.WAITING,)):
            await _line_up(turn, Move.RESTS_NO_MORE, [replace(each, held=Held.NO) for each in unit])
            await refill(turn)

    return await in_turn(store, activity_id, errand, clock, decide)


async def _own(
    turn: Turn, unit_id: int, household_id: int, states: Sequence[SignUpState]
) -> list[SignUp]:
    """Those of the unit that can be moved; none where it is refused."""
    unit = await turn.records.unit(unit_id)
    if not unit or any(each.participant.household_id != household_id for each in unit):
        turn.reply(Refusal.NOT_YOURS)
        return []
    found = [each for each in unit if each.state in states]
    if not found:
        turn.reply(Refusal.NOT_POSSIBLE, unit[0])
    return found


async def _is_too_late(turn: Turn, unit: Sequence[SignUp]) -> bool:
    view = View(participants=tuple(each.participant.id for each in unit))
    if turn.activity.state is ActivityState.CANCELLED:
        turn.reply(Refusal.CALLED_OFF)
    elif turn.now >= turn.activity.starts_at:
        turn.reply(Refusal.STARTED, started_at=turn.activity.starts_at)
    elif (await turn.records.standing(turn.activity.id, view)).signed_up:
        turn.reply(Refusal.ALREADY_SIGNED_UP, unit[0])
    else:
        return False
    return True


async def _line_up(turn: Turn, reason: Reason, unit: Sequence[SignUp]) -> None:
    await turn.records.save_sign_ups(unit)
    queue = await turn.records.sign_ups_in(turn.activity.id, IN_THE_QUEUE)
    for each in unit:
        turn.reply(reason, each, position=position(each, queue))
