"""The database as it is, past the use cases."""

from typing import Any

from sqlalchemy import select, text

from storage.store import Database
from storage.tables import metadata


async def rows(store: Database, table: str) -> list[dict[str, Any]]:
    """All of a table, in the order of its first column."""
    known = metadata.tables[table]
    async with store.reading() as records:
        found = await records._connection.execute(select(known).order_by(*list(known.c)[:1]))
        return [dict(row) for row in found.mappings()]


async def states(store: Database, kind: str = "news") -> list[str]:
    """The states of the ledger's rows of a kind, oldest row first."""
    return [row["state"] for row in await rows(store, "deliveries") if row["kind"] == kind]


async def run_sql(store: Database, *statements: str) -> None:
    async with store.transaction() as records:
        for statement in statements:
            await records._connection.execute(text(statement))
