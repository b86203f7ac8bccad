import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError, TimedOut

from bot.core.inbox import InboxState, Incoming
from handlers.receiving import Receiver, TokenRefusedError
from tests.clock import StoppedClock
from tests.leaping_time import run

OLENA, ANNA = 1001, 1003


def message(update_id: int, chat: int = OLENA) -> Update:
    return Update.de_json(
        {
            "update_id": update_id,
            "message": {
                "message_id": update_id,
                "date": 1_785_000_000,
                "chat": {"id": chat, "type": "private"},
                "from": {"id": chat, "is_bot": False, "first_name": "Olena"},
                "text": "Добрий день",
            },
        },
        None,
    )


class Inbox:
    """Keeps nothing twice, as the table does."""

    def __init__(self, waiting: Sequence[Incoming] = ()) -> None:
        self.left = list(waiting)
        self.kept: list[Incoming] = []
        self.finished: list[tuple[int, InboxState]] = []

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Inbox"]:
        yield self

    reading = transaction

    async def waiting(self) -> list[Incoming]:
        return self.left

    async def receive(self, incoming: Sequence[Incoming], *, at: datetime) -> list[Incoming]:
        del at
        known = {one.update_id for one in self.kept}
        new = [one for one in incoming if one.update_id not in known]
        self.kept += new
        return new

    async def finish(self, update_id: int, state: InboxState, error_id: str | None) -> None:
        del error_id
        self.finished.append((update_id, state))


class Telegram:
    """Answers getUpdates from a list; at its end it is time to stop."""

    def __init__(self, *answers: list[Update] | Exception) -> None:
        self.answers = list(answers)
        self.offsets: list[int | None] = []
        self.handled: list[int] = []
        self.inbox = Inbox()
        self.failures: dict[int, str] = {}
        self.stop: asyncio.Event

    async def get_updates(self, *, offset: int | None, **_: object) -> list[Update]:
        await asyncio.sleep(0.1)
        if not self.answers:
            self.stop.set()
            await asyncio.sleep(60)
        self.offsets.append(offset)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def process_update(self, update: Update) -> None:
        self.handled.append(update.update_id)

    async def receive(self) -> None:
        services = SimpleNamespace(store=self.inbox, clock=StoppedClock(), failures=self.failures)
        app: Any = SimpleNamespace(
            bot=SimpleNamespace(get_updates=self.get_updates),
            bot_data=services,
            process_update=self.process_update,
        )
        self.stop = asyncio.Event()
        await Receiver(app).run(self.stop)


def test_what_is_kept_is_confirmed_with_the_next_question() -> None:
    telegram = Telegram([message(7), message(8)], [])

    run(telegram.receive())

    assert telegram.offsets == [None, 9]
    assert [one.update_id for one in telegram.inbox.kept] == [7, 8]
    assert telegram.inbox.finished == [(7, InboxState.DONE), (8, InboxState.DONE)]


def test_numbers_that_jump_back_are_followed() -> None:
    telegram = Telegram([message(900)], [message(5)], [])

    run(telegram.receive())

    assert telegram.offsets == [None, 901, 6]
    assert telegram.handled == [900, 5]


def test_what_comes_twice_is_handled_once() -> None:
    telegram = Telegram([message(7)], [message(7)])

    run(telegram.receive())

    assert telegram.handled == [7]


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
    telegram = Telegram([message(7)], trouble, trouble, [message(8)])

    run(telegram.receive())

    assert telegram.offsets == [None, 8, 8, 8]
    assert telegram.handled == [7, 8]


def test_a_token_that_is_no_longer_valid_ends_receiving() -> None:
    with pytest.raises(ExceptionGroup) as ended:
        run(Telegram(InvalidToken("Unauthorized")).receive())

    assert ended.group_contains(TokenRefusedError)


def test_one_chat_keeps_its_order() -> None:
    updates = [message(number, OLENA if number % 2 else ANNA) for number in range(1, 21)]
    telegram = Telegram(updates)

    run(telegram.receive())

    handled = telegram.handled
    assert [number for number in handled if number % 2] == list(range(1, 21, 2))
    assert [number for number in handled if not number % 2] == list(range(2, 21, 2))


def test_what_waited_in_the_inbox_goes_first() -> None:
    telegram = Telegram([message(8)])
    telegram.inbox.left = [Incoming(7, OLENA, OLENA, message(7).to_json())]

    run(telegram.receive())

    assert telegram.handled == [7, 8]


def test_a_failed_update_is_put_aside() -> None:
    telegram = Telegram([message(7), message(8)])
    telegram.failures = {7: "ABC234"}

    run(telegram.receive())

    assert telegram.inbox.finished == [(7, InboxState.DEAD), (8, InboxState.DONE)]


def test_the_inbox_knows_who_wrote_and_what() -> None:
    telegram = Telegram([message(7)])

    run(telegram.receive())

    [kept] = telegram.inbox.kept
    assert (kept.update_id, kept.chat_id, kept.telegram_id) == (7, OLENA, OLENA)
    assert json.loads(kept.payload)["message"]["text"] == "Добрий день"
