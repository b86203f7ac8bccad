"""What others do with a place that becomes free: give it away silently, or ask for a fixed time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.families import Season
from bot.core.activities.hours import is_waking


@dataclass(frozen=True, slots=True)
class Filled:
    """Of one season: places that somebody really uses, families asked, how many of them by night,
    and moments at which more was given away than there was.
    """

    used: int
    asked: int
    by_night: int
    overbooked: int = 0


def silently(season: Season, zone: str) -> Filled:
    """The first on the list gets it, wanted or not."""
    lucky = season.families[: len(season.freed_at)]
    night = sum(not is_waking(at, zone) for at in season.freed_at)
    return Filled(sum(family.wants for family in lucky), len(lucky), night)


def with_a_fixed_window(
    season: Season, window: timedelta, *, starts_at: datetime, zone: str
) -> Filled:
    """One after the other is asked, at any hour, and has so long to answer."""
    queue = iter(season.families)
    used = asked = night = 0
    for freed_at in season.freed_at:
        at: datetime | None = freed_at
        while at is not None and at < starts_at and (family := next(queue, None)):
            asked += 1
            night += not is_waking(at, zone)
            end = min(at + window, starts_at)
            answer = family.answers_at(at, zone)
            in_time = answer is not None and answer < end
            used += in_time and family.wants
            at = None if in_time and family.wants else answer if in_time else end
    return Filled(used, asked, night)


def in_strict_order(beds: Mapping[bool, int], queue: Iterable[bool]) -> int:
    """How many beds are filled where the first girl (True) or boy who does not fit stops all."""
    left, filled = dict(beds), 0
    for girl in queue:
        if not left[girl]:
            break
        left[girl] -= 1
        filled += 1
    return filled
