"""send: how fast the durable path is, beside bare loops that keep nothing.

Each round runs every client once, in an order that changes, each in a process of its own against
the same sink. Ratios are taken within a round, and of the rounds the median.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.arrivals import astray
from bench.peers import environment
from bench.peers.workers import FIRST_CHAT, Job, Ran
from bench.report import Bar, line
from bench.running import TOKEN, ran
from bench.sink.process import Sink, running
from bench.sink.rules import Rules

ROUNDS = 5
WARM_UP = 200
QUICK = 10  # times fewer messages, in one round
CPU = 1.3  # times the bare loop's
HEADROOM = 2.0  # the server must sustain so many times the fastest client's rate
SERVER_IN_FLIGHT = 512

OURS, BARE, DEFAULT = "bench.ours", "bench.peers.bare_loop", "bench.peers.ptb_default"
AIOGRAM, RAW, SERVER = "bench.peers.aiogram_bare", "bench.peers.raw_aiohttp", "bench.peers.prepared"
OF_OUR_PYTHON = (OURS, BARE, SERVER)
NAMES = {
    OURS: "ours",
    BARE: "bare_loop",
    DEFAULT: "default_transport",
    AIOGRAM: "aiogram",
    RAW: "raw_aiohttp",
    SERVER: "server",
}


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    in_flight: int
    latency: float  # seconds
    messages: int
    messages_by_default: int  # for the default transport, which would take minutes
    of_bare: float  # bars: times the bare loop, times the default transport
    of_default: float

    def job(self, program: str, url: str) -> Job:
        messages = self.messages_by_default if program == DEFAULT else self.messages
        in_flight = SERVER_IN_FLIGHT if program == SERVER else self.in_flight
        # The default transport warms up as slowly as it sends.
        return Job(url, TOKEN, messages, in_flight, warm_up=min(WARM_UP, messages // 10))


SHAPES = (
    Shape("8 at 0 ms", 8, 0.0, 10_000, 2_000, of_bare=0.93, of_default=3.3),
    Shape("64 at 40 ms", 64, 0.04, 6_000, 400, of_bare=0.97, of_default=10.0),
)


@dataclass(frozen=True, slots=True)
class Round:
    runs: Mapping[str, Ran]
    astray: int  # our messages that came too often or not at all

    def rate(self, program: str) -> float:
        return self.runs[program].sent / self.runs[program].seconds

    def cpu(self, program: str) -> float:
        """Microseconds a message."""
        return 1e6 * self.runs[program].cpu / max(self.runs[program].sent, 1)

    def headroom(self) -> float:
        return self.rate(SERVER) / max(self.rate(p) for p in self.runs if p != SERVER)


async def measure(*, quick: bool) -> str:
    python = environment.python()
    figures: dict[str, float] = {}
    bars: list[Bar] = []
    async with running() as sink:
        for shape in SHAPES:
            turns = 1 if quick else ROUNDS
            rounds = await _rounds(_shortened(shape) if quick else shape, sink, python, turns)
            figures |= _figures(shape, rounds)
            bars += _bars(shape, rounds)
    return line("send", figures, bars, quick=quick)


def _shortened(shape: Shape) -> Shape:
    return replace(
        shape,
        messages=shape.messages // QUICK,
        messages_by_default=shape.messages_by_default // QUICK,
    )


async def _rounds(shape: Shape, sink: Sink, python: Path, turns: int) -> Sequence[Round]:
    programs = list(NAMES)
    rounds = []
    for turn in range(turns):
        order = programs[turn:] + programs[:turn]
        rounds.append(await _round(shape, sink, python, order))
    return rounds


async def _round(shape: Shape, sink: Sink, python: Path, order: Sequence[str]) -> Round:
    runs: dict[str, Ran] = {}
    lost = 0
    for program in order:
        await sink.rule(TOKEN, Rules(latency=shape.latency))
        job = shape.job(program, sink.url)
        runs[program] = await ran(program, job, python=None if program in OF_OUR_PYTHON else python)
        if program == OURS:
            chats = range(FIRST_CHAT, FIRST_CHAT + job.messages)
            lost = astray((await sink.log(TOKEN)).accepted(), chats, twice=job.warm_up)
    return Round(runs, lost)


def _figures(shape: Shape, rounds: Sequence[Round]) -> Mapping[str, float]:
    told: dict[str, float] = {}
    for program, name in NAMES.items():
        told[f"{name}, {shape.name}: messages/s"] = _median(r.rate(program) for r in rounds)
        if program != SERVER:
            told[f"{name}, {shape.name}: CPU us"] = _median(r.cpu(program) for r in rounds)
    return told


def _bars(shape: Shape, rounds: Sequence[Round]) -> list[Bar]:
    def bar(what: str, values: Sequence[float], **bound: float) -> Bar:
        return Bar(f"{what}, {shape.name}", _median(values), needs_length=True, **bound)

    of_bare = [r.rate(OURS) / r.rate(BARE) for r in rounds]
    of_default = [r.rate(OURS) / r.rate(DEFAULT) for r in rounds]
    cpu = [r.cpu(OURS) / r.cpu(BARE) for r in rounds]
    headroom = [r.headroom() for r in rounds]
    lost = sum(r.astray for r in rounds)
    return [
        bar("ours / bare loop", of_bare, at_least=shape.of_bare),
        bar("ours / default transport", of_default, at_least=shape.of_default),
        bar("CPU of ours / bare loop", cpu, at_most=CPU),
        Bar(f"lost or doubled, {shape.name}", lost, at_most=0),
        Bar(f"server / fastest client, {shape.name}", _median(headroom), at_least=HEADROOM),
    ]


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)
