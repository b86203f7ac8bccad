"""Activities, their slots, and the promised seeds of lotteries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, exists, insert, select, update

from bot.core.activities.lottery import Promise
from bot.core.activities.values import (
    Activity,
    ActivityKind,
    ActivityState,
    Mode,
    SignUpState,
    Slot,
)
from storage.queries import Queries
from storage.tables import activities, lotteries, sign_ups, slots

FIELDS = tuple(column.name for column in activities.columns)
SLOT_FIELDS = tuple(column.name for column in slots.columns)
QUEUED = [SignUpState.WAITING.value, SignUpState.OFFERED.value]


class PlanQueries(Queries):
    async def activity(self, activity_id: int) -> Activity | None:
        found = await self._connection.execute(
            select(activities).where(activities.c.id == activity_id)
        )
        row = found.mappings().first()
        return activity_of(row) if row else None

    async def add_activity(self, activity: Activity, slots_of_it: Sequence[Slot]) -> None:
        row = {name: getattr(activity, name) for name in FIELDS}
        words = {
            "kind": activity.kind.value,
            "mode": activity.mode.value,
            "state": activity.state.value,
        }
        await self._connection.execute(insert(activities).values(row | words))
        rows = [{name: getattr(slot, name) for name in SLOT_FIELDS} for slot in slots_of_it]
        await self._connection.execute(insert(slots), rows)

    async def set_activity_state(self, activity: Activity) -> None:
        await self._set_activity(
            activity.id, state=activity.state.value, drawn_at=activity.drawn_at
        )

    async def set_cap(self, activity_id: int, cap: int | None) -> None:
        await self._set_activity(activity_id, cap=cap)

    async def set_capacity(self, slot_id: int, capacity: int) -> None:
        await self._connection.execute(
            update(slots).where(slots.c.id == slot_id).values(capacity=capacity)
        )

    async def to_tend(self, *, now: datetime, starts_before: datetime) -> Sequence[int]:
        queued = exists().where(
            sign_ups.c.activity_id == activities.c.id, sign_ups.c.state.in_(QUEUED)
        )
        soon = activities.c.starts_at.between(now, starts_before)
        found = await self._connection.scalars(
            select(activities.c.id)
            .where(activities.c.state == ActivityState.PUBLISHED.value, queued | soon)
            .order_by(activities.c.starts_at, activities.c.id)
        )
        return found.all()

    async def add_lottery(self, activity_id: int, promise: Promise) -> None:
        sealed = self._seal.seal(promise.seed, table="lotteries", column="seed", row=activity_id)
        await self._connection.execute(
            insert(lotteries).values(
                activity_id=activity_id, commitment=promise.commitment, seed=sealed
            )
        )

    async def lottery(self, activity_id: int) -> Promise | None:
        found = await self._connection.execute(
            select(lotteries).where(lotteries.c.activity_id == activity_id)
        )
        row = found.first()
        if row is None:
            return None
        seed = self._seal.open(row.seed, table="lotteries", column="seed", row=activity_id)
        return Promise(row.commitment, seed)

    async def _set_activity(self, activity_id: int, **values: object) -> None:
        await self._connection.execute(
            update(activities).where(activities.c.id == activity_id).values(values)
        )


def activity_of(row: RowMapping, prefix: str = "") -> Activity:
    told = {name: row[prefix + name] for name in FIELDS}
    words = {
        "kind": ActivityKind(told["kind"]),
        "mode": Mode(told["mode"]),
        "state": ActivityState(told["state"]),
    }
    return Activity(**(told | words))
