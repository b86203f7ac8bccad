"""Small facts the bot notes about itself."""

from sqlalchemy import select

from storage.queries import Queries
from storage.tables import marks


class MarkQueries(Queries):
    async def mark(self, name: str) -> str | None:
        found: str | None = await self._connection.scalar(
            select(marks.c.value).where(marks.c.name == name)
        )
        return found

    async def set_mark(self, name: str, value: str) -> None:
        await self._put(marks, [{"name": name, "value": value}], ["name"])
