"""Campaigns: rows made set-wise, chunk by chunk in the order of persons.id, and counted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Row,
    String,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from bot.core.campaigns import Campaign, Filled, Progress
from bot.core.ledger import DeliveryState, Kind, Lane
from storage.audiences import Span, audience
from storage.queries import Queries
from storage.tables import IS_CLAIMED, IS_PENDING, Instant, campaigns, deliveries, persons

EVERYBODY = 2**63 - 1
ROW = ("campaign_id", "kind", "subject", "version", "person_id", "state", "created_at", "due_at")


class CampaignQueries(Queries):
    async def open_campaign(self, campaign: Campaign, *, now: datetime) -> Campaign:
        await self._lock(f"campaign {campaign.kind} {campaign.subject} {campaign.version}")
        which = _is(campaign.kind, campaign.subject, campaign.version)
        known = await self._campaigns(which)
        if known:
            again = {"filled_to": 0, "filled_at": None, "finished_at": None}
            await self._connection.execute(update(campaigns).where(which).values(again))
            return known[0]
        await self._connection.execute(
            insert(campaigns).values(
                id=campaign.id,
                kind=campaign.kind.value,
                subject=campaign.subject,
                version=campaign.version,
                lane=campaign.lane.value,
                author_id=campaign.author_id,
                created_at=now,
                not_after=campaign.not_after,
            )
        )
        return campaign

    async def fill(self, campaign: Campaign, *, persons_at_once: int, now: datetime) -> Filled:
        filled_to = select(campaigns.c.filled_to).where(campaigns.c.id == campaign.id)
        reached: int = (await self._connection.execute(filled_to)).scalar_one()
        upcoming = (
            select(persons.c.id)
            .where(persons.c.id > reached)
            .order_by(persons.c.id)
            .limit(persons_at_once)
            .subquery()
        )
        looked_at, last = (
            await self._connection.execute(select(func.count(), func.max(upcoming.c.id)))
        ).one()
        made = 0
        if last is not None:
            made = await self._make_rows(campaign, Span(reached, last), now)
        complete = looked_at < persons_at_once
        done = {"filled_at": now} if complete else {}
        await self._connection.execute(
            update(campaigns)
            .where(campaigns.c.id == campaign.id)
            .values(filled_to=EVERYBODY if complete else last, **done)
        )
        return Filled(made, complete)

    async def active_campaigns(self) -> Sequence[Campaign]:
        return await self._campaigns(campaigns.c.finished_at.is_(None))

    async def campaigns_of(self, subject: int) -> Sequence[Campaign]:
        return await self._campaigns(campaigns.c.subject == subject)

    async def stop_campaign(self, campaign_id: int, reason: str, *, now: datetime) -> bool:
        return await self._change(
            campaign_id, campaigns.c.stopped_at.is_(None), stopped_at=now, reason=reason[:200]
        )

    async def finish_campaign(self, campaign_id: int, *, now: datetime) -> bool:
        of_campaign = deliveries.c.campaign_id == campaign_id
        return await self._change(
            campaign_id,
            (campaigns.c.filled_at.is_not(None) | campaigns.c.stopped_at.is_not(None)),
            ~exists().where(of_campaign, IS_PENDING),
            ~exists().where(of_campaign, IS_CLAIMED),
            finished_at=now,
        )

    async def cancel_open(self, campaign_id: int, *, limit: int, now: datetime) -> int:
        some = (
            select(deliveries.c.id)
            .where(
                deliveries.c.campaign_id == campaign_id,
                IS_PENDING,
            )
            .limit(limit)
        )
        cancelled = await self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(some))
            .values(state=DeliveryState.CANCELLED.value, settled_at=now, reason="stopped")
        )
        return cancelled.rowcount

    async def progress(self, kind: Kind, subject: int) -> Progress | None:
        found = await self._connection.execute(
            select(campaigns)
            .where(campaigns.c.kind == kind.value, campaigns.c.subject == subject)
            .order_by(campaigns.c.version.desc())
            .limit(1)
        )
        row = found.first()
        if row is None:
            return None
        counts = await self._connection.execute(
            select(deliveries.c.state, func.count())
            .where(
                deliveries.c.kind == kind.value,
                deliveries.c.subject == subject,
                deliveries.c.version == row.version,
            )
            .group_by(deliveries.c.state)
        )
        return Progress(
            {DeliveryState(state): count for state, count in counts},
            row.filled_at is not None,
            row.stopped_at is not None,
            row.reason,
        )

    async def resend_doubtful(self, kind: Kind, subject: int, *, now: datetime) -> int:
        again = await self._connection.execute(
            update(deliveries)
            .where(
                deliveries.c.kind == kind.value,
                deliveries.c.subject == subject,
                deliveries.c.state == DeliveryState.UNKNOWN.value,
            )
            .values(state=DeliveryState.PENDING.value, due_at=now, reason=None)
        )
        await self._connection.execute(
            update(campaigns)
            .where(campaigns.c.kind == kind.value, campaigns.c.subject == subject)
            .values(finished_at=None)
        )
        return again.rowcount

    async def ledger(self) -> Mapping[tuple[str, str], int]:
        """How many rows by (kind, state)."""
        found = await self._connection.execute(
            select(deliveries.c.kind, deliveries.c.state, func.count()).group_by(
                deliveries.c.kind, deliveries.c.state
            )
        )
        return {(kind, state): count for kind, state, count in found}

    async def _make_rows(self, campaign: Campaign, span: Span, now: datetime) -> int:
        rows = select(
            literal(campaign.id, BigInteger),
            literal(campaign.kind.value, String),
            literal(campaign.subject, BigInteger),
            literal(campaign.version, Integer),
            persons.c.id,
            literal(DeliveryState.PENDING.value, String),
            literal(now, Instant),
            literal(now, Instant),
        ).where(audience(campaign.kind, campaign.subject, campaign.version, now, span))
        once = (
            self._insert(deliveries)
            .from_select(ROW, rows)
            .on_conflict_do_nothing(index_elements=["kind", "subject", "version", "person_id"])
        )
        return (await self._connection.execute(once)).rowcount

    async def _campaigns(self, *which: ColumnElement[bool]) -> Sequence[Campaign]:
        found = await self._connection.execute(
            select(campaigns).where(*which).order_by(campaigns.c.lane, campaigns.c.id)
        )
        return [_campaign(row) for row in found]

    async def _change(self, campaign_id: int, *only: ColumnElement[bool], **values: object) -> bool:
        changed = await self._connection.execute(
            update(campaigns)
            .where(campaigns.c.id == campaign_id, campaigns.c.finished_at.is_(None), *only)
            .values(values)
        )
        return changed.rowcount == 1


def _is(kind: Kind, subject: int, version: int) -> ColumnElement[bool]:
    return (
        (campaigns.c.kind == kind.value)
        & (campaigns.c.subject == subject)
        & (campaigns.c.version == version)
    )


def _campaign(row: Row[Any]) -> Campaign:
    return Campaign(
        row.id,
        Kind(row.kind),
        row.subject,
        row.version,
        Lane(row.lane),
        row.author_id,
        row.not_after,
        row.filled_at is not None,
        row.stopped_at is not None,
        row.paused_at is not None,
    )
