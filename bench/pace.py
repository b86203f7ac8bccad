"""pace: how much of Telegram's free 30 messages a second is used, and whether it ever objects.

Against each kind of server our engine sends to as many chats as there are messages. Beside it, in
the same sink and at the same time but with a token of its own, python-telegram-bot's
AIORateLimiter does what it can until we are done.
"""

import asyncio
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.arrivals import astray, at_first, most_in_a_second, share
from bench.peers import environment
from bench.peers.workers import FIRST_CHAT, Job
from bench.report import Bar, line
from bench.running import OTHER_TOKEN, TOKEN, ran
from bench.sink.process import Log, Sink, running
from bench.sink.rules import Rules

RATE = 30
IN_FLIGHT = 16
ROUNDS = 3
QUICK_MESSAGES = 240
OURS, LIMITER = "bench.ours", "bench.peers.ptb_limited"
PATIENCE = 3.0  # times as long as it should take
BURST = 33  # messages in the first second: the rate and a tenth
OF_LIMITER = 4.9  # times its rate, where a 429 means a ban


@dataclass(frozen=True, slots=True)
class Server:
    name: str
    rules: Rules
    messages: int
    of_rate: float  # bar

    @property
    def chats(self) -> range:
        return range(FIRST_CHAT, FIRST_CHAT + self.messages)


SERVERS = (
    Server("strict", Rules(latency=0.04, window=RATE, chat_interval=1), 3_000, 0.99),
    Server("jitter", Rules(latency=0.04, jitter=0.02, window=RATE, chat_interval=1), 3_000, 0.975),
    Server("ban", Rules(latency=0.04, window=RATE, chat_interval=1, ban=5), 3_000, 0.99),
    # Forgives a burst, so that one can be seen.
    Server("lenient", Rules(latency=0.04, bucket=RATE, chat_interval=1), 300, 0.98),
)


@dataclass(frozen=True, slots=True)
class Round:
    ours: Log
    limiter: Log


async def measure(*, quick: bool) -> str:
    python = environment.python()
    figures: dict[str, float] = {}
    bars: list[Bar] = []
    async with running() as sink:
        for full in SERVERS:
            server = _shortened(full) if quick else full
            rounds = [
                await _side_by_side(sink, server, python) for _ in range(1 if quick else ROUNDS)
            ]
            figures |= _figures(server, "ours", [one.ours for one in rounds])
            figures |= _figures(server, "limiter", [one.limiter for one in rounds])
            bars += _bars(server, rounds)
    return line("pace", figures, bars, quick=quick)


def _shortened(server: Server) -> Server:
    return Server(server.name, server.rules, QUICK_MESSAGES, server.of_rate)


async def _side_by_side(sink: Sink, server: Server, python: Path) -> Round:
    """The limiter is stopped when we are done."""
    within = PATIENCE * server.messages / RATE + 60
    for token in (TOKEN, OTHER_TOKEN):
        await sink.rule(token, server.rules)
    limiter = Job(sink.url, OTHER_TOKEN, server.messages, IN_FLIGHT)
    ours = Job(sink.url, TOKEN, server.messages, IN_FLIGHT, rate=RATE)
    async with asyncio.TaskGroup() as group:
        beside = group.create_task(ran(LIMITER, limiter, python=python, within=2 * within))
        await ran(OURS, ours, within=within)
        beside.cancel()
    return Round(await sink.log(TOKEN), await sink.log(OTHER_TOKEN))


def _figures(server: Server, who: str, logs: Sequence[Log]) -> Mapping[str, float]:
    """Medians of the rounds; of refusals and of the fullest second the worst."""
    accepted = [list(log.accepted()) for log in logs]
    told = {
        "share of the rate": statistics.median(share(calls, RATE) for calls in accepted),
        "messages": statistics.median(len(calls) for calls in accepted),
        "429s": max(len(list(log.refused())) for log in logs),
        "most in a second": max(most_in_a_second(call.at for call in calls) for calls in accepted),
    }
    return {f"{who}, {server.name}: {name}": value for name, value in told.items()}


def _bars(server: Server, rounds: Sequence[Round]) -> list[Bar]:
    accepted = [list(one.ours.accepted()) for one in rounds]
    reached = [share(calls, RATE) for calls in accepted]
    refused = sum(len(list(one.ours.refused())) for one in rounds)
    lost = sum(astray(calls, server.chats) for calls in accepted)
    burst = max(at_first(call.at for call in calls) for calls in accepted)
    bars = [
        Bar(
            f"share of the rate, {server.name}",
            statistics.median(reached),
            at_least=server.of_rate,
            needs_length=True,
        ),
        Bar(f"429s, {server.name}", refused, at_most=0),
        Bar(f"lost or doubled, {server.name}", lost, at_most=0),
        Bar(f"in the first second, {server.name}", burst, at_most=BURST),
    ]
    return [*bars, _of_limiter(server, rounds)] if server.rules.ban else bars


def _of_limiter(server: Server, rounds: Sequence[Round]) -> Bar:
    """Each by its own clock, from its first message to its last."""
    ratios = [
        share(list(one.ours.accepted()), RATE)
        / max(share(list(one.limiter.accepted()), RATE), 0.01)
        for one in rounds
    ]
    return Bar(
        f"ours / limiter, {server.name}",
        statistics.median(ratios),
        at_least=OF_LIMITER,
        needs_length=True,
    )
