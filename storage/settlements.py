"""Settlements: what became of claimed rows, many in one statement."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, update

from bot.core.delivery import Settled
from bot.core.ledger import EDITS, DeliveryState, Kind
from storage.queries import Queries
from storage.tables import Instant, deliveries


class SettlementQueries(Queries):
    async def settle(self, settled: Sequence[Settled], *, now: datetime) -> None:
        alike: dict[tuple[str, int | None, str | None], list[tuple[int, int, int]]] = {}
        others = []
        for one in settled:
            parcel, result = one.parcel, one.result
            if result.state is DeliveryState.SENT and result.message_id is not None:
                text = (parcel.recipient.language.value, one.version, one.shown)
                row = (parcel.id, parcel.attempt, result.message_id)
                alike.setdefault(text, []).append(row)
            else:
                others.append(one)
        for text, rows in alike.items():
            await self._settle_sent(text, rows, now)
        if others:
            await self._settle_others(others, now)
        await self._note_edits([one for one in settled if _is_edited(one)])

    async def _settle_sent(
        self,
        text: tuple[str, int | None, str | None],
        rows: Sequence[tuple[int, int, int]],
        now: datetime,
    ) -> None:
        """One statement for all who got the same text, however many there are."""
        given = self._table_of(("id", "attempt", "message_id"), rows)
        language, version, shown = text
        await self._connection.execute(
            update(deliveries)
            .where(
                deliveries.c.id == given.c.id,
                deliveries.c.state == DeliveryState.CLAIMED.value,
                deliveries.c.attempt == given.c.attempt,
            )
            .values(
                state=DeliveryState.SENT.value,
                reason=None,
                message_id=given.c.message_id,
                language=language,
                shown_version=version,
                shown=shown,
                settled_at=now,
                leased_until=None,
            )
        )

    async def _settle_others(self, settled: Sequence[Settled], now: datetime) -> None:
        await self._connection.execute(
            update(deliveries)
            .where(
                deliveries.c.id == bindparam("row"),
                deliveries.c.state == DeliveryState.CLAIMED.value,
                deliveries.c.attempt == bindparam("of_attempt"),
            )
            .values(
                state=bindparam("new_state"),
                reason=bindparam("why"),
                due_at=func.coalesce(bindparam("due", type_=Instant), deliveries.c.due_at),
                settled_at=now,
                leased_until=None,
            ),
            [_settlement(one) for one in settled],
        )

    async def _note_edits(self, edited: Sequence[Settled]) -> None:
        """What now stands in place of the original."""
        if not edited:
            return
        await self._connection.execute(
            update(deliveries)
            .where(
                deliveries.c.kind == Kind.NEWS.value,
                deliveries.c.subject == bindparam("item"),
                deliveries.c.version == 0,
                deliveries.c.person_id == bindparam("person"),
            )
            .values(shown_version=bindparam("new_version"), shown=bindparam("new_shown")),
            [_copy(one) for one in edited],
        )


def _settlement(one: Settled) -> dict[str, object]:
    return {
        "row": one.parcel.id,
        "of_attempt": one.parcel.attempt,
        "new_state": one.result.state.value,
        "why": one.result.reason and one.result.reason[:200],
        "due": one.result.due_at,
    }


def _is_edited(one: Settled) -> bool:
    return one.parcel.kind in EDITS and one.result.state is DeliveryState.SENT


def _copy(one: Settled) -> dict[str, object]:
    return {
        "item": one.parcel.subject,
        "person": one.parcel.recipient.id,
        "new_version": one.version,
        "new_shown": one.shown,
    }
