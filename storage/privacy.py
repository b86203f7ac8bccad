"""Export, erasure and expiry over any table that the privacy registry names."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from bot.core.people import Person
from bot.core.privacy import Holding
from storage.queries import Queries
from storage.tables import metadata


class PrivacyQueries(Queries):
    async def held_about(self, person: Person, holding: Holding) -> Sequence[Mapping[str, object]]:
        """Sealed columns are left out: they hold what the person sent us a moment ago."""
        table = metadata.tables[holding.table]
        shown = [column for column in table.columns if column.name != "payload"]
        found = await self._connection.execute(select(*shown).where(_about(person, holding)))
        return [dict(row) for row in found.mappings()]

    async def erase(self, person: Person, holding: Holding) -> int:
        table = metadata.tables[holding.table]
        return (
            await self._connection.execute(delete(table).where(_about(person, holding)))
        ).rowcount

    async def expire(self, holding: Holding, *, before: datetime) -> int:
        table = metadata.tables[holding.table]
        old = table.c[holding.age or ""] < before
        return (await self._connection.execute(delete(table).where(old))).rowcount


def _about(person: Person, holding: Holding) -> ColumnElement[bool]:
    column = metadata.tables[holding.table].c[holding.person or ""]
    whose = person.telegram_id if holding.person == "telegram_id" else person.id
    return column == whose
