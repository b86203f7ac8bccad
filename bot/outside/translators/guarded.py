"""An engine with a deadline, patience, a circuit breaker and the gate for its answers.

Own lines, not a library: stamina and tenacity are retry only and sleep by their own clock,
and no breaker on PyPI opens at once for a quota and later for the rest, by a clock given to it.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.core.translation_engine import Engine, EngineFailed, FailureKind, suspicious
from bot.outside.translators.breaker import Breaker

DEADLINE = 60.0  # seconds for a whole post
RETRIES = 2  # for a whole post
FIRST_WAIT = 1.0  # seconds at most before the first retry, twice as many before the second

_PASSING = {FailureKind.TIMEOUT, FailureKind.UNREACHABLE, FailureKind.RATE_LIMITED}


class ClosableEngine(Engine, Protocol):
    async def close(self) -> None: ...


class Guarded:
    def __init__(
        self,
        engine: ClosableEngine,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        deadline: float = DEADLINE,
    ) -> None:
        self.name = engine.name
        self._engine = engine
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._deadline = deadline
        self._breaker = Breaker(clock)

    async def translate(self, segments: Sequence[str], *, source: str, target: str) -> list[str]:
        self._breaker.admit()
        try:
            async with asyncio.timeout(self._deadline):
                answers = await self._translate(segments, source, target)
        except TimeoutError:
            failure = EngineFailed(FailureKind.TIMEOUT)
        except EngineFailed as error:
            failure = error
        else:
            self._breaker.succeeded()
            return answers
        self._breaker.failed(failure)
        raise failure

    async def close(self) -> None:
        await self._engine.close()

    async def _translate(self, segments: Sequence[str], source: str, target: str) -> list[str]:
        """One segment a call, so that a retry repeats only what failed."""
        ends = self._clock() + self._deadline
        answers: list[str] = []
        retries = 0
        while len(answers) < len(segments):
            segment = segments[len(answers)]
            try:
                answers.append(await self._ask(segment, source, target))
            except EngineFailed as failure:
                wait = self._wait(failure, retries)
                if wait is None or self._clock() + wait >= ends:
                    raise
                retries += 1
                await self._sleep(wait)
        return answers

    async def _ask(self, segment: str, source: str, target: str) -> str:
        answers = await self._engine.translate([segment], source=source, target=target)
        if len(answers) != 1 or suspicious(segment, answers[0], target):
            raise EngineFailed(FailureKind.BAD_OUTPUT)
        return answers[0]

    def _wait(self, failure: EngineFailed, retries: int) -> float | None:
        """Seconds: full jitter on top of what the engine asked for; None: it is in vain."""
        if retries >= RETRIES or failure.kind not in _PASSING:
            return None
        jitter: float = self._chance() * FIRST_WAIT * 2**retries
        return (failure.retry_after or 0) + jitter
