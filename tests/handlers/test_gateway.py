import asyncio
import math
from collections.abc import Awaitable, Sequence
from itertools import pairwise

import pytest
from telegram.error import BadRequest, RetryAfter

from handlers.gateway import (
    BULK_PATIENCE,
    PATIENCE,
    Facts,
    Gateway,
    Lane,
    PersonalDataError,
    seconds_of,
)
from handlers.pace import SOON
from tests.leaping_time import run

OLENA, JUERGEN, ANNA = 1001, 1002, 1003
OKSANA = 1004
GROUP, CHANNEL = -42, -1_000_000_000_042
ALMOST_NOW = 0.05  # seconds


class Telegram:
    """Notes when a request arrives; refuses a chat, or all, as it is told to.

    With a latency, a request arrives after one half of it and is answered after the other.
    """

    def __init__(self, gateway: Gateway, latency: float = 0.0) -> None:
        self.gateway = gateway
        self.latency = latency
        self.arrivals: list[tuple[float, object, Lane | None]] = []
        self.refusals: dict[object, list[int]] = {}
        self.closed_from = math.inf
        self.closed_until = math.inf

    async def send(
        self, chat: object, lane: Lane | None = None, endpoint: str = "sendMessage"
    ) -> bool:
        async def callback() -> bool:
            await self._travel()
            now = asyncio.get_running_loop().time()
            self.arrivals.append((now, chat, lane))
            wait = self._refusal(chat, now)
            await self._travel()
            if wait:
                raise RetryAfter(wait)
            return True

        data = {"chat_id": chat}
        await self.gateway.process_request(callback, (), {}, endpoint, data, lane)
        return True

    async def _travel(self) -> None:
        if self.latency:
            await asyncio.sleep(self.latency / 2)

    def _refusal(self, chat: object, now: float) -> int:
        if self.closed_from <= now < self.closed_until:
            return math.ceil(self.closed_until - now)
        return self.refusals[chat].pop(0) if self.refusals.get(chat) else 0

    async def send_all(
        self, chats: Sequence[object], lane: Lane | None = None, endpoint: str = "sendMessage"
    ) -> None:
        async with asyncio.TaskGroup() as group:
            for chat in chats:
                group.create_task(self.send(chat, lane, endpoint))

    def times(self, chat: object = None, lane: Lane | None = None) -> list[float]:
        return sorted(
            at
            for at, to, by in self.arrivals
            if chat in {None, to} and (lane is None or by is lane)
        )


def most_in(seconds: float, times: Sequence[float]) -> int:
    return max(sum(start <= at < start + seconds for at in times) for start in times)


async def refused(sending: Awaitable[object]) -> bool:
    """As the ledger, whose row waits then."""
    try:
        await sending
    except RetryAfter:
        return True
    return False


@pytest.fixture(autouse=True)
def new_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the program sets it: without it the library warns at each 429."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def telegram() -> Telegram:
    return Telegram(Gateway())


def test_never_more_than_30_leave_in_any_second(telegram: Telegram) -> None:
    run(telegram.send_all(range(1, 201)))

    assert most_in(1.0, telegram.times()) == 30
    assert telegram.times()[-1] == pytest.approx(6.03, abs=ALMOST_NOW)


@pytest.mark.parametrize("bulk_rate", [1, 25, 30, 200])
def test_bulk_keeps_its_own_rate_in_even_steps(bulk_rate: int) -> None:
    """D9: also in the first second."""
    telegram = Telegram(Gateway(bulk_rate=bulk_rate))

    run(telegram.send_all(range(1, 3 * bulk_rate + 2), Lane.NEWS))

    times = telegram.times()
    steps = [after - before for before, after in pairwise(times)]
    assert most_in(1.0, times) <= bulk_rate
    assert min(steps) == pytest.approx(max(steps), abs=0.001)
    assert times[-1] == pytest.approx(3, abs=ALMOST_NOW)


@pytest.mark.parametrize("bulk_rate", [25, 30])
def test_after_an_idle_time_bulk_makes_up_for_nothing(bulk_rate: int) -> None:
    telegram = Telegram(Gateway(bulk_rate=bulk_rate))

    async def twice() -> None:
        await telegram.send_all(range(1, 11), Lane.NEWS)
        await asyncio.sleep(10)
        await telegram.send_all(range(11, 21), Lane.NEWS)

    run(twice())

    assert most_in(0.3, telegram.times()[10:]) <= 0.3 * bulk_rate + 1


