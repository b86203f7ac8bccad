"""Receiving: Telegram's updates go into the inbox first, and from there to the handlers.

    getUpdates -> inbox (commit) -> getUpdates with the next offset = "I have them"
                       '-> its chat's turn -> handlers -> done

Telegram repeats what was not confirmed, so a crash at any point loses nothing; what comes twice
is recognised by its number. Within a chat updates keep their order, chats do not wait for each
other.
"""

import asyncio
import json
from collections import deque
from collections.abc import Sequence

import structlog
from telegram import Update
from telegram.error import InvalidToken, TelegramError, TimedOut

from bot.core.inbox import InboxState, Incoming
from bot.core.ports import StoreUnavailableError
from handlers.context import App, Services

log = structlog.get_logger()


class TokenRefusedError(Exception):
    """Telegram does not know this token. The token itself is not in the text."""


AT_ONCE = 64  # a reply that waits out a 429 holds one of these places
POLL_SECONDS = 25
DRAIN_SECONDS = 8.0  # a supervisor kills after 10
WAITS = (1, 2, 5, 10, 30)
WANTED = ["message", "callback_query", "my_chat_member"]


class Receiver:
    def __init__(self, app: App) -> None:
        self._app = app
        self._services: Services = app.bot_data
        self._chats: dict[int, deque[Incoming]] = {}  # only those with something waiting
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._offset: int | None = None
        self._stopping = False

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what has begun is finished, the rest waits in the inbox for next time."""
        async with self._services.store.reading() as records:
            waiting = await records.waiting()
        async with asyncio.TaskGroup() as group:
            self._sort(waiting, group)
            polling = group.create_task(self._poll(group))
            await stop.wait()
            polling.cancel()
            self._stopping = True
            await self._drain()

    async def _poll(self, group: asyncio.TaskGroup) -> None:
        failures = 0
        while True:
            try:
                updates = await self._app.bot.get_updates(
                    offset=self._offset, timeout=POLL_SECONDS, allowed_updates=WANTED
                )
                await self._keep(updates, group)
                failures = 0
            except TimedOut:
                continue
            except InvalidToken:
                raise TokenRefusedError from None
            except (TelegramError, StoreUnavailableError) as error:
                # Also what is no JSON, a proxy's page, say. The offset stays: nothing is lost.
                wait = WAITS[min(failures, len(WAITS) - 1)]
                failures += 1
                log.warning("receiving failed", error=type(error).__name__, again_in=wait)
                await asyncio.sleep(wait)

    async def _keep(self, updates: Sequence[Update], group: asyncio.TaskGroup) -> None:
        if not updates:
            return
        incoming = [_incoming(update) for update in updates]
        async with self._services.store.transaction() as records:
            new = await records.receive(incoming, at=self._services.clock.now())
        self._offset = max(update.update_id for update in updates) + 1
        self._sort(new, group)

    def _sort(self, incoming: Sequence[Incoming], group: asyncio.TaskGroup) -> None:
        for one in incoming:
            if one.chat_id in self._chats:
                self._chats[one.chat_id].append(one)
            else:
                self._chats[one.chat_id] = deque([one])
                task = group.create_task(self._serve(one.chat_id))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _serve(self, chat_id: int) -> None:
        """One chat, in order, until nothing waits any more."""
        waiting = self._chats[chat_id]
        try:
            while waiting and not self._stopping:
                async with self._places:
                    await self._handle(waiting[0])
                waiting.popleft()
        finally:
            del self._chats[chat_id]

    async def _handle(self, incoming: Incoming) -> None:
        update = Update.de_json(json.loads(incoming.payload), self._app.bot)
        await self._app.process_update(update)
        error_id = self._services.failures.pop(incoming.update_id, None)
        state = InboxState.DEAD if error_id else InboxState.DONE
        while True:
            try:
                async with self._services.store.transaction() as records:
                    await records.finish(incoming.update_id, state, error_id)
            except StoreUnavailableError:
                log.warning("the store is busy, trying again", update=incoming.update_id)
                await asyncio.sleep(WAITS[0])
            else:
                return

    async def _drain(self) -> None:
        """What has begun is given a few seconds; after that it is left for the next start."""
        if self._tasks:
            _, unfinished = await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)
            for task in unfinished:
                task.cancel()


def _incoming(update: Update) -> Incoming:
    chat, user = update.effective_chat, update.effective_user
    return Incoming(
        update.update_id,
        chat.id if chat else 0,
        user.id if user else None,
        update.to_json(),
    )
