"""What is remembered of each source between visits."""

from collections.abc import Mapping

from sqlalchemy import select

from bot.core.sources import Visits
from storage.queries import Queries
from storage.tables import sources


class SourceQueries(Queries):
    async def visits(self) -> Mapping[str, Visits]:
        found = await self._connection.execute(select(sources))
        return {row["source"]: Visits(**row) for row in found.mappings()}

    async def set_visits(self, visits: Visits) -> None:
        row = {column.name: getattr(visits, column.name) for column in sources.columns}
        await self._put(sources, [row], ["source"])
