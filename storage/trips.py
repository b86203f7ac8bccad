"""Trips: a whole transaction in one visit to a thread, instead of one visit for each of its steps.

SQLite is asked in a thread, and every way there and back costs more than most statements. What
awaits nothing but its records can be run through over there as it is.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Dialect, Engine, Executable, ScalarResult
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sealing import Seal
from storage.transaction import Transaction

Result = TypeVar("Result")
Work = Callable[[Transaction], Coroutine[Any, Any, Result]]
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class _AtOnce:
    """As much of SQLAlchemy's asynchronous connection as records use; nothing is waited for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        return self._connection.dialect

    async def execute(self, statement: Executable, given: Parameters = None) -> CursorResult[Any]:
        return self._connection.execute(statement, given)

    async def scalars(self, statement: Executable, given: Parameters = None) -> ScalarResult[Any]:
        return (await self.execute(statement, given)).scalars()

    async def scalar(self, statement: Executable, given: Parameters = None) -> Any:
        return (await self.execute(statement, given)).scalar()


def make(engine: Engine, seal: Seal, work: Work[Result]) -> Result:
    """To be called in a thread. Raises RuntimeError where `work` awaits anything else."""
    with engine.begin() as connection:
        records = Transaction(cast("AsyncConnection", _AtOnce(connection)), seal)
        return _run_through(work(records))


def _run_through(work: Coroutine[Any, Any, Result]) -> Result:
    try:
        work.send(None)
    except StopIteration as end:
        result: Result = end.value
        return result
    work.close()
    raise RuntimeError("in a trip nothing but its records may be awaited")