def test_a_reply_does_not_wait_for_bulk(telegram: Telegram) -> None:
    async def busy() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(telegram.send_all(range(1, 501), Lane.NEWS))
            group.create_task(telegram.send_all(range(501, 506)))

    run(busy())

    assert telegram.times(501)[0] < ALMOST_NOW
    assert telegram.times(505)[0] < ALMOST_NOW
    assert most_in(1.0, telegram.times()) <= 30


def test_one_person_gets_a_few_at_once_and_then_one_a_second(telegram: Telegram) -> None:
    run(telegram.send_all([OLENA] * 8))

    assert telegram.times() == pytest.approx([0, 0, 0, 0, 0, 1, 2, 3], abs=0.2)
    assert most_in(1.0, telegram.times()[4:]) == 1


@pytest.mark.parametrize("chat", [GROUP, CHANNEL, "@somewhere"])
def test_a_group_gets_no_more_than_20_a_minute(telegram: Telegram, chat: object) -> None:
    run(telegram.send_all([chat] * 60))

    assert most_in(60.0, telegram.times()) <= 20
    assert telegram.times()[4] == 0


def test_one_persons_wait_is_not_anothers(telegram: Telegram) -> None:
    run(telegram.send_all([OLENA] * 10 + [ANNA]))

    assert telegram.times(ANNA) == [0]


def test_a_429_holds_its_own_chat_and_the_reply_is_repeated(telegram: Telegram) -> None:
    telegram.refusals[OLENA] = [5]

    run(telegram.send_all([OLENA, ANNA, OLENA]))

    assert telegram.times(ANNA) == [0]
    assert telegram.times(OLENA) == pytest.approx([0, 5, 5], abs=ALMOST_NOW)


def test_what_follows_a_429_to_the_same_chat_waits_for_its_end(telegram: Telegram) -> None:
    telegram.refusals[OLENA] = [7]

    async def one_after_the_other() -> None:
        with pytest.raises(RetryAfter):
            await telegram.send(OLENA, Lane.NEWS)
        await telegram.send(OLENA)

    run(one_after_the_other())

    assert telegram.times(OLENA) == pytest.approx([0, 7], abs=ALMOST_NOW)


def test_bulk_goes_back_to_the_ledger_after_a_429(telegram: Telegram) -> None:
    telegram.refusals[OLENA] = [5]

    with pytest.raises(RetryAfter):
        run(telegram.send(OLENA, Lane.NEWS))

    assert telegram.times() == [0]


def test_a_429_to_two_chats_at_once_stops_all_until_the_latest_time_told(
    telegram: Telegram,
) -> None:
    """D7"""
    telegram.refusals = {OLENA: [20], ANNA: [10]}

    async def refused_twice() -> None:
        async with asyncio.TaskGroup() as group:
            for chat in (OLENA, ANNA):
                group.create_task(refused(telegram.send(chat, Lane.NEWS)))
        await asyncio.sleep(15)
        group_of_two = [telegram.send(JUERGEN), refused(telegram.send(OKSANA, Lane.NEWS))]
        await asyncio.gather(*group_of_two)

    run(refused_twice())

    assert telegram.times(JUERGEN) == pytest.approx([20], abs=ALMOST_NOW)
    assert telegram.times(JUERGEN)[0] >= 20
    assert telegram.times(OKSANA) == []


def test_when_all_may_leave_again_replies_go_first(telegram: Telegram) -> None:
    """D7"""
    telegram.refusals = {OLENA: [2], ANNA: [2]}

    async def wait_out() -> None:
        async with asyncio.TaskGroup() as group:
            for chat in (OLENA, ANNA):
                group.create_task(refused(telegram.send(chat, Lane.NEWS)))
            await asyncio.sleep(1)
            for chat in range(1, 6):
                group.create_task(telegram.send(chat, Lane.DIGEST))
                group.create_task(telegram.send(chat, Lane.CRITICAL))
                group.create_task(telegram.send(chat))

    run(wait_out())

    after = [(at, lane) for at, _, lane in telegram.arrivals if at >= 1]
    assert [lane for _, lane in after] == [None] * 5 + [Lane.CRITICAL] * 5 + [Lane.DIGEST] * 5
    assert 2 <= after[0][0] <= 2 + ALMOST_NOW
    assert after[5][0] <= 2 + 1 / 25 + ALMOST_NOW
    assert most_in(0.5, [at for at, _ in after[5:]]) <= 13


