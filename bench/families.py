"""Families on a waiting list, as an experiment of thought: who answers, when, and who would come.

The shares are assumptions, not observations: 15 in 100 never answer, the others after a median of
three waking hours with a heavy tail, and 60 in 100 would still take the place.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.activities.hours import after_waking

NEVER_ANSWER = 0.15
STILL_WANT_IT = 0.6
MEDIAN_HOURS, SPREAD = 3.0, 1.4  # of a log-normal wait: one in ten takes 18 waking hours or more
DAYS = 21  # before the start, in which places become free
FREED, WAITING = 8, 48
GIRLS = 0.7  # of the list


@dataclass(frozen=True, slots=True)
class Family:
    wants: bool
    wait: timedelta | None  # waking time until an answer; None: there is none

    def answers_at(self, asked_at: datetime, zone: str) -> datetime | None:
        return None if self.wait is None else after_waking(asked_at, self.wait, zone)


@dataclass(frozen=True, slots=True)
class Season:
    """One camp: when places become free, and who waits for them, in their order."""

    freed_at: Sequence[datetime]
    families: Sequence[Family]


def season(seed: int, starts_at: datetime) -> Season:
    """The same seed is the same season for every policy."""
    chance = random.Random(seed)  # noqa: S311 - an experiment that can be repeated
    freed = sorted(starts_at - timedelta(days=chance.uniform(0, DAYS)) for _ in range(FREED))
    return Season(freed, [_family(chance) for _ in range(WAITING)])


def _family(chance: random.Random) -> Family:
    answers = chance.random() >= NEVER_ANSWER
    hours = MEDIAN_HOURS * chance.lognormvariate(0, SPREAD)
    return Family(
        wants=chance.random() < STILL_WANT_IT,
        wait=timedelta(hours=hours) if answers else None,
    )
