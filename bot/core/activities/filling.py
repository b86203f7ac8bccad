"""Places that are free find their family: offers that ended, lost races, and who is asked next.

Part of every turn that frees a place, and of the regular look (`tending.py`). By night nobody is
asked; the places are kept until the morning.
"""

from collections.abc import Collection
from dataclasses import replace

from bot.core.activities.hours import is_waking, next_waking
from bot.core.activities.offers import Offer, OfferState, asked_at_once, ends_at, remind_at
from bot.core.activities.promotion import lost_races, next_asked
from bot.core.activities.queue import Unit, position, units
from bot.core.activities.receipts import Move, TellKind
from bot.core.activities.turn import Turn
from bot.core.activities.values import ActivityState, SignUp, SignUpState
from bot.core.ids import new_id

IN_THE_QUEUE = (SignUpState.WAITING, SignUpState.OFFERED)


async def refill(turn: Turn) -> None:
    """Ends what has ended, then asks whoever is next for what is free."""
    still_open = await _expire(turn)
    await _end_lost_races(turn, [offer.id for offer in still_open if offer.racing])
    await _ask_next(turn)


async def _expire(turn: Turn) -> list[Offer]:
    """Returns the offers that stand."""
    offers = await turn.records.open_offers(turn.activity.id)
    late = {offer.id: offer for offer in offers if offer.ends_at <= turn.now}
    if late:
        expired = [
            replace(sign_up, state=SignUpState.EXPIRED, since=turn.now)
            for sign_up in await _offered(turn, late)
        ]
        await turn.records.settle_offers(late, OfferState.EXPIRED, at=turn.now)
        await turn.records.save_sign_ups(expired)
        for sign_up in expired:
            turn.note(Move.NO_ANSWER, sign_up, ended_at=late[sign_up.offer_id].ends_at)
        awake = next_waking(turn.now, turn.activity.zone)
        turn.tell_units(TellKind.OFFER_EXPIRED, expired, due_at=awake)
    return [offer for offer in offers if offer.id not in late]


async def _end_lost_races(turn: Turn, racing: Collection[int]) -> None:
    if not racing:
        return
    free = (await turn.records.standing(turn.activity.id)).free
    lost = lost_races(units(await _offered(turn, racing)), free)
    if not lost:
        return
    back = [
        replace(member, state=SignUpState.WAITING, since=turn.now)
        for unit in lost
        for member in unit.members
    ]
    await turn.records.settle_offers(
        {sign_up.offer_id for sign_up in back}, OfferState.TAKEN, at=turn.now
    )
    await turn.records.save_sign_ups(back)
    queue = await turn.records.sign_ups_in(turn.activity.id, IN_THE_QUEUE)
    for sign_up in back:
        turn.note(Move.OTHERS_QUICKER, sign_up, position=position(sign_up, queue))
    awake = next_waking(turn.now, turn.activity.zone)
    turn.tell_units(TellKind.OFFER_TAKEN, back, due_at=awake)


async def _ask_next(turn: Turn) -> None:
    activity = turn.activity
    if activity.state is not ActivityState.PUBLISHED or not is_waking(turn.now, activity.zone):
        return
    standing = await turn.records.standing(activity.id)
    if not standing.waiting:
        return
    queue = units(await turn.records.sign_ups_in(activity.id, (SignUpState.WAITING,)))
    at_once = asked_at_once(turn.now, activity)
    asked = next_asked(queue, standing.free, racing=standing.racing, at_once=at_once)
    if end := ends_at(turn.now, activity):
        offers = {
            unit.id: Offer(
                new_id(),
                activity.id,
                unit.id,
                at_once > 1,
                turn.now,
                remind_at(turn.now, end, activity.zone),
                end,
            )
            for unit in asked
        }
        await _ask(turn, asked, offers)


async def _ask(turn: Turn, asked: Collection[Unit], offers: dict[int, Offer]) -> None:
    if not asked:
        return
    await turn.records.add_offers(list(offers.values()))
    for unit in asked:
        offer = offers[unit.id]
        members = [_offered_by(offer, member) for member in unit.members]
        await turn.records.save_sign_ups(members)
        for member in members:
            turn.note(Move.ASKED, member, ends_at=offer.ends_at, racing=int(offer.racing))
        turn.tell(TellKind.OFFER, members[0], not_after=offer.ends_at)


def _offered_by(offer: Offer, sign_up: SignUp) -> SignUp:
    return replace(sign_up, state=SignUpState.OFFERED, offer_id=offer.id, since=offer.made_at)


async def _offered(turn: Turn, offers: Collection[int]) -> list[SignUp]:
    found = await turn.records.sign_ups_in(turn.activity.id, (SignUpState.OFFERED,))
    return [sign_up for sign_up in found if sign_up.offer_id in offers]
