"""The gateway: every message that leaves passes here, reply or bulk, and keeps Telegram's pace.

It hooks into python-telegram-bot as its rate limiter, so nothing can be sent around it. Telegram
allows about 30 messages a second overall, 1 a second to one person (short bursts pass) and 20 a
minute to a group: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
A 429 holds its own chat; 429s from two chats at once mean all of us, and hold all bulk.
"""

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine
from datetime import timedelta
from enum import StrEnum
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

WINDOW = 1.005  # seconds; a little more than Telegram's, since requests travel unevenly
OVERALL = 30
REPLY_TRIES = 3
PATIENCE = 30.0  # seconds a reply waits out a 429; after that it is no reply any more
AT_ONCE = 2.0  # seconds: about as long as requests that left together need to come back
BULK_PATIENCE = 1.5  # seconds a place in flight may be held
CHATS_REMEMBERED = 10_000
UNCOUNTED = ("answer", "get", "set", "delete", "log", "close", "leave")


class Lane(StrEnum):
    REPLY = "reply"
    PERSONAL = "personal"  # a reply that holds personal data: private chats only
    BULK = "bulk"


class PersonalDataError(Exception):
    """Something personal was about to be sent to a group."""


Answer = bool | dict[str, Any] | list[dict[str, Any]]


class Gateway(BaseRateLimiter[Lane]):
    def __init__(self, *, bulk_rate: int = 25) -> None:
        self._bulk_rate = bulk_rate
        self._released: deque[float] = deque(maxlen=OVERALL)
        self._chats: OrderedDict[object, float] = OrderedDict()  # earliest next send, GCRA
        self._held: dict[object, float] = {}  # by chat: what a 429 told us
        self._last_429: tuple[object, float] = (None, -AT_ONCE)
        self._bulk_held = 0.0

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""

    async def process_request(  # noqa: PLR0917 - the signature is the library's
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Lane | None,
    ) -> Answer:
        lane = rate_limit_args or Lane.REPLY
        chat = data.get("chat_id")
        if lane is Lane.PERSONAL and not _is_private(chat):
            raise PersonalDataError(endpoint)
        if endpoint.startswith(UNCOUNTED) or endpoint == "sendChatAction":
            return await callback(*args, **kwargs)
        for attempt in range(1, REPLY_TRIES + 1):
            await self._admit(chat, lane)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as told:
                wait = seconds_of(told)
                self._hold(chat, wait)
                if lane is Lane.BULK or attempt == REPLY_TRIES or wait > PATIENCE:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _admit(self, chat: object, lane: Lane) -> None:
        while True:
            now = asyncio.get_running_loop().time()
            wait = max(self._window_wait(lane, now), self._chat_wait(chat, now))
            if wait <= 0:
                break
            if lane is Lane.BULK and wait > BULK_PATIENCE:
                raise RetryAfter(math.ceil(wait))  # its row waits in the ledger, not in here
            await asyncio.sleep(wait)
        self._released.append(now)
        self._count(chat, now)

    def _window_wait(self, lane: Lane, now: float) -> float:
        allowed, held = (self._bulk_rate, self._bulk_held) if lane is Lane.BULK else (OVERALL, 0.0)
        if len(self._released) < allowed:
            return held - now
        return max(self._released[-allowed] + WINDOW, held) - now

    def _chat_wait(self, chat: object, now: float) -> float:
        interval, burst = _limits(chat)
        earliest = self._chats.get(chat, 0.0) - interval * (burst - 1)
        return max(earliest, self._held.get(chat, 0.0)) - now

    def _count(self, chat: object, now: float) -> None:
        interval, _ = _limits(chat)
        self._chats[chat] = max(self._chats.get(chat, 0.0), now) + interval
        self._chats.move_to_end(chat)
        if len(self._chats) > CHATS_REMEMBERED:
            self._chats.popitem(last=False)
        if self._held.get(chat, now) < now:
            del self._held[chat]

    def _hold(self, chat: object, wait: float) -> None:
        now = asyncio.get_running_loop().time()
        self._held[chat] = max(now + wait, self._held.get(chat, 0.0))
        other, at = self._last_429
        if other not in {None, chat} and now - at < AT_ONCE:
            # One window later than the end, so that replies go first.
            longest = max(self._held[chat], self._held.get(other, 0.0))
            self._bulk_held = max(longest + WINDOW, self._bulk_held)
        self._last_429 = (chat, now)


def seconds_of(told: RetryAfter) -> float:
    """A timedelta where PTB_TIMEDELTA is set, a number otherwise."""
    wait = told.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _limits(chat: object) -> tuple[float, int]:
    """Seconds a message (a little more than Telegram's), and how many may go at once.

    To a group 5 at once and then 15 in the rest of the minute.
    """
    return (1.05, 5) if _is_private(chat) else (4.05, 5)


def _is_private(chat: object) -> bool:
    return isinstance(chat, int) and chat > 0
