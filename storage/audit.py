"""The audit chain, append-only."""

from typing import Any

from sqlalchemy import Row, insert, select

from bot.core.audit import AuditEntry
from storage.queries import Queries
from storage.tables import audit


class AuditQueries(Queries):
    async def last_audit(self) -> AuditEntry | None:
        await self._lock("audit")
        found = await self._connection.execute(select(audit).order_by(audit.c.id.desc()).limit(1))
        return next((_entry(row) for row in found), None)

    async def add_audit(self, entry: AuditEntry) -> None:
        await self._connection.execute(
            insert(audit).values(
                id=entry.id,
                at=entry.at,
                actor_id=entry.actor_id,
                action=entry.action,
                subject=entry.subject,
                previous=entry.previous,
                digest=entry.digest,
            )
        )

    async def audit_entries(self) -> list[AuditEntry]:
        """Oldest first."""
        found = await self._connection.execute(select(audit).order_by(audit.c.id))
        return [_entry(row) for row in found]


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        row.id, row.at, row.actor_id, row.action, row.subject, row.previous, row.digest
    )
