"""Re-confirmation: "are you still coming?", 14 and 3 days before the start.

Silence loses nobody the place: who does not answer is phoned. Who says no cancels.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.activities.hours import next_waking
from bot.core.activities.receipts import Answer, Move, Refusal, TellKind
from bot.core.activities.records import ActivityRecords
from bot.core.activities.turn import Errand, Turn, in_turn
from bot.core.activities.values import Activity, SignUp, SignUpState
from bot.core.ports import Clock, Store

ROUNDS = (timedelta(days=14), timedelta(days=3))


def is_due(sign_up: SignUp, activity: Activity, now: datetime) -> bool:
    """A round has begun since the place was given and since the last question. After a long
    silence of the bot only the newest round is asked.
    """
    if sign_up.state is not SignUpState.ACCEPTED or now >= activity.starts_at:
        return False
    begun = [activity.starts_at - before for before in ROUNDS if activity.starts_at - before <= now]
    heard = max(sign_up.since, sign_up.asked_at or sign_up.since)
    return bool(begun) and begun[-1] > heard


async def ask_who_is_due(turn: Turn) -> None:
    """Part of the regular look: all who are due, each unit once."""
    accepted = await turn.records.sign_ups_in(turn.activity.id, (SignUpState.ACCEPTED,))
    due = [each for each in accepted if is_due(each, turn.activity, turn.now)]
    if due:
        await turn.records.set_asked([each.id for each in due], at=turn.now)
        awake = next_waking(turn.now, turn.activity.zone)
        turn.tell_units(TellKind.STILL_COMING, due, due_at=awake)


async def confirm(
    store: Store[ActivityRecords],
    activity_id: int,
    unit_id: int,
    *,
    household_id: int,
    errand: Errand,
    clock: Clock,
) -> Answer:
    async def decide(turn: Turn) -> None:
        unit = await turn.records.unit(unit_id)
        coming = [each for each in unit if each.state is SignUpState.ACCEPTED]
        if any(each.participant.household_id != household_id for each in unit):
            turn.reply(Refusal.NOT_YOURS)
        elif not coming:
            turn.reply(Refusal.NOT_POSSIBLE)
        else:
            await turn.records.set_confirmed([each.id for each in coming], at=turn.now)
            for each in coming:
                turn.reply(Move.CONFIRMED, each)

    return await in_turn(store, activity_id, errand, clock, decide)


async def silent(store: Store[ActivityRecords], activity_id: int) -> Sequence[SignUp]:
    """Asked, and no answer since: to be phoned."""
    async with store.reading() as records:
        accepted = await records.sign_ups_in(activity_id, (SignUpState.ACCEPTED,))
    return [each for each in accepted if _is_silent(each)]


def _is_silent(sign_up: SignUp) -> bool:
    if sign_up.asked_at is None:
        return False
    return sign_up.confirmed_at is None or sign_up.confirmed_at < sign_up.asked_at
