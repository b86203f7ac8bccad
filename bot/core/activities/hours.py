"""Waking hours: offers and reminders arrive, and end, between 8 and 21 h where it happens."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING, EVENING = time(8), time(21)
DAY = timedelta(days=1)


def is_waking(at: datetime, zone: str) -> bool:
    """A message may arrive now: from 8:00 until before 21:00."""
    return MORNING <= at.astimezone(ZoneInfo(zone)).time() < EVENING


def next_waking(at: datetime, zone: str) -> datetime:
    """The moment itself, or else the coming morning."""
    if is_waking(at, zone):
        return at
    today = _at(at, MORNING, zone)
    return today if today > at else _at(at, MORNING, zone, days=1)


def last_waking(at: datetime, zone: str) -> datetime:
    """The moment itself, or else the evening before it."""
    if is_waking(at, zone):
        return at
    today = _at(at, EVENING, zone)
    return today if today <= at else _at(at, EVENING, zone, days=-1)


def after_waking(at: datetime, wait: timedelta, zone: str) -> datetime:
    """The end of a wait that only counts waking hours. Ends at 21:00 rather than at 8:00."""
    begin, left = next_waking(at, zone), wait
    while (evening := _at(begin, EVENING, zone)) - begin < left:
        left -= evening - begin
        begin = _at(begin, MORNING, zone, days=1)
    return begin + left


def _at(day: datetime, clock_time: time, zone: str, *, days: int = 0) -> datetime:
    local = day.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    return datetime.combine(local, clock_time, ZoneInfo(zone)).astimezone(UTC)
