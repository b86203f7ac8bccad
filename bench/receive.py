"""receive: updates that wait are answered, in the order of each chat, beside bots without memory.

All of them wait already when a bot polls for the first time, five from each person: as many as may
be answered at once. Ours writes each down before Telegram forgets it. Then a modest stream, and how
long each waits for its answer; and the bot's own handlers in place of an echo.
"""

import asyncio
import json
import os
import statistics
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bench import victims
from bench.answers import Run, judged
from bench.arrivals import percentile
from bench.database import on_disk
from bench.ours_receiving import Task
from bench.peers import environment
from bench.peers.polling import Telegram
from bench.peers.workers import FIRST_CHAT, Job
from bench.population import populate
from bench.report import Bar, line
from bench.running import CONFIG, ROOT, TOKEN, ran
from bench.sink.process import Sink, running
from bench.sink.rules import Crowd, Rules
from bot import config
from handlers.buttons import ToggleTopic

ROUNDS = 3
QUICK = 10  # times fewer updates, in one round
OURS, REAL, PTB, AIOGRAM = "ours", "ours, real handler", "ptb", "aiogram"
PEERS = {PTB: "bench.peers.ptb_polling", AIOGRAM: "bench.peers.aiogram_polling"}
PROGRAM, SERVER = "bench.ours_receiving", "bench.peers.prepared"
REQUESTS, AT_ONCE = 10_000, 512  # to measure the server by
HEADROOM = 2.0
OF_ECHO = 0.5
PATIENCE = 600.0  # seconds
STOPS_WITHIN = 15.0


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    latency: float
    people: int
    updates: int
    answers_of_ptb: int  # it is not waited for longer: at 40 ms the rest would take minutes
    rate: float = 0.0  # a second; 0: all wait already
    of_ptb: float = 0.0  # bars: times its rate
    of_aiogram: float = 0.0

    def answers(self, who: str) -> int:
        return self.answers_of_ptb if who == PTB else self.updates

    @property
    def clients(self) -> Sequence[str]:
        return [OURS, PTB] if self.rate else [OURS, PTB, AIOGRAM, REAL]


SHAPES = (
    Shape("0 ms", 0.0, 4_000, 20_000, 4_000, of_ptb=3.0, of_aiogram=1.0),
    Shape("40 ms", 0.04, 4_000, 20_000, 400, of_ptb=50.0, of_aiogram=1.2),
    Shape("100 a second", 0.0, 400, 2_000, 2_000, rate=100.0),
)


@dataclass(frozen=True, slots=True)
class Round:
    runs: Mapping[str, Run]
    server: float  # messages a second

    def times(self, who: str, other: str) -> float:
        return self.runs[who].rate / self.runs[other].rate

    def late(self, who: str, rank: float) -> float:
        return percentile(self.runs[who].waits, rank)

    def ours(self) -> Sequence[Run]:
        return [run for who, run in self.runs.items() if who in {OURS, REAL}]

    def headroom(self) -> float:
        return self.server / max(run.rate for run in self.runs.values())


async def measure(*, quick: bool) -> str:
    python = environment.python()
    figures: dict[str, float] = {}
    bars: list[Bar] = []
    async with running() as sink:
        for full in SHAPES:
            shape = _shortened(full) if quick else full
            rounds = [await _round(sink, shape, python, n) for n in range(1 if quick else ROUNDS)]
            figures |= _figures(shape, rounds)
            bars += _bars(shape, rounds)
    return line("receive", figures, bars, quick=quick)


def _shortened(shape: Shape) -> Shape:
    return replace(
        shape,
        people=shape.people // QUICK,
        updates=shape.updates // QUICK,
        answers_of_ptb=shape.answers_of_ptb // QUICK,
    )


async def _round(sink: Sink, shape: Shape, python: Path, turn: int) -> Round:
    await sink.rule(TOKEN, Rules(crowd=Crowd(FIRST_CHAT, 1, 0)))
    server = await ran(SERVER, Job(sink.url, TOKEN, REQUESTS, AT_ONCE))
    order = [*shape.clients[turn:], *shape.clients[:turn]]
    runs = {who: await _run(sink, shape, who, python) for who in order}
    return Round(runs, server.sent / server.seconds)


