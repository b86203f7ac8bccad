"""Reception: one term of receiving, from Telegram through the inbox to the handlers.

getUpdates, or a post to the webhook
   '-> intake: inbox (commit) -> "I have them" (the next offset, or 200)
         '-> lines: its chat's line -> handlers -> done (commit) -> the next of that chat
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.core import inbox
from bot.core.batches import Batches
from bot.core.flood import Floods
from bot.core.health import Receiving
from bot.core.inbox import Step
from bot.core.ports import StoreUnavailableError
from handlers.context import App, Services
from handlers.handling import Handling
from handlers.intake import Intake
from handlers.lines import Lines
from handlers.receiving import Poller, Source
from handlers.taps import Taps

log = structlog.get_logger()

LOOK_AGAIN_SECONDS = 5.0
STORE_SECONDS = 1.0  # until a store that was busy is asked again


class _EndOfTermError(Exception):
    """Cuts off what is still at work in the background."""


class Reception:
    """Without a source nobody asks Telegram: the webhook brings updates to `intake`."""

    def __init__(self, app: App, source: Source | None) -> None:
        self._app = app
        self._services: Services = app.bot_data
        self._poller = Poller(source, self._services.clock) if source else None
        self._since = self._services.clock.now()
        self._stopping = False
        self.intake: Intake | None = None
        self.begun = asyncio.Event()  # the doors are open, or will not be any more

    @property
    def facts(self) -> Receiving:
        return self._poller.facts if self._poller else Receiving(self._since, polling=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what has begun is finished, the rest waits in the inbox for next time.
        Raises TokenRefusedError in a group.
        """
        try:
            async with asyncio.TaskGroup() as group:
                await self._receive(group, stop)
        except* _EndOfTermError:
            log.debug("receiving has ended")

    async def _receive(self, group: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        steps = Batches(self._write_down, group)
        floods, taps = Floods(), Taps(self._app, group)
        lines = Lines(Handling(self._app, floods), taps, steps.put, group)
        self.intake = intake = Intake(
            self._app, lines, floods=floods, taps=taps, write_down=steps.put, group=group
        )
        work = group.create_task(self._work(intake))
        try:
            await stop.wait()
        finally:
            self._stopping = True
            self.begun.set()
            intake.close()
            taps.close()
            work.cancel()
        await lines.drain()
        await intake.finish()
        raise _EndOfTermError

    async def _work(self, intake: Intake) -> None:
        await self._in_the_end(intake.open)
        self.begun.set()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look_again(intake))
            if self._poller:
                group.create_task(self._poller.run(intake))

    async def _look_again(self, intake: Intake) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            await self._in_the_end(intake.look_again)

    async def _write_down(self, steps: Sequence[Step]) -> None:
        """At the end of a term, what is not written down is handled again by the next."""
        services = self._services
        await self._in_the_end(
            lambda: inbox.write_down(
                services.store, steps, owners=services.owners, clock=services.clock
            )
        )

    async def _in_the_end(self, work: Callable[[], Awaitable[None]]) -> None:
        """Again and again while the store is busy; at the end of a term only once."""
        while True:
            try:
                return await work()
            except StoreUnavailableError:
                log.warning("the store is busy")
                if self._stopping:
                    return None
                await asyncio.sleep(STORE_SECONDS)
