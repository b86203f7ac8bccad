"""When a message is refused, and for how long: the limits one token is held to."""

from collections import deque

from bench.sink.rules import Hold, Rules

WINDOW = 1.0  # seconds; strict, as an impatient server counts


class Limits:
    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._accepted: deque[float] = deque(maxlen=rules.window or 1)
        self._level = 0.0  # of the bucket, which leaks
        self._leaked_at = 0.0
        self._chats: dict[int, float] = {}  # when each was last sent something
        self._banned_until = 0.0
        self._began: float | None = None
        self._to_come = deque(sorted(rules.holds, key=lambda hold: hold.at))
        self._held: dict[int | None, float] = {}  # by chat, None: everyone

    def wait(self, chat: int, now: float) -> float:
        """Seconds until it would pass; 0: it passes, and counts."""
        wait = max(self._banned_until - now, self._scripted(chat, now))
        if wait > 0:
            return wait
        wait = max(self._window_wait(now), self._bucket_wait(now), self._chat_wait(chat, now))
        if wait > 0:
            if self._rules.ban:
                self._banned_until = now + self._rules.ban
            return max(wait, self._rules.ban)
        self._count(chat, now)
        return 0.0

    def _scripted(self, chat: int, now: float) -> float:
        began = self._began = now if self._began is None else self._began
        while self._to_come and self._to_come[0].at <= now - began:
            self._hold(self._to_come.popleft(), chat, now)
        return max(self._held.get(None, 0.0), self._held.get(chat, 0.0)) - now

    def _hold(self, hold: Hold, chat: int, now: float) -> None:
        self._held[None if hold.everyone else chat] = now + hold.seconds

    def _window_wait(self, now: float) -> float:
        if not self._rules.window or len(self._accepted) < self._rules.window:
            return 0.0
        return self._accepted[0] + WINDOW - now

    def _bucket_wait(self, now: float) -> float:
        size = self._rules.bucket
        if not size:
            return 0.0
        self._level = max(0.0, self._level - (now - self._leaked_at) * size)
        self._leaked_at = now
        return (self._level + 1 - size) / size

    def _chat_wait(self, chat: int, now: float) -> float:
        if not self._rules.chat_interval:
            return 0.0
        return self._chats.get(chat, -self._rules.chat_interval) + self._rules.chat_interval - now

    def _count(self, chat: int, now: float) -> None:
        self._level += 1
        self._accepted.append(now)
        if self._rules.chat_interval:
            self._chats[chat] = now
