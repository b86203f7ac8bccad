"""crash: killed at any moment, nothing that matters is lost, and nothing else is doubled.

The bot as it is installed is killed (SIGKILL) again and again while it sends, first something
critical, then news; and while it handles taps that have waited. Then it may finish, and what the
server saw is held against what the database says. Last, SIGTERM, which must lose nothing at all.
"""

import statistics
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bench import installed, victims
from bench.arrivals import astray
from bench.database import on_disk
from bench.ours import rows
from bench.peers.workers import FIRST_CHAT
from bench.population import appoint, campaign, populate
from bench.report import Bar, line
from bench.running import CONFIG, TOKEN
from bench.sink.process import Sink, running
from bench.sink.rules import Crowd, Rules
from bench.victims import Receiving, Sending
from bot import config
from bot.clock import SystemClock
from bot.core import alerts
from bot.core.alerts import AlertKind
from bot.core.inbox import InboxState
from bot.core.ledger import OPEN
from bot.core.sender import IN_FLIGHT
from handlers.buttons import ToggleTopic
from storage.sealing import Seal, new_key
from storage.store import Database

RATE = 30
TAPS_A_KILL = 30  # so that there is still something to do when the last one comes
STOPPED = 10.0  # seconds, at most, from SIGTERM to the end
PATIENCE = 3.0  # times as long as it should take
TRAVELLING = 0.1  # seconds during which what had left before a kill may still arrive
STRICT = Rules(latency=0.04, window=RATE, chat_interval=1)
CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Size:
    kills: int
    recipients: int
    taps: int
    terms: int  # SIGTERMs
    recipients_of_terms: int


FULL = Size(30, 2_400, 900, terms=10, recipients_of_terms=900)
QUICK = Size(3, 240, 300, terms=2, recipients_of_terms=120)


@dataclass(frozen=True, slots=True)
class Scene:
    sink: Sink
    database: str
    store: Database
    environment: Mapping[str, str]

    async def nothing_is_open(self) -> bool:
        return not await rows(self.store, *OPEN)


async def measure(*, quick: bool, kills: int | None = None) -> str:
    size = QUICK if quick else FULL
    if kills is not None:
        taps = max(QUICK.taps, kills * TAPS_A_KILL)
        size = replace(size, kills=kills, taps=taps)
    critical = await sending(size, alert)
    listed = await sending(size, news)
    taps_made, took = await receiving(size), await stopping(size)
    figures = {
        "kills of each": size.kills,
        "critical: doubled": critical.doubled,
        "critical: back at work after, s": _pause_after(critical),
        "news: uncertain": listed.uncertain,
        "news: back at work after, s": _pause_after(listed),
        "taps: answers beyond one each": sum(taps_made.answers.values()) - len(taps_made.answers),
        "SIGTERM: seconds, median": statistics.median(took.seconds),
    }
    bars = [
        *bars_of_critical(critical),
        *bars_of_news(listed),
        *bars_of_taps(taps_made, size.taps),
        Bar("SIGTERM: seconds", max(took.seconds), at_most=STOPPED),
        Bar("SIGTERM: lost or doubled", took.astray, at_most=0),
    ]
    return line("crash", figures, bars, quick=quick)


async def sending(size: Size, order: Callable[[Scene], Awaitable[None]]) -> Sending:
    async with _scene(STRICT) as scene:
        await populate(scene.database, FIRST_CHAT, size.recipients)
        await order(scene)
        kills = await victims.killed(scene.environment, size.kills, scene.sink)
        patience = PATIENCE * size.recipients / RATE + 30
        await victims.finished(scene.environment, scene.nothing_is_open, patience)
        messages = list((await scene.sink.log(TOKEN)).accepted())
        return Sending(kills, messages, await victims.ledger(scene.database))


async def receiving(size: Size) -> Receiving:
    topic = config.load(CONFIG).partnership.topics[0].id
    crowd = Crowd(FIRST_CHAT, size.taps, size.taps, data=(ToggleTopic(topic).wire(),))
    async with _scene(replace(STRICT, crowd=crowd)) as scene:
        await populate(scene.database, FIRST_CHAT, size.taps, follow=False)
        await victims.killed(scene.environment, size.kills, scene.sink)

        async def done() -> bool:
            return await victims.all_handled(scene.database, size.taps)

        await victims.finished(scene.environment, done, PATIENCE * size.taps / RATE + 30)
        log = await scene.sink.log(TOKEN)
        return await victims.received(scene.database, log.accepted())


@dataclass(frozen=True, slots=True)
class Stops:
    seconds: Sequence[float]
    astray: int


async def stopping(size: Size) -> Stops:
    recipients = size.recipients_of_terms
    async with _scene(STRICT) as scene:
        await populate(scene.database, FIRST_CHAT, recipients)
        await news(scene)
        seconds = await victims.terminated(scene.environment, size.terms, scene.sink)
        patience = PATIENCE * recipients / RATE + 30
        await victims.finished(scene.environment, scene.nothing_is_open, patience)
        accepted = (await scene.sink.log(TOKEN)).accepted()
        return Stops(seconds, astray(accepted, range(FIRST_CHAT, FIRST_CHAT + recipients)))


def bars_of_critical(end: Sending) -> list[Bar]:
    return [
        Bar("critical: lost", len(end.missing), at_most=0),
        Bar("critical: not settled", end.open, at_most=0),
        Bar("critical: doubled by one kill", end.most_doubled_by_a_kill(), at_most=IN_FLIGHT),
    ]


def bars_of_news(end: Sending) -> list[Bar]:
    return [
        Bar("news: doubled", end.doubled, at_most=0),
        Bar("news: lost and not listed", end.lost, at_most=0),
        Bar("news: not settled", end.open, at_most=0),
    ]


def bars_of_taps(end: Receiving, taps: int) -> list[Bar]:
    once = sum(topics == 1 for topics in end.followed.values())
    return [
        Bar("taps: without their effect, once", taps - once, at_most=0),
        Bar("taps: not done", taps - end.states.get(InboxState.DONE, 0), at_most=0),
        Bar("taps: without an answer", taps - len(end.answers), at_most=0),
    ]


async def news(scene: Scene) -> None:
    await campaign(scene.store, CLOCK)


async def alert(scene: Scene) -> None:
    """To a team of thousands: what is critical goes to few people, but here it is counted."""
    await appoint(scene.database)
    async with scene.store.transaction() as records:
        kind = AlertKind.STOPPED_CAMPAIGN
        await alerts.sound(records, kind, "bench", owners=(), now=CLOCK.now())


@asynccontextmanager
async def _scene(rules: Rules) -> AsyncIterator[Scene]:
    key = new_key()
    async with running() as sink, on_disk() as url, Database(url, Seal([key])) as store:
        await sink.rule(TOKEN, rules)
        yield Scene(sink, url, store, installed.settings(sink.url, url, key, rate=RATE))


def _pause_after(end: Sending) -> float:
    """Seconds from a kill to the next message, median: the start of a process is in it."""
    times = [call.at for call in end.messages]
    after = [bisect_right(times, kill + TRAVELLING) for kill in end.kills]
    pauses = [times[n] - kill for n, kill in zip(after, end.kills, strict=True) if n < len(times)]
    return statistics.median(pauses) if pauses else 0.0
