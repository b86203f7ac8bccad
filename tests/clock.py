"""A clock that stands still until a test turns it."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)  # a Monday


class StoppedClock:
    def __init__(self, at: datetime = NOON) -> None:
        self._now = at

    def now(self) -> datetime:
        return self._now

    def advance(self, **by: float) -> datetime:
        """As in advance(minutes=5, seconds=1); returns the new time."""
        self._now += timedelta(**by)
        return self._now

    def set(self, at: datetime) -> None:
        self._now = at
