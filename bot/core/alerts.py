"""Alerts: what operators must hear of, told through the ledger."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.ids import new_id
from bot.core.ledger import Kind

KEEPS = timedelta(days=1)


class AlertKind(StrEnum):
    DEAD_UPDATE = "dead update"  # somebody's message could not be handled
    STOPPED_CAMPAIGN = "stopped campaign"  # Telegram refused a text that was going to many


QUIET = {AlertKind.DEAD_UPDATE: timedelta(hours=1), AlertKind.STOPPED_CAMPAIGN: timedelta(0)}


@dataclass(frozen=True, slots=True)
class Alert:
    """`count` rises while the kind is quiet; `reference` is the latest, and never personal."""

    id: int
    kind: AlertKind
    at: datetime
    count: int
    reference: str


class AlertRecords(Protocol):
    async def recent_alert(self, kind: AlertKind, *, since: datetime) -> Alert | None: ...
    async def put_alert(self, alert: Alert) -> None: ...
    async def alert(self, alert_id: int) -> Alert | None: ...
    async def queue_to_staff(
        self,
        kind: Kind,
        subject: int,
        *,
        owners: Collection[int],
        now: datetime,
        not_after: datetime,
    ) -> int:
        """One row for each coordinator and owner who uses the bot; returns how many."""
        ...


async def sound(
    records: AlertRecords,
    kind: AlertKind,
    reference: str,
    *,
    owners: Collection[int],
    now: datetime,
) -> None:
    """Within the caller's transaction, so that neither is written without the other."""
    known = await records.recent_alert(kind, since=now - QUIET[kind])
    if known:
        await records.put_alert(Alert(known.id, kind, known.at, known.count + 1, reference))
        return
    alert = Alert(new_id(), kind, now, 1, reference)
    await records.put_alert(alert)
    await records.queue_to_staff(
        Kind.ALERT, alert.id, owners=owners, now=now, not_after=now + KEEPS
    )
