"""Campaigns: one text on its way to many people.

    open --rows made chunk by chunk--> filled --no row open any more--> finished
      |  <--paused--> (nothing is claimed meanwhile)
      '--stopped, since somebody says so or Telegram refuses the text--> open rows are cancelled

The first chunk is made in the transaction that decides to send, so that an ordinary audience is
queued whole or not at all; the rest of a large one follows, a short transaction each, so that
nobody who taps a button waits for it. Progress is counted from the rows, never kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.core import audit
from bot.core.ids import new_id
from bot.core.ledger import OPEN, POLICIES, DeliveryState, Kind, Lane
from bot.core.ports import Clock, Store

CHUNK = 20_000  # persons looked at in one transaction, about a tenth of a second


@dataclass(frozen=True, slots=True)
class Campaign:
    id: int
    kind: Kind
    subject: int
    version: int
    lane: Lane
    author_id: int | None  # None: nobody in particular, a source that publishes by itself
    not_after: datetime
    filled: bool = False
    stopped: bool = False
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    rows: int  # made by this chunk
    complete: bool  # nobody is left to look at


@dataclass(frozen=True, slots=True)
class Progress:
    """Rows by state, and whether more are still being made."""

    counts: Mapping[DeliveryState, int]
    filled: bool
    stopped: bool
    reason: str | None

    @property
    def open(self) -> int:
        return sum(self.counts.get(state, 0) for state in OPEN)

    @property
    def finished(self) -> bool:
        return self.filled and not self.open

    @property
    def in_doubt(self) -> int:
        return self.counts.get(DeliveryState.UNKNOWN, 0)


class CampaignRecords(audit.AuditRecords, Protocol):
    async def open_campaign(self, campaign: Campaign, *, now: datetime) -> Campaign:
        """One that is there already is opened again: whoever has no row yet gets one."""
        ...

    async def fill(self, campaign: Campaign, *, persons_at_once: int, now: datetime) -> Filled:
        """Looks at the next so many persons."""
        ...

    async def active_campaigns(self) -> Sequence[Campaign]:
        """Those that are not finished, also stopped ones."""
        ...

    async def finish_campaign(self, campaign_id: int, *, now: datetime) -> bool:
        """False while rows are open or still to be made."""
        ...

    async def campaigns_of(self, subject: int) -> Sequence[Campaign]: ...
    async def stop_campaign(self, campaign_id: int, reason: str, *, now: datetime) -> bool:
        """False where it was stopped or finished before."""
        ...

    async def cancel_open(self, campaign_id: int, *, limit: int, now: datetime) -> int: ...
    async def progress(self, kind: Kind, subject: int) -> Progress | None:
        """Of the newest version; None where there is no such campaign."""
        ...

    async def resend_doubtful(self, kind: Kind, subject: int, *, now: datetime) -> int: ...


async def begin(
    records: CampaignRecords,
    kind: Kind,
    subject: int,
    *,
    now: datetime,
    keeps: timedelta,
    author_id: int | None = None,
    version: int = 0,
) -> Filled:
    """Within the caller's transaction: makes the first chunk, for most audiences the whole."""
    wanted = Campaign(
        new_id(),
        kind,
        subject,
        version,
        POLICIES[kind].lane,
        author_id,
        now + keeps,
    )
    campaign = await records.open_campaign(wanted, now=now)
    return await records.fill(campaign, persons_at_once=CHUNK, now=now)


async def tend(store: Store[CampaignRecords], clock: Clock) -> int:
    """One step for each campaign: the next rows made, cancelled, or the end noted.

    Returns how many have more to do at once.
    """
    async with store.reading() as records:
        active = await records.active_campaigns()
    return sum([await _tend(store, campaign, clock.now()) for campaign in active])


async def stop_all_of(
    records: CampaignRecords, subject: int, reason: str, *, now: datetime
) -> None:
    """Within the caller's transaction: nothing more about this subject leaves."""
    for campaign in await records.campaigns_of(subject):
        await records.stop_campaign(campaign.id, reason, now=now)


async def progress_of(store: Store[CampaignRecords], kind: Kind, subject: int) -> Progress | None:
    async with store.reading() as records:
        return await records.progress(kind, subject)


async def send_doubtful_again(
    store: Store[CampaignRecords], kind: Kind, subject: int, *, actor_id: int, clock: Clock
) -> int:
    """A coordinator's decision: some will get it twice. Returns how many are tried again."""
    now = clock.now()
    async with store.transaction() as records:
        again = await records.resend_doubtful(kind, subject, now=now)
        await audit.note(
            records,
            at=now,
            actor_id=actor_id,
            action="resend in doubt",
            subject=f"{kind} {subject}",
        )
    return again


async def _tend(store: Store[CampaignRecords], campaign: Campaign, now: datetime) -> int:
    async with store.transaction() as records:
        if campaign.stopped:
            if await records.cancel_open(campaign.id, limit=CHUNK, now=now):
                return 1
        elif not campaign.filled:
            await records.fill(campaign, persons_at_once=CHUNK, now=now)
            return 1
        await records.finish_campaign(campaign.id, now=now)
    return 0
