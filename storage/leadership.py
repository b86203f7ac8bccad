"""Leases: who leads, until when."""

from sqlalchemy import select

from bot.core.leadership import Lease
from storage.queries import Queries
from storage.tables import leases


class LeaseQueries(Queries):
    async def lease(self, name: str) -> Lease | None:
        await self._lock(f"lease {name}")
        row = (await self._connection.execute(select(leases).where(leases.c.name == name))).first()
        return Lease(row.name, row.owner, row.fence, row.until) if row else None

    async def set_lease(self, lease: Lease) -> None:
        row = {column.name: getattr(lease, column.name) for column in leases.columns}
        await self._put(leases, [row], ["name"])
