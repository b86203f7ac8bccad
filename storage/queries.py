"""What the queries of every story share: a connection, keys, and the one upsert."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    FromClause,
    Table,
    any_,
    func,
    literal,
    select,
)
from sqlalchemy import column as sql_column
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sealing import Seal

if TYPE_CHECKING:
    from sqlalchemy.dialects.sqlite import Insert

ROWS_AT_ONCE = 500  # SQLite takes 32 766 variables in one statement


class Queries:
    def __init__(self, connection: AsyncConnection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    @property
    def _on_postgres(self) -> bool:
        return self._connection.dialect.name == "postgresql"

    async def _lock(self, name: str) -> None:
        """Until the transaction ends. A SQLite write transaction is alone anyway."""
        if self._on_postgres:
            key = func.hashtextextended(name, 0)
            await self._connection.execute(select(func.pg_advisory_xact_lock(key)))

    def _insert(self, table: Table) -> "Insert":
        """Knows "on conflict". A dialect is imported for the database that is in use only."""
        if self._on_postgres:
            from sqlalchemy.dialects import postgresql

            return cast("Insert", postgresql.insert(table))  # the same methods
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)

    def _among(self, column: ColumnElement[int], ids: Iterable[int]) -> ColumnElement[bool]:
        """As IN, with one parameter for all: hundreds of them cost more than their query."""
        if self._on_postgres:
            return column == any_(literal(list(ids), ARRAY(BigInteger)))
        each = func.json_each(json.dumps(list(ids))).table_valued("value")
        return column.in_(select(each.c.value))

    def _table_of(self, names: Sequence[str], rows: Iterable[Sequence[int]]) -> FromClause:
        """Numbers as a table in one parameter, to update many rows by one statement."""
        if self._on_postgres:
            named = [dict(zip(names, row, strict=True)) for row in rows]
            record = func.json_to_recordset(literal(named, JSON))
            columns = [sql_column(name, BigInteger) for name in names]
            return record.table_valued(*columns, name="given").render_derived(with_types=True)
        each = func.json_each(json.dumps(list(rows))).table_valued("value")
        fields = [
            func.json_extract(each.c.value, f"$[{place}]", type_=BigInteger).label(name)
            for place, name in enumerate(names)
        ]
        return select(*fields).subquery("given")

    async def _put(
        self, table: Table, rows: Sequence[Mapping[str, Any]], keys: Sequence[str]
    ) -> int:
        """Inserts; where `keys` exist already, the other columns are replaced, and where there
        are no other columns the row is left as it is. Returns how many rows were written.
        """
        written = 0
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[start : start + ROWS_AT_ONCE]
            insert = self._insert(table)
            others = [column for column in part[0] if column not in keys]
            statement = insert.values(list(part))
            if others:
                statement = statement.on_conflict_do_update(
                    index_elements=list(keys),
                    set_={column: insert.excluded[column] for column in others},
                )
            else:
                statement = statement.on_conflict_do_nothing(index_elements=list(keys))
            written += (await self._connection.execute(statement)).rowcount
        return written
