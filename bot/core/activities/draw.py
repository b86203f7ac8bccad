"""A lottery's three steps: promise a seed, draw once it has closed, report."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from bot.core.activities.hours import next_waking
from bot.core.activities.lottery import (
    Drawn,
    Promise,
    Report,
    Ticket,
    allotted,
    commitment_to,
    in_order,
)
from bot.core.activities.queue import Unit, units
from bot.core.activities.receipts import Answer, Move, Receipt, Refusal, TellKind
from bot.core.activities.records import ActivityRecords
from bot.core.activities.turn import Errand, Turn, in_turn
from bot.core.activities.values import Mode, SignUp, SignUpState
from bot.core.ports import Clock, Store

SEED_BYTES = 32
RESULTS = (Move.DRAWN, Move.DRAWN_NO_PLACE)


async def promise(
    store: Store[ActivityRecords], activity_id: int, *, errand: Errand, clock: Clock
) -> Answer:
    """Before sign-up opens; the commitment in the answer is to be published."""

    async def decide(turn: Turn) -> None:
        if turn.activity.mode is not Mode.LOTTERY:
            turn.reply(Refusal.NOT_A_LOTTERY)
        elif turn.now >= turn.activity.opens_at:
            turn.reply(Refusal.TOO_LATE_TO_COMMIT, opens_at=turn.activity.opens_at)
        elif known := await turn.records.lottery(activity_id):
            turn.reply(Move.COMMITTED, commitment=known.commitment)
        else:
            seed = secrets.token_hex(SEED_BYTES)
            made = Promise(commitment_to(seed), seed)
            await turn.records.add_lottery(activity_id, made)
            turn.reply(Move.COMMITTED, commitment=made.commitment)

    return await in_turn(store, activity_id, errand, clock, decide)


async def draw(
    store: Store[ActivityRecords], activity_id: int, *, errand: Errand, clock: Clock
) -> Answer:
    """Once. Who gets no place stands on the list in the order of the draw."""

    async def decide(turn: Turn) -> None:
        promised = await turn.records.lottery(activity_id)
        if promised is None:
            turn.reply(Refusal.NOT_COMMITTED)
        elif turn.activity.drawn_at is not None:
            turn.reply(Refusal.DRAWN_ALREADY, drawn_at=turn.activity.drawn_at)
        elif turn.now < turn.activity.closes_at:
            turn.reply(Refusal.NOT_CLOSED_YET, closes_at=turn.activity.closes_at)
        else:
            await _draw(turn, promised)

    return await in_turn(store, activity_id, errand, clock, decide)


async def report(store: Store[ActivityRecords], activity_id: int) -> Report | None:
    """None before the draw. As it was drawn: what happened afterwards does not change it."""
    async with store.reading() as records:
        activity = await records.activity(activity_id)
        promised = await records.lottery(activity_id)
        if activity is None or activity.drawn_at is None or promised is None:
            return None
        receipts = await records.receipts_about(activity_id, RESULTS)
    return Report(promised.commitment, promised.seed, _lines(receipts))


async def _draw(turn: Turn, promised: Promise) -> None:
    submitted = await turn.records.sign_ups_in(turn.activity.id, (SignUpState.SUBMITTED,))
    ordered = _ordered(promised.seed, units(submitted))
    standing = turn.standing
    lucky = allotted(ordered, standing.free)
    turn.activity = replace(turn.activity, drawn_at=turn.now)
    await turn.records.set_activity_state(turn.activity)
    results = [
        _result(turn, member, rank=rank, lucky=unit.id in lucky)
        for rank, unit in enumerate(ordered, start=1)
        for member in unit.members
    ]
    await turn.records.save_sign_ups(results)
    for each in results:
        reason = Move.DRAWN if each.unit_id in lucky else Move.DRAWN_NO_PLACE
        turn.note(
            reason,
            each,
            unit=str(each.unit_id),
            priority=each.priority,
            rank=each.seq,
            of=len(ordered),
        )
    _tell(turn, results)
    turn.reply(Move.DRAW_HELD, units=len(ordered), with_a_place=len(lucky))


def _ordered(seed: str, taking_part: Sequence[Unit]) -> list[Unit]:
    by_id = {unit.id: unit for unit in taking_part}
    tickets = [Ticket(unit.id, unit.members[0].priority) for unit in taking_part]
    return [by_id[ticket.unit_id] for ticket in in_order(seed, tickets)]


def _result(turn: Turn, sign_up: SignUp, *, rank: int, lucky: bool) -> SignUp:
    state = SignUpState.ACCEPTED if lucky else SignUpState.WAITING
    return replace(sign_up, state=state, seq=rank, since=turn.now)


def _tell(turn: Turn, results: Sequence[SignUp]) -> None:
    awake = next_waking(turn.now, turn.activity.zone)
    accepted = [each for each in results if each.state is SignUpState.ACCEPTED]
    waiting = [each for each in results if each.state is SignUpState.WAITING]
    turn.tell_units(TellKind.ACCEPTED, accepted, due_at=awake)
    turn.tell_units(TellKind.ON_THE_LIST, waiting, due_at=awake)


def _lines(receipts: Sequence[Receipt]) -> tuple[Drawn, ...]:
    """One for each unit, in the order of the draw."""
    lines: dict[int, Drawn] = {}
    for receipt in sorted(receipts, key=lambda each: int(each.figures["rank"] or 0)):
        ticket = Ticket(int(receipt.figures["unit"] or 0), int(receipt.figures["priority"] or 0))
        lines[ticket.unit_id] = Drawn(ticket, receipt.state or SignUpState.WAITING)
    return tuple(lines.values())
