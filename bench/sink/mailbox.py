"""What waits for the bot: updates, kept until getUpdates confirms them, as Telegram does."""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable

OFFSET, TIMEOUT, LIMIT = (
    re.compile(rb'(?:^|&|")%b(?:=|"\s*:\s*"?)(\d+)' % name)
    for name in (b"offset", b"timeout", b"limit")
)
MOST = 100  # at once

Answer = Callable[[bytes], None]  # takes a JSON list


class Mailbox:
    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._updates: deque[tuple[int, bytes]] = deque()  # by number
        self._waiting: Answer | None = None
        self._limit = MOST
        self.made: list[tuple[float, int]] = []  # (monotonic), by chat

    def put(self, chat: int, update: dict[str, object]) -> None:
        """Gets the next number, and a poll that waits gets it at once."""
        self.made.append((time.monotonic(), chat))
        number = len(self.made)
        self._updates.append((number, json.dumps({"update_id": number} | update).encode()))
        if self._waiting is not None:
            self._hand_over(self._waiting)

    def asked(self, body: bytes, answer: Answer) -> None:
        """A getUpdates: what it confirms is forgotten; it waits for the next one or its end."""
        self._confirm(_number(OFFSET, body, 0))
        self._limit = min(_number(LIMIT, body, MOST), MOST)
        timeout = _number(TIMEOUT, body, 0)
        self._waiting = answer
        if self._updates or not timeout:
            self._hand_over(answer)
        else:
            self._loop.call_later(timeout, self._hand_over, answer)

    def _confirm(self, offset: int) -> None:
        while self._updates and self._updates[0][0] < offset:
            self._updates.popleft()

    def _hand_over(self, answer: Answer) -> None:
        if answer is self._waiting:  # not answered yet, and still the newest to ask
            self._waiting = None
            first = [self._updates[n][1] for n in range(min(self._limit, len(self._updates)))]
            answer(b"[" + b",".join(first) + b"]")


def _number(field: re.Pattern[bytes], body: bytes, otherwise: int) -> int:
    found = field.search(body)
    return int(found[1]) if found else otherwise
