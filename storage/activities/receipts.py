"""Receipts and what is to be told: appended with the decision they belong to."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select

from bot.core.activities.receipts import Reason, Receipt, Tell, reason_of
from bot.core.activities.values import SignUpState
from storage.queries import Queries
from storage.tables import receipts, tells

INSERT = insert(receipts)
WRITTEN = ("reason", "figures", "state")
AS_IT_IS = tuple(column.name for column in receipts.columns if column.name not in WRITTEN)


class ReceiptQueries(Queries):
    async def answered(self, request: str) -> tuple[Receipt, ...]:
        return tuple(await self._receipts(receipts.c.request == request, by="line"))

    async def receipts_of(self, sign_up_id: int) -> Sequence[Receipt]:
        return await self._receipts(receipts.c.sign_up_id == sign_up_id)

    async def receipts_about(
        self, activity_id: int, reasons: Collection[Reason]
    ) -> Sequence[Receipt]:
        return await self._receipts(
            receipts.c.activity_id == activity_id,
            receipts.c.reason.in_([reason.value for reason in reasons]),
        )

    async def add_receipts(self, new: Sequence[Receipt]) -> None:
        first, *others = (_row(receipt) for receipt in new)
        await self._connection.execute(INSERT, [first, *others] if others else first)

    async def tell(self, new: Sequence[Tell]) -> None:
        rows = [
            {
                "id": each.id,
                "kind": each.kind.value,
                "activity_id": each.activity_id,
                "household_id": each.household_id,
                "unit_id": each.unit_id,
                "due_at": each.due_at,
                "not_after": each.not_after,
                "offer_id": each.offer_id,
            }
            for each in new
        ]
        await self._connection.execute(insert(tells), rows)

    async def _receipts(self, *which: ColumnElement[bool], by: str = "id") -> Sequence[Receipt]:
        found = await self._connection.execute(
            select(receipts).where(*which).order_by(receipts.c[by])
        )
        return [_receipt(row) for row in found]


def _row(receipt: Receipt) -> dict[str, object]:
    return {name: getattr(receipt, name) for name in AS_IT_IS} | {
        "reason": receipt.reason.value,
        "figures": json.dumps(dict(receipt.figures), ensure_ascii=False),
        "state": receipt.state.value if receipt.state else None,
    }


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        id=row.id,
        activity_id=row.activity_id,
        at=row.at,
        reason=reason_of(row.reason),
        figures=json.loads(row.figures),
        state=SignUpState(row.state) if row.state else None,
        sign_up_id=row.sign_up_id,
        participant_id=row.participant_id,
        household_id=row.household_id,
        actor_id=row.actor_id,
        request=row.request,
        line=row.line,
    )
