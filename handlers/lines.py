"""Lines: within a chat one update after the other, chats beside each other.

The next of a chat begins when the end of the one before is written down, so that after a crash
only the last of each chat can be handled again. Ends of several chats share a commit. What waits
for a new try holds up its own chat and nobody else.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import Protocol

import structlog

from bot.core.ids import new_reference
from bot.core.inbox import InboxState, Incoming, Step
from bot.core.tries import Again, Tries
from handlers import errors

log = structlog.get_logger()

AT_ONCE = 128  # a reply that waits out a 429 holds one of these places
MOST_WAITING = 2_000  # more stay with Telegram, or in the store
DRAIN_SECONDS = 8.0  # a supervisor kills after 10

WriteDown = Callable[[Sequence[Step]], Awaitable[object]]


class Desk(Protocol):
    """Whoever handles an update and talks to its person."""

    async def handle(self, one: Incoming) -> None: ...
    async def apologise(self, one: Incoming, error_id: str) -> None: ...
    def came_to_an_end(self, one: Incoming) -> None: ...


class Circles(Protocol):
    """What a tap shows while it waits."""

    def wait(self, one: Incoming) -> None: ...
    def begin(self, one: Incoming) -> None: ...
    def end(self, one: Incoming) -> None: ...


class Lines:
    def __init__(
        self, desk: Desk, circles: Circles, write_down: WriteDown, group: asyncio.TaskGroup
    ) -> None:
        self._desk = desk
        self._circles = circles
        self._write_down = write_down
        self._group = group
        self._chats: dict[int, deque[Incoming]] = {}  # by chat, only those with something waiting
        self._known: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._alone = asyncio.Lock()
        self._room = asyncio.Event()
        self._room.set()
        self._stop = asyncio.Event()

    @property
    def known(self) -> frozenset[int]:
        """Numbers of what has not come to its end."""
        return frozenset(self._known)

    @property
    def waiting(self) -> int:
        return len(self._known)

    @property
    def are_full(self) -> bool:
        return not self._room.is_set()

    async def room(self) -> None:
        await self._room.wait()

    def take(self, updates: Sequence[Incoming]) -> None:
        """In the order of each chat."""
        for one in updates:
            self._known.add(one.update_id)
            self._circles.wait(one)
            line = self._chats.get(one.chat_id)
            if line is None:
                self._chats[one.chat_id] = deque([one])
                self._begin(one.chat_id)
            else:
                line.append(one)
        self._count()

    async def drain(self) -> None:
        """What has begun is given a few seconds; the rest is left for the next start."""
        self._stop.set()
        if self._tasks:
            _, unfinished = await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)
            for task in unfinished:
                task.cancel()

    def _begin(self, chat_id: int) -> None:
        task = self._group.create_task(self._serve(chat_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, chat_id: int) -> None:
        """One chat, in order, until nothing waits any more."""
        line = self._chats[chat_id]
        while line:
            end = await self._bring_to_an_end(line[0])
            if end is None:
                return
            await self._write_down([end])
            one = line.popleft()
            self._known.discard(one.update_id)
            self._desk.came_to_an_end(one)
            self._count()
        del self._chats[chat_id]

    async def _bring_to_an_end(self, one: Incoming) -> Step | None:
        """None where it is time to stop."""
        tries = Tries(one.tries)
        while not tries.used_up:
            async with self._turn_of(one):
                if self._stop.is_set():
                    return None
                outcome = await self._try(one, tries)
            if isinstance(outcome, Step):
                return outcome
            await self._pause(outcome.wait)
        error_id = new_reference()
        log.error("an update ended the process each time", error_id=error_id, update=one.update_id)
        return Step(one.update_id, InboxState.DEAD, tries.begun, error_id)

    async def _try(self, one: Incoming, tries: Tries) -> Step | Again:
        if tries.begun:
            await self._write_down([Step(one.update_id, InboxState.RECEIVED, tries.begun + 1)])
        self._circles.begin(one)
        fault = await errors.fault_of(self._desk.handle(one))
        if fault is None:
            return Step(one.update_id, InboxState.DONE)
        self._circles.end(one)
        return await self._failed(one, fault, tries)

    async def _failed(self, one: Incoming, fault: Exception, tries: Tries) -> Step | Again:
        error_id = new_reference()
        ruling = tries.after(errors.whose(fault), errors.told_to_wait(fault))
        errors.note(one, error_id, fault, ruling)
        if isinstance(ruling, Again):
            return ruling
        if ruling.apologise:
            await self._desk.apologise(one, error_id)
        error = error_id if ruling.state is InboxState.DEAD else None
        return Step(one.update_id, ruling.state, tries.begun, error)

    @asynccontextmanager
    async def _turn_of(self, one: Incoming) -> AsyncIterator[None]:
        """What may have ended the process more than once goes alone among its kind, so that of
        many only the guilty one uses up its tries.
        """
        async with self._alone if one.tries > 1 else nullcontext(), self._places:
            yield

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()

    def _count(self) -> None:
        if self.waiting < MOST_WAITING:
            self._room.set()
        else:
            self._room.clear()
