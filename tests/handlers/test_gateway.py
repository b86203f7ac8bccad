import asyncio
from collections.abc import Sequence
from contextlib import suppress

import pytest
from telegram.error import BadRequest, RetryAfter

from handlers.gateway import PATIENCE, REPLY_TRIES, Gateway, Lane, PersonalDataError
from tests.handlers.leaping_time import run

OLENA, JUERGEN, ANNA = 1001, 1002, 1003
GROUP, CHANNEL = -42, -1_000_000_000_042
ALMOST_NOW = 0.05  # seconds


class Telegram:
    """Notes when a request arrives; refuses as long as it is told to."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.arrivals: list[tuple[float, object, Lane | None]] = []
        self.refusals: dict[object, list[int]] = {}

    async def send(
        self, chat: object, lane: Lane | None = None, endpoint: str = "sendMessage"
    ) -> bool:
        async def callback() -> bool:
            self.arrivals.append((asyncio.get_running_loop().time(), chat, lane))
            if self.refusals.get(chat):
                raise RetryAfter(self.refusals[chat].pop(0))
            return True

        data = {"chat_id": chat}
        await self.gateway.process_request(callback, (), {}, endpoint, data, lane)
        return True

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


@pytest.mark.parametrize("bulk_rate", [1, 25, 30])
def test_bulk_keeps_its_own_rate(bulk_rate: int) -> None:
    telegram = Telegram(Gateway(bulk_rate=bulk_rate))

    run(telegram.send_all(range(1, 4 * bulk_rate + 1), Lane.BULK))

    assert most_in(1.0, telegram.times()) == bulk_rate
    assert telegram.times()[-1] == pytest.approx(3 * 1.005, abs=ALMOST_NOW)


def test_a_reply_does_not_wait_for_bulk(telegram: Telegram) -> None:
    async def busy() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(telegram.send_all(range(1, 501), Lane.BULK))
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
            await telegram.send(OLENA, Lane.BULK)
        await telegram.send(OLENA)

    run(one_after_the_other())

    assert telegram.times(OLENA) == pytest.approx([0, 7], abs=ALMOST_NOW)


def test_bulk_goes_back_to_the_ledger_after_a_429(telegram: Telegram) -> None:
    telegram.refusals[OLENA] = [5]

    with pytest.raises(RetryAfter):
        run(telegram.send(OLENA, Lane.BULK))

    assert telegram.times() == [0]


def test_a_429_to_two_chats_at_once_stops_bulk_to_all(telegram: Telegram) -> None:
    telegram.refusals = {OLENA: [20], ANNA: [10]}

    async def refused_twice() -> None:
        await asyncio.gather(
            telegram.send(OLENA, Lane.BULK),
            telegram.send(ANNA, Lane.BULK),
            return_exceptions=True,
        )
        for waited in (0, 15, 5, 1):
            await asyncio.sleep(waited)
            with suppress(RetryAfter):  # the row stays in the ledger meanwhile
                await telegram.send(JUERGEN, Lane.BULK)

    run(refused_twice())

    assert telegram.times(JUERGEN)[0] >= 20
    assert telegram.times(JUERGEN)[0] == pytest.approx(21, abs=0.1)


def test_a_429_to_two_chats_far_apart_stops_no_other(telegram: Telegram) -> None:
    telegram.refusals = {OLENA: [20], ANNA: [10]}

    async def refused_twice() -> None:
        for chat in (OLENA, ANNA):
            with pytest.raises(RetryAfter):
                await telegram.send(chat, Lane.BULK)
            await asyncio.sleep(5)
        await telegram.send(JUERGEN, Lane.BULK)

    run(refused_twice())

    assert telegram.times(JUERGEN) == pytest.approx([10])


def test_a_reply_is_given_up_after_its_last_try(telegram: Telegram) -> None:
    telegram.refusals[OLENA] = [1] * 10

    with pytest.raises(RetryAfter):
        run(telegram.send(OLENA))

    assert len(telegram.times()) == REPLY_TRIES


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


def test_the_memory_for_chats_is_bounded(telegram: Telegram) -> None:
    async def to_many() -> None:
        for first in range(1, 10_101, 30):
            await telegram.send_all(range(first, first + 30))

    run(to_many())

    assert len(telegram.gateway._chats) <= 10_000
