"""One leader: of several processes on one database, one runs the schedule and sends.

The lease is a row with an owner, an end and a fence that rises with every new owner. A leader
that cannot renew in time stops by itself before anyone else may begin.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.ports import Clock, Store

LASTS = timedelta(seconds=15)
RENEWED_EVERY = timedelta(seconds=4)


@dataclass(frozen=True, slots=True)
class Lease:
    name: str
    owner: str
    fence: int
    until: datetime


class LeaseRecords(Protocol):
    async def lease(self, name: str) -> Lease | None:
        """Locks the name until the transaction is over."""
        ...

    async def set_lease(self, lease: Lease) -> None: ...


async def lead(
    store: Store[LeaseRecords],
    name: str,
    owner: str,
    *,
    clock: Clock,
    is_gone: Callable[[str], bool],
) -> Lease | None:
    """Takes or renews the lease; None while somebody else leads.

    `is_gone(owner)` is True only where that process certainly lives no more, so that a restart
    after a crash on the same machine need not wait for the lease to end.
    """
    now = clock.now()
    async with store.transaction() as records:
        held = await records.lease(name)
        mine = held is not None and held.owner == owner
        if held and not mine and held.until > now and not is_gone(held.owner):
            return None
        fence = held.fence if held and mine else (held.fence + 1 if held else 1)
        lease = Lease(name, owner, fence, now + LASTS)
        await records.set_lease(lease)
    return lease


async def resign(store: Store[LeaseRecords], lease: Lease, clock: Clock) -> None:
    """Lets the next leader begin at once; does nothing where somebody leads already."""
    async with store.transaction() as records:
        held = await records.lease(lease.name)
        if held and (held.owner, held.fence) == (lease.owner, lease.fence):
            await records.set_lease(Lease(lease.name, lease.owner, lease.fence, clock.now()))
