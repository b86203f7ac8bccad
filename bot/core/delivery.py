"""Delivery: what the sender needs of the ledger and of Telegram, and how results are written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core import alerts, news_decisions
from bot.core.alerts import Alert, AlertKind
from bot.core.feedback import Feedback
from bot.core.ledger import (
    DeliveryState,
    Kind,
    Moved,
    Outcome,
    Parcel,
    Refused,
    Settlement,
    Unreachable,
)
from bot.core.news import Reading
from bot.core.news_decisions import DecisionRecords
from bot.core.people import Language
from bot.core.ports import Clock, Store

Content = Reading | Alert | Feedback


class Body(Protocol):
    """A text ready to be sent, the same for everybody who reads that language."""

    @property
    def shown(self) -> str:
        """A hash of what people see, 16 letters."""
        ...


class Messenger(Protocol):
    def prepare(self, kind: Kind, content: Content, language: Language) -> Body: ...
    async def deliver(self, parcel: Parcel, body: Body) -> Outcome: ...
    def held(self) -> float:
        """Seconds during which nothing may leave at all."""
        ...


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a parcel; `version` and `shown` of the text it carried, where it was sent."""

    parcel: Parcel
    result: Settlement
    outcome: Outcome | None = None
    version: int | None = None  # of a translation; 0: the original
    shown: str | None = None


class DeliveryRecords(alerts.AlertRecords, DecisionRecords, Protocol):
    async def claim_due(
        self, now: datetime, limit: int, *, owners: Collection[int], leased_until: datetime
    ) -> Sequence[Parcel]:
        """Those to one person first, then campaigns by lane, each in order of due_at. Claimed
        rows have their attempt counted up.
        """
        ...

    async def content(self, kind: Kind, subject: int, language: Language) -> Content | None: ...
    async def settle(self, settled: Sequence[Settled], *, now: datetime) -> None:
        """Rows that another attempt has claimed meanwhile stay as they are."""
        ...

    async def still_ours(self, parcels: Sequence[Parcel]) -> frozenset[int]:
        """Ids of rows that no other attempt has claimed: only these say how somebody is now."""
        ...

    async def set_blocked(self, telegram_id: int, at: datetime | None) -> None: ...
    async def move_chat(self, telegram_id: int, to: int) -> bool:
        """False where nobody has the old number, or somebody the new one already."""
        ...

    async def abandon_claims(self, *, before: datetime | None, now: datetime) -> int:
        """Claims whose lease ended before (None: all), each as its kind's policy says."""
        ...


async def settle(
    records: DeliveryRecords,
    settled: Sequence[Settled],
    hopeless: Collection[int],
    *,
    owners: Collection[int],
    now: datetime,
) -> None:
    """Within one transaction: the rows, the people they went to, and campaigns that are hopeless
    since Telegram refuses what they say.
    """
    about_people = [one.parcel for one in settled if isinstance(one.outcome, Unreachable | Moved)]
    ours = await records.still_ours(about_people) if about_people else frozenset()
    await records.settle(settled, now=now)
    for one in settled:
        if one.parcel.id in ours:
            await _note_person(records, one, now)
        if one.parcel.campaign_id in hopeless and isinstance(one.outcome, Refused):
            await _stop(records, one, owners, now)
    copies = {_copy(one) for one in settled if _is_news_sent(one)}
    if copies:
        await news_decisions.follow_up(records, copies, now=now)


async def take_over(store: Store[DeliveryRecords], clock: Clock) -> int:
    """A new leader finds claims nobody will settle."""
    async with store.transaction() as records:
        return await records.abandon_claims(before=None, now=clock.now())


async def recover(store: Store[DeliveryRecords], clock: Clock) -> int:
    """Claims whose sender has been gone for longer than their lease."""
    now = clock.now()
    async with store.transaction() as records:
        await records.abandon_claims(before=now, now=now)
    return 0


async def _note_person(records: DeliveryRecords, one: Settled, now: datetime) -> None:
    """Who has moved to where somebody is known already gets nothing by the old number."""
    telegram_id = one.parcel.recipient.telegram_id
    match one.outcome:
        case Moved(telegram_id=new) if await records.move_chat(telegram_id, new):
            return
        case _:
            await records.set_blocked(telegram_id, now)


async def _stop(
    records: DeliveryRecords, one: Settled, owners: Collection[int], now: datetime
) -> None:
    reason = one.result.reason or "refused"
    if await records.stop_campaign(one.parcel.campaign_id, reason, now=now):
        told = f"{one.parcel.kind}: {reason}"[:80]
        await alerts.sound(records, AlertKind.STOPPED_CAMPAIGN, told, owners=owners, now=now)


def _is_news_sent(one: Settled) -> bool:
    return one.parcel.kind is Kind.NEWS and one.result.state is DeliveryState.SENT


def _copy(one: Settled) -> tuple[int, str, int]:
    return one.parcel.subject, one.parcel.recipient.language.value, one.version or 0
