"""Receiving: Telegram's updates go into the inbox first, and from there to the handlers.

    getUpdates -> inbox (commit) -> getUpdates with the next offset = "I have them"
                       '-> a lane per chat -> handlers -> done

Telegram repeats what was not confirmed, so a crash at any point loses nothing; what comes twice
is recognised by its number. Within a chat updates keep their order, chats do not wait for each
other.
"""

import asyncio
import json
from collections.abc import Sequence

import structlog
from telegram import Update
from telegram.error import InvalidToken, TelegramError, TimedOut

from bot.core.inbox import InboxState, Incoming
from handlers.context import App, Services

log = structlog.get_logger()

LANES = 16
POLL_SECONDS = 25
DRAIN_SECONDS = 8.0  # a supervisor kills after 10
WAITS = (1, 2, 5, 10, 30)
WANTED = ["message", "callback_query", "my_chat_member"]


class Receiver:
    def __init__(self, app: App) -> None:
        self._app = app
        self._services: Services = app.bot_data
        self._lanes: list[asyncio.Queue[Incoming | None]] = [asyncio.Queue() for _ in range(LANES)]
        self._offset: int | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what has begun is finished, the rest waits in the inbox for next time."""
        async with self._services.store.reading() as records:
            self._sort(await records.waiting())
        async with asyncio.TaskGroup() as group:
            workers = [group.create_task(self._work(lane)) for lane in self._lanes]
            polling = group.create_task(self._poll())
            await stop.wait()
            polling.cancel()
            for lane in self._lanes:
                _empty(lane)
                lane.put_nowait(None)
            _, unfinished = await asyncio.wait(workers, timeout=DRAIN_SECONDS)
            for worker in unfinished:
                worker.cancel()

    async def _poll(self) -> None:
        failures = 0
        while True:
            try:
                updates = await self._app.bot.get_updates(
                    offset=self._offset, timeout=POLL_SECONDS, allowed_updates=WANTED
                )
                await self._keep(updates)
                failures = 0
            except TimedOut:
                continue
            except InvalidToken:
                raise
            except TelegramError as error:  # also what is no JSON: a proxy's page, say
                wait = WAITS[min(failures, len(WAITS) - 1)]
                failures += 1
                log.warning("receiving failed", error=type(error).__name__, again_in=wait)
                await asyncio.sleep(wait)

    async def _keep(self, updates: Sequence[Update]) -> None:
        if not updates:
            return
        incoming = [_incoming(update) for update in updates]
        async with self._services.store.transaction() as records:
            new = await records.receive(incoming, at=self._services.clock.now())
        self._offset = max(update.update_id for update in updates) + 1
        self._sort(new)

    def _sort(self, incoming: Sequence[Incoming]) -> None:
        for one in incoming:
            self._lanes[one.chat_id % LANES].put_nowait(one)

    async def _work(self, lane: asyncio.Queue[Incoming | None]) -> None:
        while (incoming := await lane.get()) is not None:
            await self._handle(incoming)

    async def _handle(self, incoming: Incoming) -> None:
        update = Update.de_json(json.loads(incoming.payload), self._app.bot)
        await self._app.process_update(update)
        error_id = self._services.failures.pop(incoming.update_id, None)
        state = InboxState.DEAD if error_id else InboxState.DONE
        async with self._services.store.transaction() as records:
            await records.finish(incoming.update_id, state, error_id)


def _empty(lane: asyncio.Queue[Incoming | None]) -> None:
    while not lane.empty():
        lane.get_nowait()


def _incoming(update: Update) -> Incoming:
    chat, user = update.effective_chat, update.effective_user
    return Incoming(
        update.update_id,
        chat.id if chat else 0,
        user.id if user else None,
        update.to_json(),
    )
