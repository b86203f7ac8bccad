"""The coverage list: whom no message reaches. The next family is asked, the rank is kept, and a
coordinator phones.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.activities.filling import refill
from bot.core.activities.offers import OfferState
from bot.core.activities.receipts import Answer, Move, Refusal
from bot.core.activities.records import ActivityRecords
from bot.core.activities.turn import Errand, Turn, in_turn
from bot.core.activities.values import Held, SignUp, SignUpState
from bot.core.ports import Clock, Store


async def note_undelivered(
    store: Store[ActivityRecords], activity_id: int, offer_id: int, *, errand: Errand, clock: Clock
) -> Answer:
    """No adult of the household can be reached. The offer's time is not wasted on them."""

    async def decide(turn: Turn) -> None:
        offer = await turn.records.offer(offer_id)
        if offer is None or offer.state is not OfferState.OPEN:
            turn.reply(Refusal.OFFER_OVER)
            return
        unit = await turn.records.unit(offer.unit_id)
        back = [
            replace(each, state=SignUpState.WAITING, held=Held.UNREACHABLE, since=turn.now)
            for each in unit
            if each.state is SignUpState.OFFERED
        ]
        await turn.records.save_sign_ups(back)
        await turn.records.settle_offers([offer_id], OfferState.UNDELIVERABLE, at=turn.now)
        for each in back:
            turn.reply(Move.NOT_DELIVERED, each)
        await refill(turn)

    return await in_turn(store, activity_id, errand, clock, decide)


async def note_reached(
    store: Store[ActivityRecords], activity_id: int, unit_id: int, *, errand: Errand, clock: Clock
) -> Answer:
    """A coordinator has spoken with the family, or it is back: it is asked again in its turn."""

    async def decide(turn: Turn) -> None:
        unit = await turn.records.unit(unit_id)
        back = [replace(each, held=Held.NO) for each in unit if each.held is Held.UNREACHABLE]
        if not back:
            turn.reply(Refusal.NOT_POSSIBLE)
            return
        await turn.records.save_sign_ups(back)
        for each in back:
            turn.reply(Move.REACHED, each)
        await refill(turn)

    return await in_turn(store, activity_id, errand, clock, decide)


async def to_phone(store: Store[ActivityRecords], activity_id: int) -> Sequence[SignUp]:
    """In the order of their ranks."""
    async with store.reading() as records:
        waiting = await records.sign_ups_in(activity_id, (SignUpState.WAITING,))
    unreachable = [each for each in waiting if each.held is Held.UNREACHABLE]
    return sorted(unreachable, key=lambda each: (-each.priority, each.seq))
