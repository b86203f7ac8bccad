"""Presses buttons: updates for getUpdates, made at random moments and kept until confirmed."""

import asyncio
import random
import re
import time
from collections.abc import Callable
from itertools import cycle

from bench.sink.rules import Tapping

OFFSET = re.compile(rb'(?:^|&|")offset(?:=|"\s*:\s*"?)(\d+)')
TIMEOUT = re.compile(rb'(?:^|&|")timeout(?:=|"\s*:\s*"?)(\d+)')
FIRST_MESSAGE = 1  # what the tapped button hangs on

Waiting = Callable[[list[dict[str, object]]], None]


class Taps:
    def __init__(self, tapping: Tapping | None) -> None:
        self._loop = asyncio.get_running_loop()
        self._tapping = tapping
        self._chats = cycle(tapping.chats if tapping else (0,))
        self._updates: list[dict[str, object]] = []
        self._waiting: Waiting | None = None
        self._end: float | None = None
        self.made: list[tuple[float, int]] = []  # tapped at (monotonic), by chat

    def asked(self, body: bytes, answer: Waiting) -> None:
        """A getUpdates: what it confirms is forgotten; it waits for the next tap or its end."""
        if self._tapping and self._end is None:
            self._end = time.monotonic() + self._tapping.start + self._tapping.seconds
            self._loop.call_later(self._tapping.start, self._tap, self._tapping)
        offset = OFFSET.search(body)
        if offset is not None:
            kept = int(offset[1])
            self._updates = [u for u in self._updates if int(str(u["update_id"])) >= kept]
        timeout = TIMEOUT.search(body)
        self._waiting = answer
        if self._updates or timeout is None:
            self._hand_over(answer)
        else:
            self._loop.call_later(int(timeout[1]), self._hand_over, answer)

    def _tap(self, tapping: Tapping) -> None:
        now = time.monotonic()
        if self._end is None or now >= self._end:
            return
        chat = next(self._chats)
        self.made.append((now, chat))
        self._updates.append(tap(len(self.made), chat, tapping.data))
        if self._waiting is not None:
            self._hand_over(self._waiting)
        apart = random.uniform(tapping.least, tapping.most)  # noqa: S311
        self._loop.call_later(apart, self._tap, tapping)

    def _hand_over(self, answer: Waiting) -> None:
        if answer is self._waiting:  # not answered yet, and still the newest to ask
            self._waiting = None
            answer(list(self._updates))


def tap(number: int, chat: int, data: str) -> dict[str, object]:
    """An update: the person of this private chat taps a button that carries `data`."""
    person = {"id": chat, "is_bot": False, "first_name": "Olena", "language_code": "uk"}
    message = {
        "message_id": FIRST_MESSAGE,
        "date": int(time.time()),
        "chat": {"id": chat, "type": "private", "first_name": "Olena"},
        "text": "…",
    }
    tapped = {
        "id": str(number),
        "from": person,
        "message": message,
        "chat_instance": str(chat),
        "data": data,
    }
    return {"update_id": number, "callback_query": tapped}
