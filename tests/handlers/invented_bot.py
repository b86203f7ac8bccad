"""A bot with one handler, on the real inbox, lines and routing; Telegram is invented."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from telegram import Update
from telegram.ext import TypeHandler

from bot.core.people import Language
from bot.core.ports import StoreUnavailableError
from handlers import updates
from handlers.intake import Intake
from handlers.reception import Reception
from locales.texts import Texts
from storage.store import Database
from storage.trips import Result, Work
from tests.clock import StoppedClock

OLENA, ANNA = 1001, 1003
PATIENCE = 20.0  # seconds; nothing here takes long

Json = dict[str, Any]
Handle = Callable[[Update], Awaitable[object]]


def message(number: int, chat: int = OLENA, text: str = "Добрий день") -> Json:
    return {"update_id": number, "message": _message(number, chat, text) | {"from": _person(chat)}}


def tap(number: int, chat: int = OLENA) -> Json:
    query = {"id": f"tap {number}", "from": _person(chat), "chat_instance": "1", "data": "menu"}
    return {"update_id": number, "callback_query": query | {"message": _message(1, chat, "")}}


def _message(number: int, chat: int, text: str) -> Json:
    about = {"id": chat, "type": "private"}
    return {"message_id": number, "date": 1_785_000_000, "chat": about, "text": text}


def _person(number: int) -> Json:
    return {"id": number, "is_bot": False, "first_name": "Olena", "language_code": "uk"}


class Bot:
    """`meanwhile` says what its handler does; all that reaches Telegram is noted."""

    def __init__(self, store: Database, texts: Mapping[Language, Texts]) -> None:
        self.handled: list[int] = []
        self.sent: list[tuple[int, str]] = []
        self.answered: list[str] = []
        self.meanwhile: Handle | None = None
        self.services = SimpleNamespace(
            store=store, clock=StoppedClock(), texts=texts, owners=[ANNA]
        )
        self.app: Any = SimpleNamespace(
            bot=self,
            bot_data=self.services,
            handlers={0: [TypeHandler(str, self._never), TypeHandler(Update, self._handle)]},
            context_types=SimpleNamespace(
                context=SimpleNamespace(from_update=lambda *_: SimpleNamespace())
            ),
        )

    async def send_message(self, chat_id: int, text: str, **_: object) -> None:
        self.sent.append((chat_id, text))

    async def answer_callback_query(self, tap: str) -> None:
        self.answered.append(tap)

    @asynccontextmanager
    async def receiving(self) -> AsyncIterator[Intake]:
        stop = asyncio.Event()
        reception = Reception(self.app, None)
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
            group.create_task(reception.run(stop))
            await until(lambda: reception.intake is not None and reception.intake.has_room)
            assert reception.intake is not None
            yield reception.intake
            stop.set()

    async def takes(self, *raw: Json) -> None:
        """Until all are at their end."""
        async with self.receiving() as intake:
            await keep(intake, *raw)
            await until(lambda: not intake._lines.waiting)

    async def _never(self, _update: str, _context: object) -> None:
        raise AssertionError("an update is no string")

    async def _handle(self, update: Update, _context: object) -> None:
        self.handled.append(update.update_id)
        if self.meanwhile:
            await self.meanwhile(update)


class Busy:
    """A store that is locked."""

    async def at_once(self, _work: object) -> object:
        raise StoreUnavailableError


class Counting:
    """A store that counts its transactions."""

    def __init__(self, store: Database) -> None:
        self.transactions = 0
        self.reading = store.reading
        self._store = store

    async def at_once(self, work: Work[Result]) -> Result:
        self.transactions += 1
        return await self._store.at_once(work)


async def keep(intake: Intake, *raw: Json) -> None:
    await intake.keep([one for one in map(updates.read, raw) if one])


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - what is waited for has no event to tell of it
        await asyncio.sleep(0.001)
