"""The family's answer to an offer, yes or no. One counts, in time, and only theirs."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.activities.filling import refill
from bot.core.activities.offers import Offer, OfferState
from bot.core.activities.places import needed
from bot.core.activities.receipts import Answer, Move, Reason, Refusal
from bot.core.activities.records import ActivityRecords
from bot.core.activities.turn import Errand, Turn, in_turn
from bot.core.activities.values import SignUp, SignUpState
from bot.core.ports import Clock, Store


async def say_yes(
    store: Store[ActivityRecords],
    activity_id: int,
    offer_id: int,
    *,
    household_id: int,
    errand: Errand,
    clock: Clock,
) -> Answer:
    async def decide(turn: Turn) -> None:
        asked = await _asked(turn, offer_id, household_id)
        if asked and not await _holds(turn, asked):
            turn.reply(Refusal.OFFER_TAKEN, asked[0])
        elif asked:
            await _settle(turn, asked, SignUpState.ACCEPTED, OfferState.ACCEPTED, Move.SAID_YES)
        await refill(turn)

    return await in_turn(store, activity_id, errand, clock, decide)


async def say_no(
    store: Store[ActivityRecords],
    activity_id: int,
    offer_id: int,
    *,
    household_id: int,
    errand: Errand,
    clock: Clock,
) -> Answer:
    async def decide(turn: Turn) -> None:
        if asked := await _asked(turn, offer_id, household_id):
            await _settle(turn, asked, SignUpState.DECLINED, OfferState.DECLINED, Move.SAID_NO)
        await refill(turn)

    return await in_turn(store, activity_id, errand, clock, decide)


async def _asked(turn: Turn, offer_id: int, household_id: int) -> list[SignUp]:
    """Whom the offer is for; none where it is refused."""
    offer = await turn.records.offer(offer_id)
    if offer is None or offer.activity_id != turn.activity.id:
        turn.reply(Refusal.OFFER_UNKNOWN)
        return []
    unit = await turn.records.unit(offer.unit_id)
    if any(member.participant.household_id != household_id for member in unit):
        turn.reply(Refusal.NOT_YOURS)
        return []
    if refusal := _too_late(offer, turn):
        turn.reply(refusal, unit[0], ended_at=offer.ends_at, offer=offer.state.value)
        return []
    return [member for member in unit if member.state is SignUpState.OFFERED]


def _too_late(offer: Offer, turn: Turn) -> Reason | None:
    match offer.state:
        case OfferState.OPEN:
            return Refusal.OFFER_EXPIRED if turn.now >= offer.ends_at else None
        case OfferState.EXPIRED:
            return Refusal.OFFER_EXPIRED
        case OfferState.TAKEN:
            return Refusal.OFFER_TAKEN
        case _:
            return Refusal.OFFER_OVER


async def _holds(turn: Turn, asked: Sequence[SignUp]) -> bool:
    """A firm offer has its places; a race needs one that nobody has taken yet."""
    offer = await turn.records.offer(asked[0].offer_id)
    if offer is None or not offer.racing:
        return True
    return turn.standing.free.hold(needed(asked))


async def _settle(
    turn: Turn, asked: Sequence[SignUp], state: SignUpState, offer: OfferState, reason: Reason
) -> None:
    settled = [replace(sign_up, state=state, since=turn.now) for sign_up in asked]
    await turn.records.save_sign_ups(settled)
    await turn.records.settle_offers([asked[0].offer_id], offer, at=turn.now)
    for sign_up in settled:
        turn.reply(reason, sign_up, reference=sign_up.reference)