def test_what_finishes_meanwhile_does_not_end_the_hold() -> None:
    """D8"""
    telegram = Telegram(Gateway(bulk_rate=30), latency=0.2)
    telegram.closed_from, telegram.closed_until = 1.0, 6.0
    to_everyone = iter(range(1, 1000))

    async def as_the_ledger(chat: int) -> None:
        if await refused(telegram.send(chat, Lane.NEWS)):
            await asyncio.sleep(0.5)
            await as_the_ledger(chat)

    async def worker() -> None:
        for chat in to_everyone:
            await as_the_ledger(chat)

    async def wait_out() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(16):
                group.create_task(worker())

    run(wait_out())

    in_flight = [at for at in telegram.times() if 1.0 <= at < 6.0]
    told_at = 1.0 + 0.1
    assert all(at <= told_at + 0.1 + 1 / 30 for at in in_flight)
    assert next(at for at in telegram.times() if at >= 6.0) < 7.5
    accepted = [chat for at, chat, _ in telegram.arrivals if not 1.0 <= at < 6.0]
    assert sorted(accepted) == list(range(1, 1000))


def test_one_chats_429_leaves_no_gap_for_the_others() -> None:
    telegram = Telegram(Gateway(bulk_rate=30), latency=0.04)
    telegram.refusals = {40: [5], 70: [5], 100: [5]}

    async def all_the_same() -> None:
        async with asyncio.TaskGroup() as group:
            for chat in range(1, 151):
                group.create_task(refused(telegram.send(chat, Lane.NEWS)))
        assert telegram.gateway.facts().held_seconds == 0

    run(all_the_same())

    times = telegram.times()
    assert len(times) == 150
    assert max(after - before for before, after in pairwise(times)) <= 0.075


def test_a_429_with_nobody_else_in_flight_pauses_bulk_for_a_moment(telegram: Telegram) -> None:
    telegram.refusals[OLENA] = [5]

    async def one_after_the_other() -> None:
        await refused(telegram.send(OLENA, Lane.NEWS))
        await asyncio.sleep(0.01)
        await asyncio.gather(telegram.send(ANNA, Lane.NEWS), telegram.send(JUERGEN))

    run(one_after_the_other())

    assert telegram.times(JUERGEN) == pytest.approx([0.01])
    assert telegram.times(ANNA) == pytest.approx([0.01], abs=ALMOST_NOW)


def test_a_429_to_two_chats_far_apart_stops_no_other(telegram: Telegram) -> None:
    telegram.refusals = {OLENA: [20], ANNA: [10]}

    async def refused_twice() -> None:
        for chat in (OLENA, ANNA):
            assert await refused(telegram.send(chat, Lane.NEWS))
            await asyncio.sleep(5)
        await telegram.send(JUERGEN, Lane.NEWS)

    run(refused_twice())

    assert telegram.times(JUERGEN) == pytest.approx([10])


def test_a_later_429_may_lengthen_the_hold_and_never_shortens_it() -> None:
    telegram = Telegram(Gateway(), latency=1.0)
    telegram.refusals = {1: [10], 2: [20], 3: [5], 4: [30]}

    async def four_in_flight() -> None:
        await asyncio.gather(*(refused(telegram.send(chat, Lane.NEWS)) for chat in range(1, 5)))
        assert telegram.gateway.held_until() == pytest.approx(30, abs=0.1)
        assert telegram.gateway.facts().held_seconds == pytest.approx(0.1, abs=0.1)

    run(four_in_flight())


def test_a_reply_waits_out_one_429_after_the_other(telegram: Telegram) -> None:
    telegram.refusals[OLENA] = [5, 5, 5, 5]

    run(telegram.send(OLENA))

    assert telegram.times() == pytest.approx([0, 5, 10, 15, 20], abs=ALMOST_NOW)


def test_a_reply_is_given_up_when_it_has_waited_too_long(telegram: Telegram) -> None:
    telegram.refusals[OLENA] = [8] * 10

    with pytest.raises(RetryAfter):
        run(telegram.send(OLENA))

    assert telegram.times() == pytest.approx([0, 8, 16, 24], abs=ALMOST_NOW)


def test_bulk_does_not_wait_for_a_chat_that_is_busy_for_long(telegram: Telegram) -> None:
    run(telegram.send_all([GROUP] * 5))
    with pytest.raises(RetryAfter) as told:
        run(telegram.send(GROUP, Lane.NEWS))

    assert seconds_of(told.value) > BULK_PATIENCE


