"""Export, erasure and expiry over any table that the privacy registry names."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement, LargeBinary, delete, select

from bot.core.people import Person
from bot.core.privacy import Holding
from storage.queries import Queries
from storage.sealing import SealError
from storage.tables import metadata

log = structlog.get_logger()

ROWS_AT_ONCE = 100  # made in a millisecond or two; others have their turn in between


class PrivacyQueries(Queries):
    async def held_about(self, person: Person, holding: Holding) -> Sequence[Mapping[str, object]]:
        """Sealed columns are opened where the registry says so; others are left out: they hold
        what the person sent us a moment ago.
        """
        table = metadata.tables[holding.table]
        shown = [
            column
            for column in table.columns
            if column.name == holding.sealed or not isinstance(column.type, LargeBinary)
        ]
        rows: list[Mapping[str, object]] = []
        found = await self._connection.stream(select(*shown).where(_about(person, holding)))
        names = list(found.keys())
        async for some in found.partitions(ROWS_AT_ONCE):
            rows += [self._legible(dict(zip(names, row, strict=True)), holding) for row in some]
        return rows

    def _legible(self, row: dict[str, Any], holding: Holding) -> Mapping[str, object]:
        """A cell whose key is missing must not hide the rest."""
        if holding.sealed is None or row[holding.sealed] is None:
            return row
        (key,) = metadata.tables[holding.table].primary_key.columns
        cell = {"table": holding.table, "column": holding.sealed}
        try:
            text = self._seal.open(row[holding.sealed], **cell, row=row[key.name])
        except SealError as error:
            log.warning("a cell cannot be opened", error=str(error))
            return {**row, holding.sealed: "?"}
        return {**row, holding.sealed: text}

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
