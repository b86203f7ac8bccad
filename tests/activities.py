"""Camps, children and families for tests: a test names only what it is about."""

import itertools
from datetime import datetime, timedelta

from bot.core.activities import answers, cancelling, tending
from bot.core.activities.receipts import Answer, TellKind
from bot.core.activities.records import ActivityRecords
from bot.core.activities.sign_up import Request, Together, Wish, sign_up
from bot.core.activities.turn import Errand
from bot.core.activities.values import (
    Activity,
    ActivityKind,
    ActivityState,
    Held,
    Mode,
    Participant,
    SignUp,
    SignUpState,
    Slot,
)
from bot.core.ids import new_id
from bot.core.ports import Store
from storage.store import Database
from tests.clock import NOON, StoppedClock
from tests.rows import rows

_numbers = itertools.count(1)


def number() -> int:
    return next(_numbers)


def errand(key: str = "", actor_id: int | None = None) -> Errand:
    """Each with a key of its own unless one is given."""
    return Errand(key or f"request {number()}", actor_id)


def camp(
    *,
    kind: ActivityKind = ActivityKind.CAMP,
    mode: Mode = Mode.ORDER_OF_RECEIPT,
    state: ActivityState = ActivityState.PUBLISHED,
    cap: int | None = None,
    starts_in: timedelta = timedelta(days=30),
    opens_at: datetime = NOON - timedelta(days=1),
    closes_at: datetime | None = None,
) -> Activity:
    """In Dortmund; sign-up is open at noon and closes when it starts."""
    starts_at = NOON + starts_in
    return Activity(
        id=new_id(),
        kind=kind,
        mode=mode,
        state=state,
        zone="Europe/Berlin",
        opens_at=opens_at,
        closes_at=closes_at or starts_at,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=7),
        cap=cap,
    )


def bucket(
    of: Activity,
    capacity: int,
    *,
    place: int = 1,
    youngest: int | None = None,
    oldest: int | None = None,
    gender: str | None = None,
    group: str | None = None,
) -> Slot:
    return Slot(new_id(), of.id, place, capacity, youngest, oldest, gender, group)


def child(
    household_id: int = 0, *, age: int = 11, gender: str = "f", group: str = "home"
) -> Participant:
    """Of a household of its own unless one is given."""
    return Participant(number(), household_id or number(), age, gender, group)


def waiting(
    slot: Slot,
    seq: int,
    *,
    quantity: int = 1,
    unit_id: int = 0,
    priority: int = 0,
    held: Held = Held.NO,
) -> SignUp:
    """As a row of the waiting list, not stored."""
    fresh = new_id()
    return SignUp(
        id=fresh,
        activity_id=slot.activity_id,
        slot_id=slot.id,
        once_in=slot.activity_id,
        unit_id=unit_id or fresh,
        participant=child(),
        reference="ABCDEF",
        quantity=quantity,
        state=SignUpState.WAITING,
        priority=priority,
        seq=seq,
        since=NOON,
        held=held,
    )


async def planned(
    store: Store[ActivityRecords], activity: Activity, *slots: Slot, capacity: int = 1
) -> Activity:
    """Stored, with one slot for everybody unless some are given."""
    async with store.transaction() as records:
        await records.add_activity(activity, slots or (bucket(activity, capacity),))
    return activity


async def applies(
    store: Store[ActivityRecords],
    activity: Activity,
    clock: StoppedClock,
    *participants: Participant,
    together: Together = Together.ONE_IS_FINE,
    key: str = "",
    priority: int = 0,
) -> Answer:
    """One request for these; for a child of a family of its own if none is given."""
    wishes = tuple(Wish(each) for each in participants or (child(),))
    request = Request(activity.id, wishes, errand(key), together, priority)
    return await sign_up(store, request, clock)


async def many_apply(
    store: Store[ActivityRecords], activity: Activity, clock: StoppedClock, count: int
) -> list[Participant]:
    """One after the other, each a family of its own."""
    children = [child() for _ in range(count)]
    for each in children:
        await applies(store, activity, clock, each)
    return children


async def state_of(store: Database, participant: Participant) -> SignUpState:
    """Of the newest sign-up."""
    return (await sign_up_of(store, participant)).state


async def sign_up_of(store: Database, participant: Participant) -> SignUp:
    found = [
        row["id"]
        for row in await rows(store, "sign_ups")
        if row["participant_id"] == participant.id
    ]
    async with store.reading() as records:
        return (await records.sign_ups(found))[-1]


async def cancels(
    store: Database, activity: Activity, clock: StoppedClock, participant: Participant
) -> Answer:
    known = await sign_up_of(store, participant)
    return await cancelling.cancel(
        store,
        activity.id,
        [known.id],
        household_id=participant.household_id,
        errand=errand(),
        clock=clock,
    )


async def says(
    store: Database,
    activity: Activity,
    clock: StoppedClock,
    participant: Participant,
    *,
    yes: bool,
    key: str = "",
) -> Answer:
    """To the newest offer."""
    known = await sign_up_of(store, participant)
    answer = answers.say_yes if yes else answers.say_no
    return await answer(
        store,
        activity.id,
        known.offer_id,
        household_id=participant.household_id,
        errand=errand(key),
        clock=clock,
    )


async def tended(store: Database, clock: StoppedClock) -> None:
    await tending.tend(store, clock)


async def told(store: Database, kind: TellKind | None = None) -> list[int]:
    """Households, in the order in which they were to hear."""
    return [
        row["household_id"]
        for row in await rows(store, "tells")
        if kind is None or row["kind"] == kind.value
    ]


async def states(store: Database) -> list[str]:
    """Of all sign-ups, oldest first."""
    return [row["state"] for row in await rows(store, "sign_ups")]
