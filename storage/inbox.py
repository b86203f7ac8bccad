"""Updates as they came, sealed, until they are handled."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import insert, select, update

from bot.core.inbox import InboxState, Incoming
from storage.queries import Queries
from storage.sealing import SealError
from storage.tables import inbox

log = structlog.get_logger()


class InboxQueries(Queries):
    async def receive(self, updates: Sequence[Incoming], *, at: datetime) -> Sequence[Incoming]:
        await self._lock("inbox")
        once = {incoming.update_id: incoming for incoming in updates}
        known = set(
            await self._connection.scalars(
                select(inbox.c.update_id).where(inbox.c.update_id.in_(list(once)))
            )
        )
        new = [incoming for number, incoming in once.items() if number not in known]
        if new:
            await self._connection.execute(
                insert(inbox),
                [
                    {
                        "update_id": incoming.update_id,
                        "chat_id": incoming.chat_id,
                        "telegram_id": incoming.telegram_id,
                        "payload": self._sealed(incoming),
                        "state": InboxState.RECEIVED.value,
                        "received_at": at,
                    }
                    for incoming in new
                ],
            )
        return new

    async def waiting(self) -> Sequence[Incoming]:
        found = await self._connection.execute(
            select(inbox)
            .where(inbox.c.state == InboxState.RECEIVED.value)
            .order_by(inbox.c.update_id)
        )
        opened = ((row, self._opened(row.update_id, row.payload)) for row in found)
        return [
            Incoming(row.update_id, row.chat_id, row.telegram_id, payload)
            for row, payload in opened
            if payload is not None
        ]

    async def finish(self, update_id: int, state: InboxState, error: str | None) -> None:
        values: dict[str, object] = {"state": state.value, "error": error and error[:40]}
        if state is InboxState.DONE:
            values["payload"] = None
        await self._connection.execute(
            update(inbox).where(inbox.c.update_id == update_id).values(values)
        )

    def _opened(self, update_id: int, payload: bytes) -> str | None:
        """None where the key is missing: the others must not wait for it to be put back."""
        try:
            return self._seal.open(payload, table="inbox", column="payload", row=update_id)
        except SealError as error:
            log.warning("an update cannot be opened", update=update_id, error=str(error))
            return None

    def _sealed(self, incoming: Incoming) -> bytes:
        return self._seal.seal(
            incoming.payload, table="inbox", column="payload", row=incoming.update_id
        )