def test_a_reply_does_not_wait_out_a_long_ban(telegram: Telegram) -> None:
    telegram.refusals[OLENA] = [int(PATIENCE) + 1]

    with pytest.raises(RetryAfter):
        run(telegram.send(OLENA))

    assert telegram.times() == [0]


def test_other_errors_pass_through_at_once() -> None:
    async def refuse() -> bool:
        raise BadRequest("chat not found")

    with pytest.raises(BadRequest):
        run(Gateway().process_request(refuse, (), {}, "sendMessage", {"chat_id": OLENA}, None))


@pytest.mark.parametrize("chat", [GROUP, CHANNEL, "@somewhere", None, 0])
def test_personal_data_never_go_to_a_group(telegram: Telegram, chat: object) -> None:
    with pytest.raises(PersonalDataError):
        run(telegram.send(chat, Lane.PERSONAL, "sendDocument"))

    assert telegram.arrivals == []


def test_personal_data_go_to_a_person(telegram: Telegram) -> None:
    run(telegram.send(OLENA, Lane.PERSONAL, "sendDocument"))

    assert telegram.times(OLENA) == [0]


@pytest.mark.parametrize(
    "endpoint", ["answerCallbackQuery", "getUpdates", "getMe", "setMyCommands", "sendChatAction"]
)
def test_what_is_no_message_waits_for_nobody(telegram: Telegram, endpoint: str) -> None:
    async def crowded() -> None:
        await telegram.send_all(range(1, 31))
        await telegram.send_all([OLENA] * 100, endpoint=endpoint)

    run(crowded())

    assert telegram.times(OLENA) == [0] * 100


def test_a_slot_is_kept_free_while_people_are_active() -> None:
    telegram = Telegram(Gateway(bulk_rate=30))

    async def with_a_person_tapping() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(telegram.send_all(range(1, 600), Lane.NEWS))
            for tap in range(10):
                await asyncio.sleep(0.7)
                tapped = asyncio.get_running_loop().time()
                await telegram.send(1000 + tap)
                waits.append(asyncio.get_running_loop().time() - tapped)

    waits: list[float] = []
    run(with_a_person_tapping())

    assert waits[0] <= 1 / 30
    assert max(waits[1:]) <= SOON
    assert most_in(1.0, telegram.times()) == 30
    assert len([at for at in telegram.times() if 1 <= at < 7]) >= 0.955 * 30 * 6


def test_who_gives_up_waiting_takes_no_slot(telegram: Telegram) -> None:
    async def impatient() -> None:
        await telegram.send_all(range(1, 31))
        async with asyncio.TaskGroup() as group:
            given_up = group.create_task(telegram.send(OLENA))
            parked = group.create_task(telegram.send_all([ANNA] * 6))
            group.create_task(telegram.send(JUERGEN))
            await asyncio.sleep(0.5)
            assert telegram.gateway.facts().waiting == 8
            given_up.cancel()
            parked.cancel()
            await asyncio.wait([given_up, parked])
            assert telegram.gateway.facts().waiting == 1

    run(impatient())

    assert telegram.times(OLENA) + telegram.times(ANNA) == []
    assert telegram.times(JUERGEN) == pytest.approx([1], abs=ALMOST_NOW)


def test_the_facts_are_counted() -> None:
    telegram = Telegram(Gateway(), latency=1)
    telegram.refusals[OLENA] = [5]

    async def a_little_of_each() -> Facts:
        async with asyncio.TaskGroup() as group:
            group.create_task(telegram.send(OLENA))
            group.create_task(telegram.send(ANNA, Lane.PERSONAL))
            group.create_task(telegram.send_all([1, 2], Lane.NEWS))
            await asyncio.sleep(0.5)
            assert telegram.gateway.facts().in_flight == 4
        await telegram.send(OLENA, Lane.DIGEST)
        return telegram.gateway.facts()

    facts = run(a_little_of_each())

    assert (facts.in_flight, facts.waiting, facts.refusals, facts.held_for) == (0, 0, 1, 0)
    assert facts.sent == {
        Lane.REPLY: 1,
        Lane.PERSONAL: 1,
        Lane.CRITICAL: 0,
        Lane.NEWS: 2,
        Lane.DIGEST: 1,
    }
