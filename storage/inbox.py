"""Updates as they came, sealed, until they are handled."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, bindparam, select, update

from bot.core.inbox import DeadUpdate, InboxState, Incoming, Step
from storage.queries import Queries
from storage.sealing import SealError
from storage.tables import inbox

log = structlog.get_logger()

OTHER = (
    update(inbox)
    .where(inbox.c.update_id == bindparam("number"))
    .values(state=bindparam("now"), attempts=bindparam("tries"), error=bindparam("why"))
)


class InboxQueries(Queries):
    async def receive(self, updates: Sequence[Incoming], *, at: datetime) -> Sequence[Incoming]:
        once = {incoming.update_id: incoming for incoming in updates}
        rows = [
            {
                "update_id": incoming.update_id,
                "chat_id": incoming.chat_id,
                "telegram_id": incoming.telegram_id,
                "payload": self._sealed(incoming),
                "state": InboxState.RECEIVED.value,
                "received_at": at,
            }
            for incoming in once.values()
        ]
        insert = self._insert(inbox).on_conflict_do_nothing().returning(inbox.c.update_id)
        written = await self._connection.scalars(insert, rows)
        new = set(written)
        return [incoming for number, incoming in once.items() if number in new]

    async def waiting(self) -> Sequence[int]:
        found = await self._connection.scalars(
            select(inbox.c.update_id)
            .where(inbox.c.state == InboxState.RECEIVED.value)
            .order_by(inbox.c.update_id)
        )
        return found.all()

    async def opened(self, numbers: Sequence[int]) -> Sequence[Incoming]:
        found = await self._connection.execute(
            select(inbox)
            .where(
                self._among(inbox.c.update_id, numbers), inbox.c.state == InboxState.RECEIVED.value
            )
            .order_by(inbox.c.update_id)
        )
        return list(self._open(found))

    async def write_down(self, steps: Sequence[Step]) -> None:
        done = [step.update_id for step in steps if step.state is InboxState.DONE]
        if done:
            await self._connection.execute(
                update(inbox)
                .where(self._among(inbox.c.update_id, done))
                .values(state=InboxState.DONE.value, payload=None, error=None)
            )
        others = [
            {"number": s.update_id, "now": s.state.value, "tries": s.tries, "why": s.error}
            for s in steps
            if s.state is not InboxState.DONE
        ]
        if others:
            await self._connection.execute(OTHER, others)

    async def dead(self) -> Sequence[DeadUpdate]:
        found = await self._connection.execute(
            select(inbox.c.update_id, inbox.c.received_at, inbox.c.error)
            .where(inbox.c.state == InboxState.DEAD.value)
            .order_by(inbox.c.received_at, inbox.c.update_id)
        )
        return [DeadUpdate(row.update_id, row.received_at, row.error or "") for row in found]

    async def put_back(self, number: int | None) -> int:
        again = update(inbox).where(inbox.c.state == InboxState.DEAD.value)
        if number is not None:
            again = again.where(inbox.c.update_id == number)
        put = again.values(state=InboxState.RECEIVED.value, attempts=0, error=None)
        return (await self._connection.execute(put)).rowcount

    def _open(self, rows: Iterable[Row[Any]]) -> Iterable[Incoming]:
        """What no key opens is left out: the others must not wait for the key to be put back."""
        for row in rows:
            try:
                payload = self._seal.open(
                    row.payload, table="inbox", column="payload", row=row.update_id
                )
            except SealError as error:
                log.warning("an update cannot be opened", update=row.update_id, error=str(error))
            else:
                yield Incoming(
                    row.update_id, row.chat_id, row.telegram_id, payload, tries=row.attempts
                )

    def _sealed(self, incoming: Incoming) -> bytes:
        return self._seal.seal(
            incoming.payload, table="inbox", column="payload", row=incoming.update_id
        )
