"""What a DATABASE_URL says."""

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


class AddressError(ValueError):
    """The address is not repeated: it may hold a password."""


def parse(url: str) -> URL:
    """With the drivers we use. Raises AddressError."""
    try:
        target = make_url(url)
        return target.set(drivername=DRIVERS[target.get_backend_name()])
    except (ArgumentError, KeyError):
        raise AddressError(
            "must look like sqlite+aiosqlite:///data/bot.db "
            "or postgresql+asyncpg://user:password@host/name"
        ) from None


def file_of(url: str) -> Path | None:
    """None for PostgreSQL, and for a database that lives in memory."""
    target = parse(url)
    if target.get_backend_name() != "sqlite" or target.database in {None, "", ":memory:"}:
        return None
    return Path(str(target.database))
