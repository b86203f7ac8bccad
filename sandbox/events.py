"""What the page in the browser is told while it happens (server-sent events)."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

from sandbox.wire import Json, encode

_KEPT = 1000


class Bell:
    """Wakes everyone who waits for the next change."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    def add(self, waiting: asyncio.Future[None]) -> Callable[[], None]:
        """`waiting` is woken; the answer ends that."""
        self._waiting.add(waiting)
        return lambda: self._waiting.discard(waiting)

    async def wait(self, seconds: float) -> bool:
        """Whether it rang in time."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        remove = self.add(waiting)
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            return False
        else:
            return True
        finally:
            remove()


class Events:
    """Numbered from 1; the last thousand are kept for pages that reconnect."""

    def __init__(self) -> None:
        self._number = 0
        self._last: deque[tuple[int, int | None, Json]] = deque(maxlen=_KEPT)
        self._bell = Bell()

    def emit(self, bot_id: int | None, kind: str, /, **fields: object) -> None:
        """`bot_id` None: pages of every bot are told. `kind` becomes the event's `type`."""
        self._number += 1
        self._last.append((self._number, bot_id, {"type": kind, **fields}))
        self._bell.ring()

    @property
    def latest(self) -> int:
        return self._number

    def since(self, bot_id: int, number: int) -> list[tuple[int, Json]]:
        """Oldest first."""
        found: list[tuple[int, Json]] = []
        for n, bot, event in reversed(self._last):
            if n <= number:
                break
            if bot in (None, bot_id):
                found.append((n, event))
        return found[::-1]

    async def stream(self, bot_id: int, after: int) -> AsyncIterator[str]:
        """Events as text/event-stream, with a comment line every 15 seconds of silence."""
        yield ": here you are\n\n"
        after = min(after, self._number)  # larger: a page from before a restart
        while True:
            found = self.since(bot_id, after)
            for number, event in found:
                yield f"id: {number}\ndata: {encode(event)}\n\n"
                after = number
            if not found and not await self._bell.wait(15):
                yield ": still here\n\n"
