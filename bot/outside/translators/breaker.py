"""A circuit breaker: an engine in trouble is left alone for a while."""

from collections import deque
from collections.abc import Callable

from bot.core.translation_engine import EngineFailed, FailureKind

FAILURES = 5
WINDOW = 60.0  # seconds in which so many failures open it
PAUSE = 300.0  # seconds before one call may try again
LONGEST_WAIT = 3600.0  # seconds; no engine decides to be away for ever

_AT_ONCE = {FailureKind.QUOTA, FailureKind.REFUSED}
_ABOUT_THE_TEXT = {FailureKind.BAD_OUTPUT, FailureKind.UNSUPPORTED_PAIR}


class Breaker:
    """A failure is a post that failed, whatever was tried for it.

    closed --5 failures in 60 s, or one quota or refused--> open --5 min--> half-open
    half-open --success--> closed, --failure--> open

    A 429 that names its own wait opens it for just that long.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._shut_until: float | None = None
        self._why = FailureKind.UNREACHABLE

    def admit(self) -> None:
        """Raises EngineFailed with the kind that opened it."""
        if self._shut_until is None:
            return
        now = self._clock()
        if now < self._shut_until:
            raise EngineFailed(self._why, retry_after=self._shut_until - now)
        self._shut_until = now + PAUSE  # half-open: this call tries, the others wait for it

    def succeeded(self) -> None:
        if self._shut_until is not None:
            self._shut_until = None
            self._failures.clear()

    def failed(self, failure: EngineFailed) -> None:
        if failure.kind in _ABOUT_THE_TEXT:
            return self.succeeded()  # the engine is there; this text is beyond it
        now = self._clock()
        self._failures.append(now)
        often = len(self._failures) == FAILURES and self._failures[0] > now - WINDOW
        if often or failure.kind in _AT_ONCE or self._shut_until is not None:
            self._shut(failure, now, PAUSE)
        elif failure.kind is FailureKind.RATE_LIMITED and failure.retry_after:
            self._shut(failure, now, 0)
        return None

    def _shut(self, failure: EngineFailed, now: float, pause: float) -> None:
        self._why = failure.kind
        self._shut_until = now + min(max(pause, failure.retry_after or 0), LONGEST_WAIT)
