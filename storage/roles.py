"""Roles by person, each with an end."""

from datetime import datetime

from sqlalchemy import delete, select

from bot.core.people import Role
from storage.queries import Queries
from storage.tables import roles


class RoleQueries(Queries):
    async def holds_role(self, person_id: int, role: Role, now: datetime) -> bool:
        held = await self._connection.scalar(
            select(roles.c.person_id).where(
                roles.c.person_id == person_id,
                roles.c.role == role.value,
                roles.c.expires_at > now,
            )
        )
        return held is not None

    async def grant_role(
        self, person_id: int, role: Role, *, at: datetime, until: datetime
    ) -> None:
        row = {
            "person_id": person_id,
            "role": role.value,
            "granted_at": at,
            "expires_at": until,
        }
        await self._put(roles, [row], ["person_id", "role"])

    async def revoke_role(self, person_id: int, role: Role) -> None:
        await self._connection.execute(
            delete(roles).where(roles.c.person_id == person_id, roles.c.role == role.value)
        )
