"""Updates on their way to webhooks: in order within a chat, again and later after a failure."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from sandbox.bots import Bot
from sandbox.updates import Waiting
from sandbox.wire import Json, decode

_LONGEST_PAUSE = 60
_LONGEST_RETRY_AFTER = 3600
_SUCCESS = range(200, 300)

Perform = Callable[[Bot, str, Json], Awaitable[object]]


@dataclass(slots=True)
class _Lane:
    busy: bool = False
    failures: int = 0
    not_before: float = 0  # monotonic


@dataclass(slots=True)
class _Lanes:
    by_chat: dict[int, _Lane] = field(default_factory=dict)
    under_way: int = 0

    def ready(self, bot: Bot) -> tuple[list[tuple[int, Waiting, _Lane]], float]:
        """What may leave now, and in how many seconds to look again."""
        now, pause = time.monotonic(), float(_LONGEST_PAUSE)
        found: list[tuple[int, Waiting, _Lane]] = []
        seen: set[int] = set()
        for number, waiting in bot.updates.in_order():
            if self.under_way + len(found) >= bot.webhook.max_connections:
                break
            lane = self.by_chat.setdefault(waiting.lane, _Lane())
            if waiting.lane in seen or lane.busy:
                continue
            seen.add(waiting.lane)
            if lane.not_before > now:
                pause = min(pause, lane.not_before - now)
            else:
                found.append((number, waiting, lane))
        return found, pause


class Deliveries:
    """`perform` carries out a method that a webhook answered with."""

    def __init__(self, perform: Perform) -> None:
        self._perform = perform
        self._served: set[int] = set()
        self._group: asyncio.TaskGroup | None = None
        self._client = httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=None))

    async def run(self, bots: list[Bot]) -> None:
        """Until cancelled."""
        async with self._client, asyncio.TaskGroup() as self._group:
            for bot in bots:
                self.serve(bot)
            await asyncio.Event().wait()

    def serve(self, bot: Bot) -> None:
        if self._group and bot.webhook.url and bot.id not in self._served:
            self._served.add(bot.id)
            self._group.create_task(self._serve(bot))

    async def _serve(self, bot: Bot) -> None:
        lanes = _Lanes()
        try:
            async with asyncio.TaskGroup() as group:
                while bot.webhook.url:
                    bot.updates.drop_expired()
                    found, pause = lanes.ready(bot)
                    for number, waiting, lane in found:
                        lane.busy = True
                        lanes.under_way += 1
                        group.create_task(self._deliver(bot, number, waiting, lane, lanes))
                    await bot.updates.bell.wait(pause)
        finally:
            self._served.discard(bot.id)

    async def _deliver(
        self, bot: Bot, number: int, waiting: Waiting, lane: _Lane, lanes: _Lanes
    ) -> None:
        retry_after = 0
        hook = bot.webhook
        headers = {"Content-Type": "application/json"}
        if hook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret_token
        try:
            answer = await self._client.post(hook.url, content=waiting.body, headers=headers)
            if answer.status_code in _SUCCESS:
                lane.failures = 0
                bot.updates.forget([number])
                await self._perform_answer(bot, answer.content)
            else:
                retry_after = _seconds(answer.headers.get("Retry-After", ""))
                reason = f"{answer.status_code} {answer.reason_phrase}"
                self._failed(bot, lane, f"Wrong response from the webhook: {reason}", retry_after)
        except httpx.HTTPError as problem:
            timed_out = isinstance(problem, httpx.TimeoutException)
            text = "Read timeout expired" if timed_out else "Connection refused"
            self._failed(bot, lane, text, retry_after)
        finally:
            lane.busy = False
            lanes.under_way -= 1
            bot.updates.bell.ring()

    async def _perform_answer(self, bot: Bot, content: bytes) -> None:
        try:
            params = decode(content)
        except ValueError:
            return
        if isinstance(params, dict) and isinstance(method := params.pop("method", None), str):
            await self._perform(bot, method, params)

    def _failed(self, bot: Bot, lane: _Lane, message: str, retry_after: int) -> None:
        lane.failures += 1
        pause = retry_after or min(_LONGEST_PAUSE, 2 ** (lane.failures - 1))
        lane.not_before = time.monotonic() + pause
        bot.webhook.failed(message)


def _seconds(text: str) -> int:
    return min(int(text), _LONGEST_RETRY_AFTER) if text.isdigit() else 0
