"""What is often written instead: count the places that are taken, then insert. Nothing is held."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Protocol

import aiosqlite
import asyncpg

from storage import address

POOL = 8
TABLE = "CREATE TABLE counting (camp BIGINT, child BIGINT, state TEXT)"
COUNT = "SELECT count(*) FROM counting WHERE camp = $1 AND state = 'accepted'"
INSERT = "INSERT INTO counting VALUES ($1, $2, $3)"

Apply = Callable[[int, int, int], Awaitable[None]]  # camp, child, places


class Link(Protocol):
    """A connection that commits each statement by itself."""

    async def number(self, statement: str, *values: object) -> int: ...
    async def run(self, statement: str, *values: object) -> None: ...


class Sqlite:
    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def number(self, statement: str, *values: object) -> int:
        async with self._connection.execute(_numbered(statement), values) as cursor:
            return int((await cursor.fetchone() or [0])[0])

    async def run(self, statement: str, *values: object) -> None:
        async with self._connection.execute(_numbered(statement), values):
            pass


class Postgres:
    """Refuses a second statement while one runs: they queue here, as aiosqlite's do."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    async def number(self, statement: str, *values: object) -> int:
        async with self._turn:
            return int(await self._connection.fetchval(statement, *values))

    async def run(self, statement: str, *values: object) -> None:
        async with self._turn:
            await self._connection.execute(statement, *values)


@asynccontextmanager
async def counting(url: str, *, connections: int) -> AsyncIterator[Apply]:
    """One connection is shared by all; several are lent to one family at a time."""
    async with AsyncExitStack() as stack:
        links = [await stack.enter_async_context(_link(url)) for _ in range(connections)]
        free: asyncio.Queue[Link] = asyncio.Queue()
        for link in links:
            free.put_nowait(link)

        async def apply(camp: int, child: int, places: int) -> None:
            link = links[0] if connections == 1 else await free.get()
            try:
                taken = await link.number(COUNT, camp)
                await link.run(INSERT, camp, child, "accepted" if taken < places else "waiting")
            finally:
                if connections > 1:
                    free.put_nowait(link)

        yield apply


async def make_table(url: str) -> None:
    async with _link(url) as link:
        await link.run(TABLE)


async def accepted(url: str, camp: int) -> int:
    async with _link(url) as link:
        return await link.number(COUNT, camp)


@asynccontextmanager
async def _link(url: str) -> AsyncIterator[Link]:
    file = address.file_of(url)
    if file is not None:
        async with aiosqlite.connect(file, isolation_level=None) as connection:
            for pragma in ("busy_timeout = 10000", "synchronous = FULL", "journal_mode = WAL"):
                await connection.execute(f"PRAGMA {pragma}")
            yield Sqlite(connection)
        return
    plain = address.parse(url).set(drivername="postgresql")
    connection = await asyncpg.connect(plain.render_as_string(hide_password=False))
    try:
        yield Postgres(connection)
    finally:
        await connection.close()


def _numbered(statement: str) -> str:
    """SQLite's spelling of $1."""
    return statement.replace("$", "?")
