"""The gateway: every message that leaves passes here, reply or bulk, and keeps Telegram's pace.

It hooks into python-telegram-bot as its rate limiter, and `handlers.calls` uses it directly, so
nothing can be sent around it.

    a slot is free and nobody waits -----------------------------> leaves
    else waits its turn, highest lane first (`turns`) -> a slot -> leaves

What comes from the ledger waits in here for a moment only; longer, and RetryAfter sends it back
to its row. A reply waits out a 429 as long as it is still a reply.
"""

import asyncio
import math
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from handlers.pace import Chats, Pace, Refusals, is_private
from handlers.turns import Leaving, Turns, Waiting

PATIENCE = 30.0  # seconds a reply waits out a 429; after that it is no reply any more
BULK_PATIENCE = 1.5  # seconds a place in flight may be held
INSTANT = 1e-6  # seconds that are no wait: clocks round
UNCOUNTED = ("answer", "get", "set", "delete", "log", "close", "leave", "sendChatAction")


class Lane(StrEnum):
    """Highest first."""

    REPLY = "reply"
    PERSONAL = "personal"  # a reply that holds personal data: private chats only
    CRITICAL = "critical"  # this and what follows comes from the ledger
    NEWS = "news"
    DIGEST = "digest"


REPLIES = (Lane.REPLY, Lane.PERSONAL)
RANKS = {Lane.REPLY: 0, Lane.PERSONAL: 0, Lane.CRITICAL: 1, Lane.NEWS: 2, Lane.DIGEST: 3}


class PersonalDataError(Exception):
    """Something personal was about to be sent to a group."""


@dataclass(frozen=True, slots=True)
class Facts:
    """For /health and the sender."""

    in_flight: int
    waiting: int
    held_for: float  # seconds that nothing may leave from now on
    held_seconds: float  # in all, up to now
    refusals: int  # 429s
    sent: Mapping[Lane, int]


Answer = bool | dict[str, Any] | list[dict[str, Any]]
T = TypeVar("T")


