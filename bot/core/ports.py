"""What every use case needs from the world: the time, and a store with transactions."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeVar


class StoreUnavailableError(Exception):
    """The store is busy or away just now; the same again may well succeed."""


Records_co = TypeVar("Records_co", covariant=True)


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""
        ...


class Store(Protocol[Records_co]):
    """Remembers. Each use case names the records it needs; one store satisfies them all."""

    def transaction(self) -> AbstractAsyncContextManager[Records_co]:
        """Everything inside is written, or nothing. Never held while the network is awaited."""
        ...

    def reading(self) -> AbstractAsyncContextManager[Records_co]:
        """A consistent view that waits for no writer and refuses writes."""
        ...
