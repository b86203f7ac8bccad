"""replies: how long a tap waits for its answer, idle and while thousands are being written to.

The whole bot runs as it is installed, in a process of its own. People who get no news tap a button
all the while; first nothing else happens, then a campaign is released. The answer is the message
that changes: a tap counts from the finger to the moment the change reaches the server.
"""

import asyncio
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench import installed
from bench.arrivals import astray, percentile
from bench.database import on_disk
from bench.ours import rows
from bench.peers.workers import FIRST_CHAT
from bench.population import campaign, populate
from bench.report import Bar, line
from bench.running import CONFIG, TOKEN
from bench.sink.process import Call, Log, running
from bench.sink.rules import Rules, Tapping
from bot import config
from bot.clock import SystemClock
from bot.core.ledger import OPEN
from handlers.buttons import ToggleTopic
from storage.sealing import Seal, new_key
from storage.store import Database

RATE = 30
RECIPIENTS, QUICK_RECIPIENTS = 10_000, 300
IDLE, QUICK_IDLE = 90.0, 8.0  # seconds of taps before the campaign
SETTLING = 3.0  # seconds from the first poll to the first tap
TAPPERS = 50
FIRST_TAPPER = 9_000_001
APART = (0.3, 1.1)  # seconds between taps, of whomever
LOOK_EVERY = 2.0
PATIENCE = 3.0  # times as long as it should take

# Either nearly the whole rate and nearly idle answers, or some of the rate for idle answers.
FULL = (1.15, 0.985)  # p95 busy / idle, share of the rate
RESERVED = (1.05, 0.955)


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds from tap to answer, by when the tap was made."""

    idle: Sequence[float]
    busy: Sequence[float]
    unanswered: int


async def measure(*, quick: bool) -> str:
    recipients = QUICK_RECIPIENTS if quick else RECIPIENTS
    log = await _taped(recipients, QUICK_IDLE if quick else IDLE)
    waits = waits_of(log, to=range(FIRST_CHAT, FIRST_CHAT + recipients))
    used = used_share(log, to=range(FIRST_CHAT, FIRST_CHAT + recipients))
    return line("replies", _figures(waits, used), _bars(log, waits, used, recipients), quick=quick)


async def _taped(recipients: int, idle: float) -> Log:
    """What the sink saw from the first tap to the last recipient."""
    topic = config.load(CONFIG).partnership.topics[0].id
    campaign_takes = recipients / RATE
    tapping = Tapping(
        chats=tuple(range(FIRST_TAPPER, FIRST_TAPPER + TAPPERS)),
        data=ToggleTopic(topic).wire(),
        least=APART[0],
        most=APART[1],
        start=SETTLING,
        seconds=idle + PATIENCE * campaign_takes,
    )
    key = new_key()
    async with running() as sink, on_disk() as url, Database(url, Seal([key])) as store:
        await populate(url, FIRST_CHAT, recipients)
        await populate(url, FIRST_TAPPER, TAPPERS, follow=False)
        await sink.rule(TOKEN, Rules(latency=0.04, window=RATE, chat_interval=1, tapping=tapping))
        async with installed.running(installed.settings(sink.url, url, key, rate=RATE)):
            await asyncio.sleep(SETTLING + idle)
            await campaign(store, SystemClock())
            async with asyncio.timeout(PATIENCE * campaign_takes + 60):
                await _finished(store)
        return await sink.log(TOKEN)


async def _finished(store: Database) -> None:
    """Another process does the work, so all there is to do is look again."""
    while True:
        if not await rows(store, *OPEN):
            return
        await asyncio.sleep(LOOK_EVERY)


def waits_of(log: Log, to: range) -> Waits:
    """A tap is answered by the next message to its chat. `to`: whom the campaign goes to.

    Taps after the campaign's last message are left out: the bot is stopping.
    """
    bulk = [call.at for call in log.accepted() if call.chat in to]
    answers = _times_by_chat(call for call in log.accepted() if call.chat not in to)
    idle: list[float] = []
    busy: list[float] = []
    unanswered = 0
    for at, chat in log.taps:
        if at > bulk[-1] - 1.0:
            break
        later = bisect_left(answers[chat], at)
        if later == len(answers[chat]):
            unanswered += 1
        else:
            (idle if at < bulk[0] - 1.0 else busy).append(answers[chat][later] - at)
    return Waits(idle, busy, unanswered)


def used_share(log: Log, to: range) -> float:
    """Of the rate, by everything that counts, from the campaign's first message to its last."""
    bulk = [call.at for call in log.accepted() if call.chat in to]
    messages = sum(bulk[0] <= call.at <= bulk[-1] for call in log.accepted())
    return (messages - 1) / (bulk[-1] - bulk[0]) / RATE


def _times_by_chat(calls: Iterable[Call]) -> Mapping[int, Sequence[float]]:
    times: defaultdict[int, list[float]] = defaultdict(list)
    for call in calls:
        times[call.chat].append(call.at)
    return times


def _figures(waits: Waits, used: float) -> Mapping[str, float]:
    told = {"share of the rate": used}
    for name, seconds in (("idle", waits.idle), ("busy", waits.busy)):
        told[f"{name}: taps"] = len(seconds)
        for rank in (50, 95, 99):
            told[f"{name}: p{rank}, ms"] = 1000 * percentile(seconds, rank)
    return told


def _bars(log: Log, waits: Waits, used: float, recipients: int) -> list[Bar]:
    slower, of_rate = FULL if used >= FULL[1] else RESERVED
    ratio = percentile(waits.busy, 95) / percentile(waits.idle, 95)
    bulk = [call for call in log.accepted() if FIRST_CHAT <= call.chat < FIRST_TAPPER]
    lost = astray(bulk, range(FIRST_CHAT, FIRST_CHAT + recipients))
    return [
        Bar("p95 busy / idle", ratio, at_most=slower, needs_length=True),
        Bar("share of the rate", used, at_least=of_rate, needs_length=True),
        Bar("taps without an answer", waits.unanswered, at_most=0),
        Bar("429s", len(list(log.refused())), at_most=0),
        Bar("lost or doubled", lost, at_most=0),
    ]