class Gateway(BaseRateLimiter[Lane]):
    def __init__(self, *, bulk_rate: int = 25) -> None:
        """More than 30 only where Telegram is paid for it."""
        self._pace = Pace(bulk_rate)
        self._chats = Chats()
        self._refusals = Refusals()
        self._turns = Turns(RANKS)
        self._timer: asyncio.TimerHandle | None = None
        self._departures = 0
        self._in_flight = 0
        self._waiting = 0
        self._refused = 0
        self._sent = dict.fromkeys(Lane, 0)

    async def initialize(self) -> None:
        """Nothing to prepare, nor to put away."""

    shutdown = initialize

    def held_until(self) -> float:
        """Seconds from now until a 429 for all of us ends; 0 where there is none."""
        return max(0.0, self._refusals.held_until - _now())

    def facts(self) -> Facts:
        left = self.held_until()
        past = self._refusals.held_seconds - left
        return Facts(self._in_flight, self._waiting, left, past, self._refused, dict(self._sent))

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
        if lane is Lane.PERSONAL:
            insist_on_private(chat, endpoint)
        if endpoint.startswith(UNCOUNTED):
            return await callback(*args, **kwargs)
        return await self.carry(callback, args, kwargs, lane=lane, chat=chat)

    async def carry(
        self,
        call: Callable[..., Coroutine[Any, Any, T]],
        args: Any,
        kwargs: dict[str, Any],
        *,
        lane: Lane,
        chat: object,
    ) -> T:
        """Makes the call when it may leave. Raises RetryAfter where that is not soon."""
        since = _now()
        while True:
            leaving = self._leave_at_once(lane, chat) or await self._turn(lane, chat, since)
            self._in_flight += 1
            try:
                answer = await call(*args, **kwargs)
            except RetryAfter as told:
                self._note_429(leaving, chat, seconds_of(told))
                if lane not in REPLIES or self._impatient(lane, chat, since):
                    raise
            else:
                self._note_success(leaving, chat, lane)
                return answer
            finally:
                self._in_flight -= 1

    def _leave_at_once(self, lane: Lane, chat: object) -> Leaving | None:
        now = _now()
        if (
            self._turns.nobody_is_ready(now)
            and self._wait(lane, now) <= INSTANT
            and self._chats.wait(chat, now) <= INSTANT
        ):
            return self._leave(lane, chat, now)
        return None

    async def _turn(self, lane: Lane, chat: object, since: float) -> Leaving:
        if told := self._impatient(lane, chat, since):
            raise told
        turn: asyncio.Future[Leaving] = asyncio.get_running_loop().create_future()
        self._turns.add(Waiting(lane, chat, since, turn))
        self._waiting += 1
        try:
            self._pump()
            return await turn
        finally:
            self._waiting -= 1

    def _pump(self) -> None:
        """Lets go who may, and wakes again when the next one may."""
        now = _now()
        wake_at = math.inf
        while first := self._turns.first(now + INSTANT):
            if (wait := self._chats.wait(first.chat, now)) > INSTANT:
                self._turns.park_first(now + wait)
                self._dismiss([first])
            elif (wait := self._wait(first.lane, now)) > INSTANT:
                wake_at = now + wait
                break
            else:
                first.turn.set_result(self._leave(first.lane, first.chat, now))
        self._pump_at(min(wake_at, self._turns.next_at))

    def _pump_at(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if at < math.inf:
            self._timer = asyncio.get_running_loop().call_at(at, self._pump)

    def _wait(self, lane: Lane, now: float) -> float:
        if lane in REPLIES:
            return max(self._pace.reply_wait(now), self._refusals.held_until - now)
        paused = max(self._refusals.held_until, self._refusals.bulk_paused_until)
        return max(self._pace.bulk_wait(now), paused - now)

    def _leave(self, lane: Lane, chat: object, now: float) -> Leaving:
        if lane in REPLIES:
            self._pace.count_reply(now)
        else:
            self._pace.count_bulk(now)
        self._chats.count(chat, now)
        self._departures += 1
        return Leaving(self._departures, now)

    def _note_success(self, leaving: Leaving, chat: object, lane: Lane) -> None:
        self._sent[lane] += 1
        self._pace.margin.note_trip(_now() - leaving.at)
        if self._refusals.accepted(leaving.number, chat):
            self._pump()

    def _note_429(self, leaving: Leaving, chat: object, wait: float) -> None:
        now = _now()
        again = self._chats.held_until(chat) > now
        held_before = self._refusals.held_until > now
        self._refusals.refused(leaving.number, chat, until=now + wait, now=now, again=again)
        self._chats.hold(chat, now + wait)
        self._refused += 1
        held = self._refusals.held_until > now
        if held:
            self._pace.resume_bulk(self._refusals.held_until)
        if not held_before:
            self._pace.margin.note_429(now, for_all=held)
        self._dismiss(self._turns)
        self._pump()

    def _dismiss(self, each: Iterable[Waiting[Lane]]) -> None:
        """Who would wait too long is told so now."""
        for one in each:
            if told := self._impatient(one.lane, one.chat, one.since):
                one.turn.set_exception(told)

    def _impatient(self, lane: Lane, chat: object, since: float) -> RetryAfter | None:
        """A reply has patience with 429s from its beginning on, and all of it with our own pace."""
        now = _now()
        held = max(self._refusals.held_until, self._chats.held_until(chat))
        if lane in REPLIES:
            too_long = held > now and held - since > PATIENCE
        else:
            held = max(held, now + self._chats.wait(chat, now))
            too_long = held - now > BULK_PATIENCE
        return RetryAfter(math.ceil(held - now)) if too_long else None


def insist_on_private(chat: object, endpoint: str) -> None:
    """Raises PersonalDataError."""
    if not is_private(chat):
        raise PersonalDataError(endpoint)


def seconds_of(told: RetryAfter) -> float:
    """A timedelta where PTB_TIMEDELTA is set, a number otherwise."""
    wait = told.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _now() -> float:
    return asyncio.get_running_loop().time()
