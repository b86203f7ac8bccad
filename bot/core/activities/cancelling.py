"""Cancelling: a sign-up by the family or the team, or the whole activity. Places refill at once."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.core.activities.filling import refill
from bot.core.activities.offers import OfferState
from bot.core.activities.receipts import Answer, Move, Reason, Refusal, TellKind
from bot.core.activities.records import ActivityRecords
from bot.core.activities.turn import Errand, Turn, in_turn
from bot.core.activities.values import LIVE, ActivityState, SignUp, SignUpState
from bot.core.ports import Clock, Store


async def cancel(
    store: Store[ActivityRecords],
    activity_id: int,
    sign_ups: Collection[int],
    *,
    household_id: int,
    errand: Errand,
    clock: Clock,
) -> Answer:
    """By the family."""

    async def decide(turn: Turn) -> None:
        found = await turn.records.sign_ups(sign_ups)
        if not found or any(each.participant.household_id != household_id for each in found):
            turn.reply(Refusal.NOT_YOURS)
            return
        await _cancel(turn, found, SignUpState.CANCELLED_BY_FAMILY, Move.FAMILY_CANCELLED)
        await refill(turn)

    return await in_turn(store, activity_id, errand, clock, decide)


async def cancel_by_team(
    store: Store[ActivityRecords],
    activity_id: int,
    sign_ups: Collection[int],
    *,
    errand: Errand,
    clock: Clock,
) -> Answer:
    """The family is told."""

    async def decide(turn: Turn) -> None:
        found = await turn.records.sign_ups(sign_ups)
        gone = await _cancel(turn, found, SignUpState.CANCELLED_BY_TEAM, Move.TEAM_CANCELLED)
        turn.tell_units(TellKind.CANCELLED_BY_TEAM, gone)
        await refill(turn)

    return await in_turn(store, activity_id, errand, clock, decide)


async def call_off(
    store: Store[ActivityRecords], activity_id: int, *, errand: Errand, clock: Clock
) -> Answer:
    """The activity does not take place: offers are void, the list is closed, everybody is told."""

    async def decide(turn: Turn) -> None:
        if turn.activity.state is ActivityState.CANCELLED:
            turn.reply(Refusal.CALLED_OFF)
            return
        turn.activity = replace(turn.activity, state=ActivityState.CANCELLED)
        await turn.records.set_activity_state(turn.activity)
        everybody = await turn.records.sign_ups_in(activity_id, LIVE)
        gone = [_gone(turn, each, SignUpState.CANCELLED_BY_TEAM) for each in everybody]
        await turn.records.save_sign_ups(gone)
        await _withdraw_offers(turn)
        for each in gone:
            turn.note(Move.ACTIVITY_CALLED_OFF, each)
        turn.tell_units(TellKind.CALLED_OFF, gone)
        turn.reply(Move.ACTIVITY_CALLED_OFF, told=len({each.unit_id for each in gone}))

    return await in_turn(store, activity_id, errand, clock, decide)


async def _cancel(
    turn: Turn, sign_ups: Sequence[SignUp], state: SignUpState, reason: Reason
) -> list[SignUp]:
    """Returns those that were live, as they are now."""
    gone = []
    for each in sign_ups:
        if each.activity_id != turn.activity.id or each.state not in LIVE:
            turn.reply(Refusal.NOT_POSSIBLE, each)
            continue
        gone.append(_gone(turn, each, state))
        days = (turn.activity.starts_at - turn.now).days
        turn.reply(reason, gone[-1], was=each.state.value, days_before=days)
    await turn.records.save_sign_ups(gone)
    await _withdraw_offers(turn)
    return gone


async def _withdraw_offers(turn: Turn) -> None:
    """Those that nobody is left to answer."""
    asked = await turn.records.sign_ups_in(turn.activity.id, (SignUpState.OFFERED,))
    to_somebody = {each.offer_id for each in asked}
    offers = await turn.records.open_offers(turn.activity.id)
    void = [offer.id for offer in offers if offer.id not in to_somebody]
    if void:
        await turn.records.settle_offers(void, OfferState.WITHDRAWN, at=turn.now)


def _gone(turn: Turn, sign_up: SignUp, state: SignUpState) -> SignUp:
    return replace(sign_up, state=state, since=turn.now)
