"""Databases to measure with: SQLite on a disk, as it is installed; PostgreSQL for comparison."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from bench.peers.environment import cache
from storage import schema
from tests.postgres import running_server

MOUNTS = Path("/proc/mounts")
MEMORY = ("tmpfs", "ramfs")


@asynccontextmanager
async def on_disk() -> AsyncIterator[str]:
    """A migrated SQLite file in the user's cache: temporary folders are often in memory."""
    cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="database-", dir=cache()) as folder:
        filesystem = filesystem_of(Path(folder))
        sys.stderr.write(f"SQLite, synchronous=FULL, on {filesystem} ({folder})\n")
        if filesystem in MEMORY:
            sys.stderr.write("That is memory: set XDG_CACHE_HOME to a folder on a disk.\n")
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bot.db'}"
        await schema.migrate(url)
        yield url


@asynccontextmanager
async def on_postgres() -> AsyncIterator[str]:
    """Migrated; TEST_POSTGRES_URL or a cluster of its own. Raises tests.postgres.NoPostgres."""
    with ExitStack() as stack:
        # In a thread: it runs an event loop of its own.
        server = await asyncio.to_thread(stack.enter_context, running_server())
        name = await asyncio.to_thread(server.create)
        yield server.url_of(name)
        await asyncio.to_thread(server.drop, name)
        await asyncio.to_thread(stack.close)


def filesystem_of(folder: Path) -> str:
    """Its kind, as in "ext4"; "unknown" where the kernel does not say."""
    if not MOUNTS.exists():
        return "unknown"
    kinds = {Path(fields[1]): fields[2] for fields in map(str.split, _mounts())}
    place = folder.resolve()
    return next((kinds[above] for above in (place, *place.parents) if above in kinds), "unknown")


def _mounts() -> list[str]:
    return MOUNTS.read_text().splitlines()
