"""What waits: in the inbox, and in the ledger with nobody at work on it."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.sql.selectable import ScalarSelect

from bot.core.health import Backlog
from bot.core.inbox import InboxState
from bot.core.ledger import ALONE, DeliveryState
from storage.queries import Queries
from storage.tables import campaigns, deliveries, inbox


class HealthQueries(Queries):
    async def backlog(self, now: datetime) -> Backlog:
        """A campaign counts only where no row of the ledger is on its way: a million recipients
        take hours by design.
        """
        received = inbox.c.state == InboxState.RECEIVED.value
        waiting = select(func.count()).select_from(inbox).where(received).scalar_subquery()
        alone = _oldest_pending(deliveries.c.campaign_id == ALONE)
        of_campaigns = (
            select(func.min(_oldest_pending(deliveries.c.campaign_id == campaigns.c.id)))
            .where(
                campaigns.c.finished_at.is_(None),
                campaigns.c.paused_at.is_(None),
                campaigns.c.stopped_at.is_(None),
                ~exists().where(
                    deliveries.c.state == DeliveryState.CLAIMED.value,
                    deliveries.c.leased_until > now,
                ),
            )
            .scalar_subquery()
        )
        row = (await self._connection.execute(select(waiting, alone, of_campaigns))).one()
        due = [at for at in row[1:] if at is not None and at <= now]
        return Backlog(row[0], min(due, default=None))


def _oldest_pending(where: ColumnElement[bool]) -> ScalarSelect[datetime]:
    """Looked up in the index of what is due, one step for each campaign."""
    return (
        select(deliveries.c.due_at)
        .where(where, deliveries.c.state == DeliveryState.PENDING.value)
        .order_by(deliveries.c.due_at)
        .limit(1)
        .scalar_subquery()
    )
