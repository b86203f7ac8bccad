"""Telegram's limits on messages: a strict window for the bot, a bucket for each private chat.

Groups and channels have a window of a minute. With `ban_seconds` whoever exceeds a limit is
refused everything until the ban is over.
"""

import math
import time
from collections import deque
from dataclasses import dataclass, field

from sandbox.chats import Chat

_SECOND, _MINUTE = 1.0, 60.0


@dataclass(slots=True)
class Limits:
    on: bool = True
    overall: int = 30
    per_chat: float = 1
    per_chat_burst: int = 5
    group_per_minute: int = 20
    ban_seconds: float = 0
    latency: float = 0  # seconds, for every call
    _all: deque[float] = field(default_factory=deque)
    _groups: dict[int, deque[float]] = field(default_factory=dict)
    _buckets: dict[int, tuple[float, float]] = field(default_factory=dict)  # messages, since
    _bans: dict[int, float] = field(default_factory=dict)  # chat or 0 for all: until

    def spend(self, chat: Chat, messages: int = 1) -> int:
        """Seconds to wait; 0 when the messages may go now, and then they are counted."""
        if not self.on:
            return 0
        now = time.monotonic()
        ban = max(self._bans.get(0, 0), self._bans.get(chat.id, 0)) - now
        if ban > 0:
            return math.ceil(ban)
        if wait := _window_wait(self._all, self.overall, _SECOND, now, messages):
            return self._refuse(0, wait, now)
        if wait := self._chat_wait(chat, now, messages):
            return self._refuse(chat.id, wait, now)
        self._all.extend([now] * messages)
        return 0

    def _chat_wait(self, chat: Chat, now: float, messages: int) -> float:
        if chat.type != "private":
            window = self._groups.setdefault(chat.id, deque())
            wait = _window_wait(window, self.group_per_minute, _MINUTE, now, messages)
            if not wait:
                window.extend([now] * messages)
            return wait
        left, since = self._buckets.get(chat.id, (float(self.per_chat_burst), now))
        left = min(self.per_chat_burst, left + (now - since) * self.per_chat)
        need = min(messages, self.per_chat_burst)
        if left < need:
            return (need - left) / self.per_chat
        self._buckets[chat.id] = (left - need, now)
        return 0

    def _refuse(self, place: int, wait: float, now: float) -> int:
        if self.ban_seconds:
            self._bans[place] = now + self.ban_seconds
        return math.ceil(max(wait, self.ban_seconds))


def _window_wait(
    window: deque[float], most: int, seconds: float, now: float, messages: int
) -> float:
    while window and window[0] <= now - seconds:
        window.popleft()
    if len(window) + min(messages, most) <= most:
        return 0
    return window[0] + seconds - now
