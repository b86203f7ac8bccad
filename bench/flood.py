"""flood: what a 429 does to everybody else.

One chat: three chats, one after the other, are refused for five seconds each; the stream to the
others must not stumble. Everyone: all are refused for five seconds; nothing may be asked before
they are over, and afterwards nothing may be missing.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.arrivals import astray, largest_gap
from bench.peers.workers import FIRST_CHAT, Job
from bench.report import Bar, line
from bench.running import TOKEN, ran
from bench.sink.process import Log, Sink, running
from bench.sink.rules import Hold, Rules

RATE = 30
IN_FLIGHT = 16
LATENCY = 0.04
HELD = 5.0  # seconds
MESSAGES = 600
ROUNDS = 3
OURS = "bench.ours"
GAP = 0.075  # seconds: two slots of a 30th and a little
AT_WORK = 0.05  # seconds we may take to hear of a refusal, or to begin again
RESUMED = 1 / RATE + AT_WORK

ONE_CHAT = Rules(latency=LATENCY, holds=tuple(Hold(at, HELD) for at in (3.0, 7.0, 11.0)))
EVERYONE = Rules(latency=LATENCY, holds=(Hold(3.0, HELD, everyone=True),))


@dataclass(frozen=True, slots=True)
class Pause:
    """What happened while everyone was held."""

    asked: int  # requests after we had heard of two refusals and before the end
    resumed: float  # seconds from the end, as we were told it, to the first message


async def measure(*, quick: bool) -> str:
    turns = 1 if quick else ROUNDS
    async with running() as sink:
        alone = [await _sent(sink, ONE_CHAT) for _ in range(turns)]
        all_held = [await _sent(sink, EVERYONE) for _ in range(turns)]
    gaps = [gap_of_the_others(log) for log in alone]
    pauses = [pause_of(log) for log in all_held]
    return line("flood", _figures(alone, gaps, pauses), _bars(alone, all_held), quick=quick)


async def _sent(sink: Sink, rules: Rules) -> Log:
    await sink.rule(TOKEN, rules)
    await ran(OURS, Job(sink.url, TOKEN, MESSAGES, IN_FLIGHT, rate=RATE), within=180)
    return await sink.log(TOKEN)


def gap_of_the_others(log: Log) -> float:
    """Seconds; between messages to chats that were never refused."""
    guilty = {call.chat for call in log.refused()}
    return largest_gap([call.at for call in log.accepted() if call.chat not in guilty])


def pause_of(log: Log) -> Pause:
    refused = list(log.refused())
    if not refused:
        return Pause(0, 0.0)
    heard = refused[min(1, len(refused) - 1)].at + LATENCY + AT_WORK
    end = max(call.at + call.wait for call in refused)
    asked = [call.at for call in log.calls if call.chat and heard < call.at < end]
    after = next((call.at for call in log.accepted() if call.at >= end), end)
    return Pause(len(asked), after - end - LATENCY)


def _figures(
    alone: Sequence[Log], gaps: Sequence[float], pauses: Sequence[Pause]
) -> Mapping[str, float]:
    return {
        "one chat: largest gap of the others, ms": 1000 * statistics.median(gaps),
        "one chat: 429s": statistics.median(len(list(log.refused())) for log in alone),
        "everyone: asked during the pause": max(pause.asked for pause in pauses),
        "everyone: resumed after, ms": 1000 * statistics.median(p.resumed for p in pauses),
    }


def _bars(alone: Sequence[Log], all_held: Sequence[Log]) -> list[Bar]:
    chats = range(FIRST_CHAT, FIRST_CHAT + MESSAGES)
    gap = statistics.median(gap_of_the_others(log) for log in alone)
    pauses = [pause_of(log) for log in all_held]
    resumed = statistics.median(pause.resumed for pause in pauses)
    return [
        Bar("one chat: chats held", min(len(_held(log)) for log in alone), at_least=3),
        Bar("one chat: largest gap of the others, s", gap, at_most=GAP),
        Bar("one chat: lost or doubled", _astray(alone, chats), at_most=0),
        Bar("everyone: chats held", min(len(_held(log)) for log in all_held), at_least=1),
        Bar("everyone: asked during the pause", max(p.asked for p in pauses), at_most=0),
        Bar("everyone: resumed after, s", resumed, at_most=RESUMED),
        Bar("everyone: lost or doubled", _astray(all_held, chats), at_most=0),
    ]


def _held(log: Log) -> set[int]:
    return {call.chat for call in log.refused()}


def _astray(logs: Sequence[Log], chats: range) -> int:
    return sum(astray(log.accepted(), chats) for log in logs)
