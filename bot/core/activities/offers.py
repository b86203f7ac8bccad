"""Offers: how long one stands, when to remind, and when several are asked at once.

open --yes--> accepted             --a quicker family--> taken
 |----no----> declined             --nobody receives it-> undeliverable
 '--too late-> expired             --called off---------> withdrawn
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.activities.hours import after_waking, last_waking, next_waking
from bot.core.activities.values import Activity

# The nearer the start, the shorter a place may stay empty; (more than so long before, so long).
WINDOWS = (
    (timedelta(days=10), timedelta(hours=48)),
    (timedelta(days=5), timedelta(hours=24)),
    (timedelta(days=2), timedelta(hours=12)),
)
WAKING = timedelta(hours=4)  # of waking time, in the last days and at least in any window
SHORTEST = timedelta(minutes=30)  # with less time than this a coordinator had better phone
RACE = timedelta(days=5)
ASKED_AT_ONCE = 3


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    TAKEN = "taken"
    UNDELIVERABLE = "undeliverable"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Offer:
    """To one unit. `racing`: others are asked for the same place, the first yes wins."""

    id: int
    activity_id: int
    unit_id: int
    racing: bool
    made_at: datetime
    remind_at: datetime | None
    ends_at: datetime
    state: OfferState = OfferState.OPEN
    reminded_at: datetime | None = None


def ends_at(made_at: datetime, activity: Activity) -> datetime | None:
    """Within waking hours; None where too little time is left. Made in waking hours, too."""
    end = after_waking(made_at, WAKING, activity.zone)
    left = activity.starts_at - made_at
    window = next((window for before, window in WINDOWS if left > before), None)
    if window is not None:
        end = max(end, next_waking(made_at + window, activity.zone))
    last_call = last_waking(activity.starts_at, activity.zone)
    end = min(end, last_call)
    return end if end - made_at >= SHORTEST else None


def remind_at(made_at: datetime, end: datetime, zone: str) -> datetime | None:
    """At half-time; None where that falls into a night before the end."""
    half = next_waking(made_at + (end - made_at) / 2, zone)
    return half if half < end else None


def asked_at_once(now: datetime, activity: Activity) -> int:
    return ASKED_AT_ONCE if activity.starts_at - now <= RACE else 1
