"""Taps that must wait: their circle ends within a second, whatever stands before them in line.

The handler answers again when their turn comes; Telegram takes only the first answer and the
second does no harm (handlers.answers.notice).
"""

import asyncio

import structlog
from telegram.error import TelegramError

from bot.core.inbox import Incoming
from handlers.context import App

log = structlog.get_logger()

PATIENCE = 0.5  # seconds a circle turns before it is ended without a word
AT_ONCE = 8


class Taps:
    def __init__(self, app: App, group: asyncio.TaskGroup) -> None:
        self._bot = app.bot
        self._group = group
        self._turning: dict[int, asyncio.TimerHandle] = {}  # by update_id
        self._places = asyncio.Semaphore(AT_ONCE)

    def wait(self, one: Incoming) -> None:
        if one.tap is not None:
            later = asyncio.get_running_loop().call_later
            self._turning[one.update_id] = later(PATIENCE, self.end, one)

    def begin(self, one: Incoming) -> None:
        """Its handler is at work and will answer."""
        turning = self._turning.pop(one.update_id, None)
        if turning is not None:
            turning.cancel()

    def end(self, one: Incoming) -> None:
        """Answers at once, in the background."""
        self.begin(one)
        if one.tap is not None:
            self._group.create_task(self._answer(one.tap))

    def close(self) -> None:
        for turning in self._turning.values():
            turning.cancel()

    async def _answer(self, tap: str) -> None:
        try:
            async with self._places:
                await self._bot.answer_callback_query(tap)
        except TelegramError as error:
            log.debug("a tap was answered already, or too late", error=type(error).__name__)
