"""Offers: of a unit one is open at a time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update

from bot.core.activities.offers import Offer, OfferState
from storage.queries import Queries
from storage.tables import offers

COLUMNS = ("id", "activity_id", "unit_id", "racing", "made_at", "remind_at", "ends_at")


class OfferQueries(Queries):
    async def add_offers(self, new: Sequence[Offer]) -> None:
        rows = [
            {name: getattr(offer, name) for name in COLUMNS} | {"state": offer.state.value}
            for offer in new
        ]
        await self._connection.execute(insert(offers), rows)

    async def offer(self, offer_id: int) -> Offer | None:
        return next(iter(await self._offers(offers.c.id == offer_id)), None)

    async def open_offers(self, activity_id: int) -> Sequence[Offer]:
        return await self._offers(
            offers.c.activity_id == activity_id, offers.c.state == OfferState.OPEN.value
        )

    async def settle_offers(self, ids: Collection[int], state: OfferState, *, at: datetime) -> None:
        await self._connection.execute(
            update(offers)
            .where(self._among(offers.c.id, ids), offers.c.state == OfferState.OPEN.value)
            .values(state=state.value, settled_at=at)
        )

    async def set_reminded(self, ids: Collection[int], *, at: datetime) -> None:
        which = self._among(offers.c.id, ids)
        await self._connection.execute(update(offers).where(which).values(reminded_at=at))

    async def _offers(self, *which: ColumnElement[bool]) -> Sequence[Offer]:
        found = await self._connection.execute(select(offers).where(*which).order_by(offers.c.id))
        return [_offer(row) for row in found]


def _offer(row: Row[Any]) -> Offer:
    return Offer(
        row.id,
        row.activity_id,
        row.unit_id,
        row.racing,
        row.made_at,
        row.remind_at,
        row.ends_at,
        OfferState(row.state),
        row.reminded_at,
    )
