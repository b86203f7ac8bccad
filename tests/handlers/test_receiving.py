import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from telegram.error import (
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.core.inbox import Incoming
from bot.core.ports import StoreUnavailableError
from handlers.receiving import Poller, TokenRefusedError
from tests.clock import NOON, StoppedClock
from tests.leaping_time import run

Json = dict[str, Any]


def update(number: int) -> Json:
    return {"update_id": number, "message": {"message_id": number, "chat": {"id": 1001}}}


class Telegram:
    """Answers getUpdates from a list; at its end nothing more happens."""

    def __init__(self, *answers: list[Json] | Exception) -> None:
        self.answers = list(answers)
        self.offsets: list[int | None] = []
        self.asked_at: list[float] = []
        self.kept: list[int] = []
        self.refusals = 0
        self.has_room = asyncio.Event()
        self.has_room.set()
        self.clock = StoppedClock()
        self.poller = Poller(self, self.clock)

    async def get_updates(
        self,
        offset: int | None,
        timeout: int,  # noqa: ASYNC109 - as the port names it
        limit: int,
        allowed: Sequence[str],
    ) -> list[Json]:
        assert (timeout, limit) == (25, 100)
        assert "callback_query" in allowed
        if not self.answers:
            await asyncio.sleep(100_000)
        self.offsets.append(offset)
        self.asked_at.append(asyncio.get_running_loop().time())
        await asyncio.sleep(0.1)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def room(self) -> None:
        await self.has_room.wait()

    async def keep(self, updates: Sequence[Incoming]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise StoreUnavailableError
        self.kept += [one.update_id for one in updates]

    def polled(self, seconds: float = 1_000) -> None:
        async def poll() -> None:
            async with asyncio.timeout(seconds):
                await self.poller.run(self)

        with pytest.raises(TimeoutError):
            run(poll())


def test_what_is_kept_is_confirmed_with_the_next_question() -> None:
    telegram = Telegram([update(7), update(8)], [])

    telegram.polled()

    assert telegram.offsets == [None, 9]
    assert telegram.kept == [7, 8]


def test_what_is_not_kept_is_not_confirmed() -> None:
    telegram = Telegram([update(7)], [update(7)], [])
    telegram.refusals = 1

    telegram.polled()

    assert telegram.offsets == [None, None, 8]
    assert telegram.kept == [7]


def test_d6_numbers_that_jump_back_are_followed() -> None:
    telegram = Telegram([update(900)], [update(5)], [])

    telegram.polled()

    assert telegram.offsets == [None, 901, 6]
    assert telegram.kept == [900, 5]


def test_nobody_is_asked_while_there_is_no_room() -> None:
    telegram = Telegram([update(7)])
    telegram.has_room.clear()

    telegram.polled()

    assert telegram.offsets == []


@pytest.mark.parametrize(
    "trouble",
    [
        TimedOut(),
        NetworkError("Bad Gateway"),
        Conflict("terminated by other getUpdates request"),
        TelegramError("Invalid server response"),
    ],
    ids=lambda trouble: type(trouble).__name__,
)
def test_trouble_is_waited_out(trouble: TelegramError) -> None:
    telegram = Telegram([update(7)], trouble, trouble, [update(8)])

    telegram.polled()

    assert telegram.offsets == [None, 8, 8, 8]
    assert telegram.kept == [7, 8]


def test_waits_grow_and_begin_anew_after_success() -> None:
    trouble = [NetworkError("Bad Gateway")] * 7
    telegram = Telegram(*trouble, [], *trouble[:2], [])

    telegram.polled()

    at = telegram.asked_at
    waits = [round(after - before, 1) for before, after in pairwise(at)]
    assert waits == [1.1, 2.1, 5.1, 10.1, 30.1, 30.1, 30.1, 0.1, 1.1, 2.1]


def test_a_wait_that_telegram_names_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    telegram = Telegram(RetryAfter(timedelta(seconds=17)), [])

    telegram.polled()

    assert telegram.asked_at == pytest.approx([0, 17.1])


def test_a_token_that_is_no_longer_valid_ends_receiving() -> None:
    with pytest.raises(TokenRefusedError):
        run(Telegram(InvalidToken("Unauthorized")).poller.run(Telegram()))


def test_a_conflict_is_known_since_it_began() -> None:
    conflict = Conflict("terminated by other getUpdates request")
    telegram = Telegram([], conflict, conflict)

    telegram.polled()

    assert telegram.poller.facts.last == NOON
    assert telegram.poller.facts.conflict_since == NOON


@pytest.mark.parametrize("after", [[], NetworkError("Bad Gateway")], ids=["success", "other"])
def test_a_conflict_ends_with_the_first_other_answer(after: list[Json] | Exception) -> None:
    telegram = Telegram(Conflict("terminated by other getUpdates request"), after)

    telegram.polled()

    assert telegram.poller.facts.conflict_since is None


def test_trouble_is_logged_once_a_change(capsys: pytest.CaptureFixture[str]) -> None:
    away, conflict = NetworkError("Bad Gateway"), Conflict("terminated by other")
    telegram = Telegram(away, away, away, conflict, conflict, [], [])

    telegram.polled()

    told = capsys.readouterr().out
    assert told.count("receiving failed") == 2
    assert told.count("receiving again") == 1
