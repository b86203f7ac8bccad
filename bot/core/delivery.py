"""The ledger: one row for each thing that goes to each person, and what became of it.

    pending --claim--> claimed --Telegram took it------------> sent
       ^                  |----- blocked, account gone-------> blocked   (person noted)
       |                  |----- refused for its content-----> failed
       |                  |----- went out, no answer came----> unknown   (never resent blindly)
       |                  |----- no longer wanted------------> cancelled
       |                  '----- too late--------------------> expired
       '---- certainly not sent (429, no connection): due again later

Rows are born in the transaction that decides to send (a release, a translation that arrives),
claimed and settled in transactions of their own, and nothing is open while Telegram is awaited.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, assert_never

from bot.core.news import Origin, Reading
from bot.core.people import Person
from bot.core.ports import Clock, Store
from bot.core.together import all_of

IN_FLIGHT = 8  # claimed at a time: at most this many are in doubt after a crash
LONGEST_WAIT = timedelta(minutes=10)
EDITS_KEEP = timedelta(days=3)  # a translation that could not be shown by then stays under /news


class Kind(StrEnum):
    NEWS = "news"
    NEWS_EDIT = "news_edit"  # puts a translation in place of the original that went out


RESENT = (Kind.NEWS_EDIT,)  # an edit made twice looks like an edit made once


class DeliveryState(StrEnum):
    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    BLOCKED = "blocked"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed row with all that is needed to send it."""

    id: int
    kind: Kind
    attempt: int  # fences: a settlement of an earlier attempt changes nothing
    not_after: datetime | None
    person: Person
    reading: Reading
    edits_message: int | None  # Telegram's message_id; set for edits only


@dataclass(frozen=True, slots=True)
class Sent:
    message_id: int


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The person blocked the bot, deleted the account or never began the chat."""


@dataclass(frozen=True, slots=True)
class Later:
    """Certainly not sent. `wait` None: as long as the number of attempts says."""

    reason: str
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will never take this text."""

    reason: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The request left and no answer came."""

    reason: str


Outcome = Sent | Unreachable | Later | Refused | InDoubt


@dataclass(frozen=True, slots=True)
class Settlement:
    state: DeliveryState
    due_at: datetime | None = None
    message_id: int | None = None
    reason: str | None = None


def settlement(outcome: Outcome, parcel: Parcel, now: datetime) -> Settlement:
    match outcome:
        case Sent(message_id):
            return Settlement(DeliveryState.SENT, message_id=message_id)
        case Unreachable():
            return Settlement(DeliveryState.BLOCKED)
        case Refused(reason):
            return Settlement(DeliveryState.FAILED, reason=reason)
        case InDoubt(reason) if parcel.kind in RESENT:
            return Settlement(DeliveryState.PENDING, due_at=now + _wait(parcel), reason=reason)
        case InDoubt(reason):
            return Settlement(DeliveryState.UNKNOWN, reason=reason)
        case Later(reason, wait):
            due_at = now + (wait if wait is not None else _wait(parcel))
            return Settlement(DeliveryState.PENDING, due_at=due_at, reason=reason)
        case _:
            assert_never(outcome)


def objection(parcel: Parcel, now: datetime) -> DeliveryState | None:
    """Asked again just before sending: much can happen between release and delivery."""
    if parcel.not_after is not None and parcel.not_after < now:
        return DeliveryState.EXPIRED
    if parcel.kind is Kind.NEWS and not parcel.person.wants_messages(now):
        return DeliveryState.CANCELLED
    return None


class Messenger(Protocol):
    async def deliver(self, parcel: Parcel) -> Outcome: ...


class DeliveryRecords(Protocol):
    async def claim_due(self, now: datetime, limit: int) -> Sequence[int]:
        """Marks the oldest due rows claimed, with their attempt counted up."""
        ...

    async def parcels(self, ids: Sequence[int]) -> Sequence[Parcel]: ...
    async def settle(self, parcel: Parcel, settlement: Settlement, *, now: datetime) -> bool:
        """False where the row is no longer ours: another attempt has begun."""
        ...

    async def set_blocked(self, telegram_id: int, at: datetime | None) -> None: ...
    async def queue_edits(self, news_id: int, *, now: datetime) -> int: ...
    async def abandon_claims(self, *, resend: Sequence[Kind], now: datetime) -> int: ...


async def deliver_due(
    store: Store[DeliveryRecords], messenger: Messenger, clock: Clock, *, batch: int = IN_FLIGHT
) -> int:
    """One batch; returns how many rows were claimed, 0 when nothing is due.

    Batches of one leader never overlap, so a row still claimed when one begins has lost its
    sender: its settlement failed.
    """
    now = clock.now()
    async with store.transaction() as records:
        await records.abandon_claims(resend=RESENT, now=now)
        claimed = await records.claim_due(now, batch)
        parcels = await records.parcels(claimed) if claimed else ()
    await all_of(_deliver(store, messenger, parcel, clock) for parcel in parcels)
    return len(claimed)


async def take_over(store: Store[DeliveryRecords], clock: Clock) -> int:
    """A new leader finds claims nobody will settle: news become unknown, edits are made again."""
    async with store.transaction() as records:
        return await records.abandon_claims(resend=RESENT, now=clock.now())


async def _deliver(
    store: Store[DeliveryRecords], messenger: Messenger, parcel: Parcel, clock: Clock
) -> None:
    unwanted = objection(parcel, clock.now())
    if unwanted:
        await _settle(store, parcel, Settlement(unwanted), clock.now())
        return
    try:
        outcome = await messenger.deliver(parcel)
    except Exception as fault:
        in_doubt = settlement(InDoubt(type(fault).__name__), parcel, clock.now())
        await _settle(store, parcel, in_doubt, clock.now())
        raise
    await _settle(store, parcel, settlement(outcome, parcel, clock.now()), clock.now())


async def _settle(
    store: Store[DeliveryRecords], parcel: Parcel, result: Settlement, now: datetime
) -> None:
    async with store.transaction() as records:
        ours = await records.settle(parcel, result, now=now)
        if ours and result.state is DeliveryState.BLOCKED:
            await records.set_blocked(parcel.person.telegram_id, now)
        if ours and result.state is DeliveryState.SENT and _is_stopgap(parcel):
            # The translation may have arrived while the original was on its way.
            await records.queue_edits(parcel.reading.item.id, now=now)


def _is_stopgap(parcel: Parcel) -> bool:
    return parcel.reading.origin is Origin.FOLLOWS


def _wait(parcel: Parcel) -> timedelta:
    return min(timedelta(seconds=2 ** min(parcel.attempt, 12)), LONGEST_WAIT)
