"""Conversations: one row a person, what they answered sealed and bound to that person."""

import json

import structlog
from sqlalchemy import delete, select

from bot.core.conversations import Conversation
from storage.queries import Queries
from storage.sealing import SealError
from storage.tables import conversations

log = structlog.get_logger()

CELL = {"table": "conversations", "column": "answers"}


class ConversationQueries(Queries):
    async def conversation_of(self, person_id: int) -> Conversation | None:
        found = await self._connection.execute(
            select(conversations).where(conversations.c.person_id == person_id)
        )
        row = found.mappings().first()
        if row is None:
            return None
        try:
            draft = json.loads(self._seal.open(row["answers"], **CELL, row=person_id))
        except SealError as error:  # the person begins anew; nothing else must stop
            log.warning("a draft cannot be opened", error=str(error))
            return None
        return Conversation(**{**row, **draft})

    async def locked_conversation(self, person_id: int) -> Conversation | None:
        await self._lock(f"conversation {person_id}")
        return await self.conversation_of(person_id)

    async def put_conversation(self, conversation: Conversation) -> None:
        person_id = conversation.person_id
        draft = {"draft": conversation.draft, "answers": dict(conversation.answers)}
        sealed = self._seal.seal(json.dumps(draft, ensure_ascii=False), **CELL, row=person_id)
        row = {
            "person_id": person_id,
            "form": conversation.form,
            "step": conversation.step,
            "answers": sealed,
            "update_id": conversation.update_id,
            "begun_at": conversation.begun_at,
            "touched_at": conversation.touched_at,
        }
        await self._put(conversations, [row], ["person_id"])

    async def end_conversation(self, person_id: int) -> None:
        await self._connection.execute(
            delete(conversations).where(conversations.c.person_id == person_id)
        )
