"""Batches: what arrives while one commit is under way shares the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Batches(Generic[Item, Answer]):
    """No timer: alone, an item is committed at once; in a crowd, many are committed together.

    `commit` must not raise: its tasks belong to `group`. Batches are committed one by one, in
    the order in which they were put.
    """

    def __init__(
        self, commit: Callable[[Sequence[Item]], Awaitable[Answer]], group: asyncio.TaskGroup
    ) -> None:
        self._commit = commit
        self._group = group
        self._gathered: list[Item] = []
        self._next: asyncio.Task[Answer] | None = None  # takes what is gathered by then
        self._under_way: asyncio.Task[Answer] | None = None

    async def put(self, items: Sequence[Item]) -> Answer:
        """What became of the batch they were in. Cancelling it does not undo the put."""
        self._gathered.extend(items)
        if self._next is None:
            self._next = self._group.create_task(self._after(self._under_way))
        return await asyncio.shield(self._next)

    async def finish(self) -> None:
        """Returns when all that was put is committed."""
        while self._next is not None:
            await asyncio.wait([self._next])
        if self._under_way is not None:
            await asyncio.wait([self._under_way])

    async def _after(self, before: asyncio.Task[Answer] | None) -> Answer:
        if before is not None:
            await asyncio.wait([before])
        batch, self._gathered = self._gathered, []
        self._under_way, self._next = self._next, None
        return await self._commit(batch)
