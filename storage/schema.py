"""The schema's version: what the database has, what the program needs, and the way there."""

from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage import address
from storage.discretion import hide_values

MIGRATIONS = Path(__file__).parent / "migrations"


class UnreachableError(Exception):
    """The database cannot be opened; the text says why, without the address."""


def newest() -> str:
    """Told by the file names (0001_foundation.py …), so that a start need not import Alembic."""
    return max(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def version(url: str) -> str | None:
    """None: an empty database. Raises UnreachableError."""
    engine = _engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_version)
    except (OSError, SQLAlchemyError) as wrong:
        raise UnreachableError(_reason(wrong)) from wrong
    finally:
        await engine.dispose()


async def migrate(url: str) -> bool:
    """Brings the database to the newest version; False where it was there already.

    All steps happen in one transaction: a failing one leaves the old database usable.
    Raises UnreachableError.
    """
    _make_folder(url)
    if await version(url) == newest():
        return False
    engine = _engine(url)
    try:
        await _keep_a_log_of_writes(engine)
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()
    return True


def _engine(url: str) -> AsyncEngine:
    return hide_values(
        create_async_engine(address.parse(url), poolclass=NullPool, hide_parameters=True)
    )


async def _keep_a_log_of_writes(engine: AsyncEngine) -> None:
    """SQLite remembers this with the file. Of several connections that switched to it at the same
    moment, one would be told that the database is locked, however patient it is.
    """
    if engine.dialect.name == "sqlite":
        async with engine.connect() as connection:
            await connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    if connection.dialect.name == "sqlite":
        # The driver opens no transaction for CREATE TABLE by itself.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # Of processes that start together one migrates; the others then find it done.
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("schema", 0))))
    command.upgrade(config, "head")


def _make_folder(url: str) -> None:
    file = address.file_of(url)
    try:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise UnreachableError(_reason(wrong)) from wrong


def _reason(wrong: Exception) -> str:
    told = wrong.orig if isinstance(wrong, DBAPIError) else wrong
    return str(told).split("\n", maxsplit=1)[0] or type(told).__name__
