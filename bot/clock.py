"""Clocks: the machine's, and one that tests across processes can turn."""

from datetime import UTC, datetime, timedelta
from pathlib import Path


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - this is the clock the others ask


class FileClock:
    """The file holds a number of seconds ahead of real time, or a time at which to stand still."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._real = SystemClock()

    def now(self) -> datetime:
        told = self._path.read_text().strip() if self._path.exists() else "0"
        try:
            return self._real.now() + timedelta(seconds=float(told))
        except ValueError:
            return datetime.fromisoformat(told).astimezone(UTC)
