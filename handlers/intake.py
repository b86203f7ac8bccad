"""Intake: every update is in the inbox before Telegram hears that we have it.

Polls and webhook posts that arrive while a commit is under way share the next one.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence

import structlog

from bot.core import inbox
from bot.core.batches import Batches
from bot.core.flood import Floods, Verdict
from bot.core.inbox import InboxState, Incoming, Step
from bot.core.ports import StoreUnavailableError
from handlers.context import App
from handlers.lines import Lines, WriteDown
from handlers.taps import Taps
from handlers.views import help as views
from handlers.words import say

log = structlog.get_logger()


class Intake:
    def __init__(
        self,
        app: App,
        lines: Lines,
        *,
        floods: Floods,
        taps: Taps,
        write_down: WriteDown,
        group: asyncio.TaskGroup,
    ) -> None:
        self._app = app
        self._lines = lines
        self._floods = floods
        self._taps = taps
        self._write_down = write_down
        self._group = group
        self._batches = Batches(self._commit, group)
        self._between = asyncio.Lock()  # what is committed and not yet in its line
        self._unreadable: set[int] = set()
        self._is_open = False

    @property
    def has_room(self) -> bool:
        return self._is_open and not self._lines.are_full

    async def room(self) -> None:
        """Returns when there is some."""
        await self._lines.room()

    async def keep(self, updates: Sequence[Incoming]) -> None:
        """Once this returns they are written down. Raises StoreUnavailableError."""
        if updates and not await self._batches.put(updates):
            raise StoreUnavailableError("the inbox could not be written")

    async def open(self) -> None:
        """What the process before has left goes first. Raises StoreUnavailableError."""
        chats: set[int] = set()
        async for page in self._left_over():
            self._lines.take(inbox.after_a_start(page, chats))
        self._is_open = True

    async def look_again(self) -> None:
        """For what an operator has put back. Raises StoreUnavailableError."""
        async for page in self._left_over():
            self._lines.take(page)

    def close(self) -> None:
        """Nothing new is taken; what was put already is still written down."""
        self._is_open = False

    async def finish(self) -> None:
        """Returns when that is done."""
        await self._batches.finish()

    async def _left_over(self) -> AsyncIterator[Sequence[Incoming]]:
        store = self._app.bot_data.store
        async with self._between:
            known = self._lines.known | self._unreadable
            numbers = await inbox.left_over(store, known)
        for start in range(0, len(numbers), inbox.PAGE):
            await self._lines.room()
            page = numbers[start : start + inbox.PAGE]
            found = await inbox.opened(store, page)
            self._unreadable.update(set(page) - {one.update_id for one in found})
            yield found

    async def _commit(self, updates: Sequence[Incoming]) -> bool:
        services = self._app.bot_data
        async with self._between:
            try:
                new = await inbox.receive(services.store, updates, services.clock)
            except StoreUnavailableError:
                return False
            aside = [one for one in new if self._judged(one) is Verdict.ASIDE]
            self._lines.take([one for one in new if one not in aside])
            await self._put_aside(aside)
        return True

    def _judged(self, one: Incoming) -> Verdict:
        if one.telegram_id is None:
            return Verdict.FINE
        now = asyncio.get_running_loop().time()
        verdict = self._floods.arrived(one.telegram_id, now)
        if verdict is Verdict.TELL:
            log.info("somebody writes faster than we answer", update=one.update_id)
            self._group.create_task(say(self._app, one, views.one_by_one))
        return verdict

    async def _put_aside(self, updates: Sequence[Incoming]) -> None:
        for one in updates:
            self._taps.end(one)
        if updates:
            log.info("put aside unread", updates=len(updates))
            await self._write_down([Step(one.update_id, InboxState.DONE) for one in updates])
