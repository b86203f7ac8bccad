"""Roles: who may do more than read. Owners come from the settings, others from the records."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from bot.core import audit
from bot.core.people import Person, Role
from bot.core.ports import Clock, Store

TERM = timedelta(days=365)  # a role ends by itself; whoever is still here is appointed anew


class RoleRecords(audit.AuditRecords, Protocol):
    async def holds_role(self, person_id: int, role: Role, now: datetime) -> bool: ...
    async def grant_role(
        self, person_id: int, role: Role, *, at: datetime, until: datetime
    ) -> None: ...
    async def revoke_role(self, person_id: int, role: Role) -> None: ...


async def may(
    store: Store[RoleRecords], person: Person, role: Role, *, owners: Collection[int], clock: Clock
) -> bool:
    """Asked again at every tap: a button from last year gives no right."""
    if person.telegram_id in owners:
        return True
    async with store.reading() as records:
        return await records.holds_role(person.id, role, clock.now())


async def appoint(store: Store[RoleRecords], person_id: int, role: Role, clock: Clock) -> None:
    now = clock.now()
    async with store.transaction() as records:
        await records.grant_role(person_id, role, at=now, until=now + TERM)
        await audit.note(
            records, at=now, actor_id=None, action=f"grant {role}", subject=f"person {person_id}"
        )


async def dismiss(store: Store[RoleRecords], person_id: int, role: Role, clock: Clock) -> None:
    async with store.transaction() as records:
        await records.revoke_role(person_id, role)
        await audit.note(
            records,
            at=clock.now(),
            actor_id=None,
            action=f"revoke {role}",
            subject=f"person {person_id}",
        )
