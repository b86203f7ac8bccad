"""Those who write to the bot or tap its buttons: they fill the mailbox once it polls."""

import asyncio
import random
import time
from itertools import cycle

from bench.sink.mailbox import Mailbox
from bench.sink.rules import Crowd, Tapping

FIRST_MESSAGE = 1  # what the tapped button hangs on
LABEL = "…"  # without the tick that a choice has


class Tappers:
    """Tap at random moments, in turn, until their time is over."""

    def __init__(self, tapping: Tapping, mailbox: Mailbox) -> None:
        self._loop = asyncio.get_running_loop()
        self._tapping = tapping
        self._mailbox = mailbox
        self._chats = cycle(tapping.chats)
        self._end = time.monotonic() + tapping.start + tapping.seconds
        self._loop.call_later(tapping.start, self._tap)

    def _tap(self) -> None:
        if time.monotonic() >= self._end:
            return
        chat = next(self._chats)
        self._mailbox.put(chat, tap(len(self._mailbox.made), chat, self._tapping.data))
        apart = random.uniform(self._tapping.least, self._tapping.most)  # noqa: S311
        self._loop.call_later(apart, self._tap)


class Queue:
    """Everybody in turn, at a steady rate or all at once."""

    def __init__(self, crowd: Crowd, mailbox: Mailbox) -> None:
        self._loop = asyncio.get_running_loop()
        self._crowd = crowd
        self._mailbox = mailbox
        self._began = self._loop.time()
        if crowd.rate:
            self._next()
        else:
            for number in range(crowd.updates):
                self._put(number)

    def _next(self) -> None:
        number = len(self._mailbox.made)
        if number < self._crowd.updates:
            self._put(number)
            self._loop.call_at(self._began + (number + 1) / self._crowd.rate, self._next)

    def _put(self, number: int) -> None:
        turn, place = divmod(number, self._crowd.chats)
        chat = self._crowd.first_chat + place
        data = self._crowd.data
        made = tap(number, chat, data[turn % len(data)]) if data else _message(number, chat)
        self._mailbox.put(chat, made)


def tap(number: int, chat: int, data: str) -> dict[str, object]:
    """The person of this private chat taps a button that carries `data`."""
    button = {"text": LABEL, "callback_data": data}
    message = {
        "message_id": FIRST_MESSAGE,
        "date": int(time.time()),
        "chat": _chat(chat),
        "text": "…",
        "reply_markup": {"inline_keyboard": [[button]]},
    }
    tapped = {
        "id": str(number),
        "from": _person(chat),
        "message": message,
        "chat_instance": str(chat),
        "data": data,
    }
    return {"callback_query": tapped}


def _message(number: int, chat: int) -> dict[str, object]:
    """Its text is the update's number, so that the answer can be recognised."""
    about = {"message_id": number + 1, "date": int(time.time()), "text": str(number + 1)}
    return {"message": about | {"from": _person(chat), "chat": _chat(chat)}}


def _person(chat: int) -> dict[str, object]:
    return {"id": chat, "is_bot": False, "first_name": "Olena", "language_code": "uk"}


def _chat(chat: int) -> dict[str, object]:
    return {"id": chat, "type": "private", "first_name": "Olena"}
