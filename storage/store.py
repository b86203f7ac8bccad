"""The engine and its transactions: BEGIN IMMEDIATE on SQLite, a pool on PostgreSQL."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, nullcontext
from functools import partial
from typing import Any, Self

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.core.ports import StoreUnavailableError
from storage import address, trips
from storage.discretion import hide_values
from storage.sealing import Seal
from storage.transaction import Transaction
from storage.trips import Result, Work

StoreError = SQLAlchemyError  # what callers catch without knowing SQLAlchemy

BUSY_MS = 5_000
POOL = 10


class Database:
    """One writing connection on SQLite, readers beside it; a pool for both on PostgreSQL."""

    def __init__(self, url: str, seal: Seal) -> None:
        self._seal = seal
        target = address.parse(url)
        self.is_sqlite = target.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writer = _sqlite(target, read_only=False)
            self._reader = _sqlite(target, read_only=True)
            self._trips = _sqlite_in_thread(target)
            self._thread = ThreadPoolExecutor(1, "trips")
        else:
            self._writer = self._reader = _postgres(target)
        # SQLite lets one write at a time: our own queue is fair, its busy handler is not.
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        turn = self._turn if self.is_sqlite else nullcontext()
        with _told_plainly():
            async with turn, self._writer.begin() as connection:
                yield Transaction(connection, self._seal)

    async def at_once(self, work: Work[Result]) -> Result:
        """A transaction around `work`, which awaits nothing but its records."""
        if not self.is_sqlite:
            async with self.transaction() as records:
                return await work(records)
        with _told_plainly():
            async with self._turn:
                loop = asyncio.get_running_loop()
                trip = partial(trips.make, self._trips, self._seal, work)
                return await loop.run_in_executor(self._thread, trip)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        with _told_plainly():
            async with self._reader.connect() as connection:
                if not self.is_sqlite:
                    await connection.execute(
                        text("SET TRANSACTION READ ONLY, ISOLATION LEVEL REPEATABLE READ")
                    )
                yield Transaction(connection, self._seal)
                await connection.rollback()

    async def settings(self) -> dict[str, str]:
        """What the database promises, for doctor and the start-up check."""
        async with self._writer.connect() as connection:
            if not self.is_sqlite:
                version = await connection.scalar(text("SHOW server_version"))
                return {"server_version": str(version)}
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "quick_check")
            return {name: str(await connection.scalar(text(f"PRAGMA {name}"))) for name in names}

    async def close(self) -> None:
        await self._writer.dispose()
        await self._reader.dispose()
        if self.is_sqlite:
            await asyncio.to_thread(self._thread.shutdown)
            self._trips.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


@contextmanager
def _told_plainly() -> Iterator[None]:
    """A lock that is held too long, a server that is away: core's own error, worth a new try."""
    try:
        yield
    except OperationalError as error:
        # SQLite's driver gives a mistake in a statement the same name as a lock.
        if isinstance(error.orig, sqlite3.Error) and "locked" not in str(error.orig):
            raise
        raise StoreUnavailableError(type(error.orig).__name__) from error
    except (ConnectionError, InterfaceError) as error:
        raise StoreUnavailableError(type(error).__name__) from error
    except DBAPIError as error:
        # PostgreSQL ends one of two that wait for each other: class 40, transaction rollback.
        if not str(getattr(error.orig, "sqlstate", "")).startswith("40"):
            raise
        raise StoreUnavailableError(type(error.orig).__name__) from error


def _postgres(url: URL) -> AsyncEngine:
    return hide_values(
        create_async_engine(
            url, pool_size=POOL, max_overflow=0, pool_pre_ping=True, hide_parameters=True
        )
    )


def _sqlite(url: URL, *, read_only: bool) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=POOL if read_only else 1,
        max_overflow=0,
        hide_parameters=True,
    )
    _prepare(engine.sync_engine, read_only=read_only)
    return engine


def _sqlite_in_thread(url: URL) -> Engine:
    """Another writing connection, for storage.trips."""
    engine = create_engine(
        url.set(drivername="sqlite"), pool_size=1, max_overflow=0, hide_parameters=True
    )
    _prepare(engine, read_only=False)
    return engine


def _prepare(engine: Engine, *, read_only: bool) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver's implicit BEGIN is deferred; ours (below) is not.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        else:
            cursor.execute("PRAGMA journal_mode = WAL")  # as storage.schema has made it
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
