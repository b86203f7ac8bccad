"""The regular look: whatever is due stands in tables, so that no downtime loses it."""

from datetime import datetime

from bot.core.activities import confirmation
from bot.core.activities.filling import refill
from bot.core.activities.hours import next_waking
from bot.core.activities.receipts import TellKind
from bot.core.activities.records import ActivityRecords
from bot.core.activities.turn import Turn
from bot.core.activities.values import ActivityState, SignUpState
from bot.core.ports import Clock, Store

FIRST_ROUND = max(confirmation.ROUNDS)


async def tend(store: Store[ActivityRecords], clock: Clock) -> int:
    """Every few minutes; may be repeated. Returns how many activities were looked at."""
    now = clock.now()
    async with store.reading() as records:
        due = await records.to_tend(now=now, starts_before=now + FIRST_ROUND)
    for activity_id in due:
        await tend_one(store, activity_id, now)
    return len(due)


async def tend_one(store: Store[ActivityRecords], activity_id: int, now: datetime) -> None:
    async with store.transaction() as records:
        held = await records.hold_activity(activity_id)
        if held is None or held[0].state is not ActivityState.PUBLISHED:
            return
        turn = Turn(records, held[0], now, held[1])
        await refill(turn)
        await _remind(turn)
        await confirmation.ask_who_is_due(turn)
        await turn.write()


async def _remind(turn: Turn) -> None:
    """At half-time, once; not by night, and not any more when the offer is over."""
    due = {
        offer.id: offer
        for offer in await turn.records.open_offers(turn.activity.id)
        if offer.reminded_at is None and offer.remind_at and offer.remind_at <= turn.now
    }
    if not due or next_waking(turn.now, turn.activity.zone) > turn.now:
        return
    await turn.records.set_reminded(due, at=turn.now)
    asked = await turn.records.sign_ups_in(turn.activity.id, (SignUpState.OFFERED,))
    for unit in {each.offer_id: each for each in asked if each.offer_id in due}.values():
        turn.tell(TellKind.OFFER_REMINDER, unit, not_after=due[unit.offer_id].ends_at)
