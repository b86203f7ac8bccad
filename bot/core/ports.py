"""What every use case needs from the world: the time, and a store with transactions."""

from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar


class StoreUnavailableError(Exception):
    """The store is busy or away just now; the same again may well succeed."""


Records_co = TypeVar("Records_co", covariant=True)


Result = TypeVar("Result")


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""
        ...


class Store(Protocol[Records_co]):
    """Remembers. Each use case names the records it needs; one store satisfies them all."""

    def transaction(self) -> AbstractAsyncContextManager[Records_co]:
        """Everything inside is written, or nothing. Never held while the network is awaited."""
        ...

    async def at_once(self, work: Callable[[Records_co], Coroutine[Any, Any, Result]]) -> Result:
        """A transaction around `work`, which awaits nothing but its records: cheaper, for what
        happens with every message. Nothing of it is undone by cancelling.
        """
        ...

    def reading(self) -> AbstractAsyncContextManager[Records_co]:
        """A consistent view that waits for no writer and refuses writes."""
        ...
