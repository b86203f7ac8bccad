"""The sender: how far it claims ahead, how it stops, and what it does when the store is away."""

import asyncio
from collections.abc import Awaitable

import pytest

from bot.core.ledger import DeliveryState, Parcel
from bot.core.sender import AHEAD, DRAIN, MOST_AHEAD, Sender
from tests.leaping_time import run
from tests.ledger import PLACES, Ledger, LoopClock, deliver, news, taking
from tests.post import Post

SOON = 0.6  # seconds until an idle sender has looked again


@pytest.mark.parametrize(("seconds", "ahead"), [(0.04, 40), (0.4, 0), (0.004, 400)])
def test_never_more_is_claimed_than_the_places_and_a_fifth_of_a_seconds_work(
    seconds: float, ahead: int
) -> None:
    """D2: what a crash leaves in doubt."""
    ledger = Ledger(news(2_000))

    run(deliver(ledger, Post(meanwhile=taking(seconds))))

    assert ledger.most_claimed <= PLACES + ahead * 1.1
    assert ahead in (0, pytest.approx(PLACES / seconds * AHEAD))
    assert ledger.states() == [DeliveryState.SENT] * 2_000


def test_however_fast_it_goes_there_is_a_bound() -> None:
    ledger = Ledger(news(4_000))

    run(deliver(ledger, Post(meanwhile=taking(0.000_01))))

    assert PLACES < ledger.most_claimed <= PLACES + MOST_AHEAD


def test_all_places_are_busy_while_there_is_work() -> None:
    ledger = Ledger(news(800))

    took = run(_timed(deliver(ledger, Post(meanwhile=taking(0.04)))))

    assert took == pytest.approx(800 / PLACES * 0.04, rel=0.05)


def test_what_is_in_flight_at_a_stop_is_finished_and_nothing_else_is_begun() -> None:
    """D3"""
    ledger, post = Ledger(news(1_000)), Post(meanwhile=taking(0.4))

    took = run(_stopped_after(1.0, ledger, post))

    assert took < 0.5
    assert ledger.most_claimed == PLACES
    assert ledger.states() == [DeliveryState.SENT] * len(post.given)
    assert len(ledger.pending) + len(post.given) == 1_000


def test_a_silent_messenger_is_given_a_few_seconds_and_what_waited_goes_back() -> None:
    """D3: the supervisor kills after ten seconds."""
    quick = 400
    ledger = Ledger(news(1_000))

    async def at_last_silent(given: Parcel) -> None:
        if given.id > quick:
            await asyncio.Event().wait()
        await asyncio.sleep(0.01)

    took = run(_stopped_after(5.0, ledger, Post(meanwhile=at_last_silent)))

    assert took <= DRAIN + 0.2
    assert ledger.counted()[DeliveryState.SENT] == quick
    assert ledger.counted()[DeliveryState.UNKNOWN] == PLACES
    back = [one for one in ledger.settled if one.result.state is DeliveryState.PENDING]
    assert len(back) > PLACES  # more was claimed than could be begun
    assert {one.result.reason for one in back} == {"not begun"}
    assert len(ledger.settled) + len(ledger.pending) == 1_000


def test_who_has_nothing_to_do_stops_at_once() -> None:
    assert run(_stopped_after(5.0, Ledger(), Post())) < 0.01


def test_a_store_that_is_away_while_results_are_written_loses_none() -> None:
    for late in (False, True):
        ledger, post = Ledger(news(200)), Post(meanwhile=taking(0.04))
        ledger.late = late

        run(_away_for(7.0, ledger, post))

        assert sorted(one.parcel.id for one in ledger.settled) == list(range(1, 201))
        assert set(ledger.states()) == {DeliveryState.SENT}
        assert len(post.given) == 200


def test_a_store_that_is_away_at_first_is_asked_again() -> None:
    ledger = Ledger(news(3))
    ledger.away = True

    async def steps() -> None:
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(Sender(ledger.store, Post(), LoopClock()).run(stop))
            await asyncio.sleep(3)
            ledger.away = False
            await asyncio.sleep(SOON)
            stop.set()

    run(steps())

    assert ledger.states() == [DeliveryState.SENT] * 3


def test_a_store_that_stays_away_does_not_keep_it_from_stopping() -> None:
    """D3: what could not be written is in doubt at the next start."""
    ledger = Ledger(news(100))

    async def goes_away(given: Parcel) -> None:
        ledger.away = given.id > 20
        await asyncio.sleep(0.01)

    took = run(_stopped_after(5.0, ledger, Post(meanwhile=goes_away)))

    assert took <= DRAIN + 1.5


def test_nothing_is_claimed_while_everything_is_held() -> None:
    """D7: and it goes on by itself."""
    ledger, post = Ledger(news(30)), Post()
    post.hold = 20.0

    async def steps() -> list[int]:
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(Sender(ledger.store, post, LoopClock()).run(stop))
            await asyncio.sleep(20)
            meanwhile = len(post.given)
            post.hold = 0.0
            await asyncio.sleep(SOON)
            stop.set()
        return [meanwhile, len(post.given)]

    assert run(steps()) == [0, 30]
    assert ledger.most_claimed == PLACES


async def _timed(work: Awaitable[object]) -> float:
    loop = asyncio.get_running_loop()
    before = loop.time()
    await work
    return loop.time() - before


async def _stopped_after(seconds: float, ledger: Ledger, post: Post) -> float:
    """How long it then took."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(seconds + 60):
        async with asyncio.TaskGroup() as group:
            group.create_task(Sender(ledger.store, post, LoopClock()).run(stop))
            await asyncio.sleep(seconds)
            stop.set()
            told = loop.time()
    return loop.time() - told


async def _away_for(seconds: float, ledger: Ledger, post: Post) -> None:
    async def absent() -> None:
        await asyncio.sleep(0.3)
        ledger.away = True
        await asyncio.sleep(seconds)
        ledger.away = False

    async with asyncio.TaskGroup() as group:
        group.create_task(absent())
        await deliver(ledger, post)
