"""Persons and the topics they follow."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update

from bot.core.people import Language, Person
from storage.queries import Queries
from storage.tables import follows, persons


class PeopleQueries(Queries):
    async def person_of(self, telegram_id: int) -> Person | None:
        found = await self._connection.execute(
            select(persons, follows.c.topic)
            .outerjoin(follows, follows.c.person_id == persons.c.id)
            .where(persons.c.telegram_id == telegram_id)
        )
        rows = found.all()
        if not rows:
            return None
        first = rows[0]
        return Person(
            first.id,
            first.telegram_id,
            Language(first.language) if first.language else None,
            frozenset(row.topic for row in rows if row.topic is not None),
            first.paused_until,
            first.stopped_at,
            first.blocked_at,
        )

    async def locked_person(self, telegram_id: int) -> Person | None:
        await self._hold(persons.c.telegram_id == telegram_id)
        return await self.person_of(telegram_id)

    async def add_person(self, person: Person, *, at: datetime) -> None:
        row = {"id": person.id, "telegram_id": person.telegram_id, "created_at": at}
        await self._lock(f"person {person.telegram_id}")
        known = await self._connection.scalar(
            select(persons.c.id).where(persons.c.telegram_id == person.telegram_id)
        )
        if known is None:
            await self._connection.execute(insert(persons).values(row))

    async def set_language(self, person_id: int, language: Language) -> None:
        await self._set(person_id, "language", language.value)

    async def set_topics(self, person_id: int, topics: frozenset[str]) -> None:
        await self._hold(persons.c.id == person_id)
        await self._connection.execute(delete(follows).where(follows.c.person_id == person_id))
        rows = [{"person_id": person_id, "topic": topic} for topic in sorted(topics)]
        if rows:
            await self._connection.execute(insert(follows), rows)

    async def set_paused(self, person_id: int, until: datetime | None) -> None:
        await self._set(person_id, "paused_until", until)

    async def set_stopped(self, person_id: int, at: datetime | None) -> None:
        await self._set(person_id, "stopped_at", at)

    async def set_blocked(self, telegram_id: int, at: datetime | None) -> None:
        await self._connection.execute(
            update(persons).where(persons.c.telegram_id == telegram_id).values(blocked_at=at)
        )

    async def move_chat(self, telegram_id: int, to: int) -> bool:
        taken = select(persons.c.id).where(persons.c.telegram_id == to).exists()
        moved = await self._connection.execute(
            update(persons)
            .where(persons.c.telegram_id == telegram_id, ~taken)
            .values(telegram_id=to)
        )
        return moved.rowcount == 1

    async def _hold(self, who: ColumnElement[bool]) -> None:
        """Locks the row, but not against ledger rows that refer to it. SQLite needs no lock."""
        await self._connection.execute(
            select(persons.c.id).where(who).with_for_update(key_share=True)
        )

    async def _set(self, person_id: int, column: str, value: datetime | str | None) -> None:
        await self._connection.execute(
            update(persons).where(persons.c.id == person_id).values({column: value})
        )
