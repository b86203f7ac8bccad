"""What a bot leaves behind that was killed at work, again and again, and then let finish."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import func, select

from bench import installed
from bench.population import connected
from bench.running import TOKEN
from bench.sink.process import Call, Sink
from bot.core.inbox import InboxState
from bot.core.ledger import DeliveryState
from storage.tables import deliveries, follows, inbox

WORKING = 2.0  # seconds at most, from the first poll
STARTING = 1.0  # seconds at most, where it is killed before that
A_START = 5  # every fifth is
STARTS_WITHIN = 30.0
LOOK_EVERY = 0.3


@dataclass(frozen=True, slots=True)
class Sending:
    """Of a ledger with one row for each person."""

    kills: Sequence[float]  # when (monotonic)
    messages: Sequence[Call]
    states: Mapping[int, str]  # by chat

    @property
    def missing(self) -> Collection[int]:
        """Chats that got nothing."""
        return self.states.keys() - {call.chat for call in self.messages}

    @property
    def lost(self) -> int:
        """They got nothing, and nobody is told."""
        return sum(self.states[chat] != DeliveryState.UNKNOWN for chat in self.missing)

    @property
    def uncertain(self) -> int:
        return Counter(self.states.values())[DeliveryState.UNKNOWN]

    @property
    def open(self) -> int:
        settled = {DeliveryState.SENT.value, DeliveryState.UNKNOWN.value}
        return sum(state not in settled for state in self.states.values())

    @property
    def doubled(self) -> int:
        return len(self.messages) - len({call.chat for call in self.messages})

    def most_doubled_by_a_kill(self) -> int:
        """The kill is the last one before the repetition."""
        seen: set[int] = set()
        blamed: Counter[int] = Counter()
        for call in self.messages:
            if call.chat in seen:
                blamed[sum(kill < call.at for kill in self.kills)] += 1
            seen.add(call.chat)
        return max(blamed.values(), default=0)


@dataclass(frozen=True, slots=True)
class Receiving:
    """Of taps, one from each person, who wants to follow a topic."""

    followed: Mapping[int, int]  # how many topics, by person
    states: Mapping[str, int]  # how many updates
    answers: Mapping[int, int]  # how many, by chat


async def killed(environment: Mapping[str, str], times: int, sink: Sink) -> Sequence[float]:
    """When it was (monotonic)."""
    kills = []
    for number in range(1, times + 1):
        polls = (await sink.count(TOKEN)).polls
        async with installed.running(environment) as process:
            if number % A_START:
                await _at_work(sink, polls)
                await asyncio.sleep(_up_to(WORKING))
            else:
                await asyncio.sleep(_up_to(STARTING))
            kills.append(time.monotonic())
            process.kill()
            await process.wait()
    return kills


async def terminated(environment: Mapping[str, str], times: int, sink: Sink) -> Sequence[float]:
    """Seconds that each took to end; raises where one ends with anything but 0."""
    took = []
    for _ in range(times):
        polls = (await sink.count(TOKEN)).polls
        async with installed.running(environment) as process:
            await _at_work(sink, polls)
            await asyncio.sleep(_up_to(WORKING))
            told = time.monotonic()
            process.terminate()
            async with asyncio.timeout(installed.STOPS_WITHIN):
                code = await process.wait()
            took.append(time.monotonic() - told)
        if code != 0:
            raise RuntimeError(f"SIGTERM: the bot ended with {code}")
    return took


async def finished(
    environment: Mapping[str, str], is_done: Callable[[], Awaitable[bool]], within: float
) -> None:
    """The bot runs until there is nothing left to do; what is left after `within` is told by
    whoever looks at the rows.
    """
    async with installed.running(environment):
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not await is_done():  # noqa: ASYNC110 - another process does it
                    await asyncio.sleep(LOOK_EVERY)


async def ledger(database: str) -> Mapping[int, str]:
    """States by person."""
    async with connected(database) as connection:
        found = await connection.execute(select(deliveries.c.person_id, deliveries.c.state))
        return {person: state for person, state in found}  # noqa: C416 - rows are no pairs


async def received(database: str, calls: Iterable[Call]) -> Receiving:
    async with connected(database) as connection:
        topics = select(follows.c.person_id, func.count()).group_by(follows.c.person_id)
        states = select(inbox.c.state, func.count()).group_by(inbox.c.state)
        followed = {row[0]: row[1] for row in await connection.execute(topics)}
        updates = {row[0]: row[1] for row in await connection.execute(states)}
    return Receiving(followed, updates, Counter(call.chat for call in calls))


async def all_handled(database: str, updates: int) -> bool:
    found = await received(database, ())
    return found.states.get(InboxState.DONE, 0) >= updates


async def _at_work(sink: Sink, polls: int) -> None:
    """Once there are more polls than before. Raises TimeoutError."""
    async with asyncio.timeout(STARTS_WITHIN):
        while (await sink.count(TOKEN)).polls <= polls:  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.05)


def _up_to(seconds: float) -> float:
    return random.uniform(0, seconds)  # noqa: S311