async def _run(sink: Sink, shape: Shape, who: str, python: Path) -> Run:
    data = _buttons() if who == REAL else ()
    crowd = Crowd(FIRST_CHAT, shape.people, shape.updates, rate=shape.rate, data=data)
    await sink.rule(TOKEN, Rules(latency=shape.latency, crowd=crowd))
    if who in PEERS:
        told = asdict(Telegram(sink.url, TOKEN))
        async with _program(PEERS[who], told, python):
            await _answered(sink, shape.answers(who))
        return judged(await sink.log(TOKEN), shape.answers(who), numbered=True)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(on_disk())
        await populate(url, FIRST_CHAT, shape.people, follow=False)
        task = asdict(Task(sink.url, TOKEN, url, echo=who == OURS))
        async with _program(PROGRAM, task, Path(sys.executable)):
            await _answered(sink, shape.updates)
        done = (await victims.received(url, ())).states.get("done", 0)
    run = judged(await sink.log(TOKEN), shape.updates, numbered=who == OURS)
    return replace(run, not_done=shape.updates - done)


@asynccontextmanager
async def _program(name: str, told: Mapping[str, object], python: Path) -> AsyncIterator[None]:
    """Runs until the end of the block. We are told to stop and must have written down what is
    done; peers would first answer all that they have fetched.
    """
    settings = {"PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1", "PTB_TIMEDELTA": "true"}
    process = await asyncio.create_subprocess_exec(
        python, "-m", name, json.dumps(told), cwd=ROOT, env=os.environ | settings
    )
    try:
        yield
        if name == PROGRAM:
            process.terminate()
            async with asyncio.timeout(STOPS_WITHIN):
                await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _answered(sink: Sink, messages: int) -> None:
    """Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while (await sink.count(TOKEN)).messages < messages:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.1)


def _buttons() -> tuple[str, ...]:
    """Five topics: each tap changes something."""
    topics = config.load(CONFIG).partnership.topics[:5]
    return tuple(ToggleTopic(topic.id).wire() for topic in topics)


def _figures(shape: Shape, rounds: Sequence[Round]) -> Mapping[str, float]:
    told: dict[str, float] = {}
    for who in shape.clients:
        if shape.rate:
            told[f"{who}, {shape.name}: p50, ms"] = 1000 * _median(r.late(who, 50) for r in rounds)
            told[f"{who}, {shape.name}: p95, ms"] = 1000 * _median(r.late(who, 95) for r in rounds)
        else:
            told[f"{who}, {shape.name}: updates/s"] = _median(r.runs[who].rate for r in rounds)
    told[f"server, {shape.name}: messages/s"] = _median(r.server for r in rounds)
    return told


def _bars(shape: Shape, rounds: Sequence[Round]) -> list[Bar]:
    astray = sum(run.astray for one in rounds for run in one.ours())
    not_done = sum(run.not_done for one in rounds for run in one.ours())
    return [
        *(_lateness(rounds) if shape.rate else _speeds(shape, rounds)),
        Bar(f"lost, doubled or out of order, {shape.name}", astray, at_most=0),
        Bar(f"not done in the inbox, {shape.name}", not_done, at_most=0),
    ]


def _lateness(rounds: Sequence[Round]) -> list[Bar]:
    of_ptb = _median(one.late(OURS, 95) / one.late(PTB, 95) for one in rounds)
    return [Bar("p95 of ours / PTB", of_ptb, at_most=1.0, needs_length=True)]


def _speeds(shape: Shape, rounds: Sequence[Round]) -> list[Bar]:
    def bar(what: str, values: Iterable[float], at_least: float) -> Bar:
        name = f"{what}, {shape.name}"
        return Bar(name, _median(values), at_least=at_least, needs_length=True)

    return [
        bar("ours / PTB", (one.times(OURS, PTB) for one in rounds), shape.of_ptb),
        bar("ours / aiogram", (one.times(OURS, AIOGRAM) for one in rounds), shape.of_aiogram),
        bar("real handler / echo", (one.times(REAL, OURS) for one in rounds), OF_ECHO),
        bar("server / fastest", (one.headroom() for one in rounds), HEADROOM),
    ]


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)
