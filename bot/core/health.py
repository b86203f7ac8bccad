"""Health: what /health says of this process, and when it says that somebody must look.

Nothing personal and no secret: whoever reaches the port may read it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.ports import Clock, Store, StoreUnavailableError

SILENCE = timedelta(seconds=120)  # a poll comes back after 25
CONFLICT = timedelta(seconds=60)
OVERDUE = timedelta(minutes=15)


class Role(StrEnum):
    STARTING = "starting"
    LEADING = "leading"
    STANDBY = "standby"


@dataclass(frozen=True, slots=True)
class Receiving:
    """How updates come in, as far as the leader knows."""

    since: datetime  # when it began
    polling: bool
    last: datetime | None = None  # the last poll that Telegram answered
    conflict_since: datetime | None = None  # another instance polls with our token
    webhook_trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    role: Role
    why: str | None = None
    receiving: Receiving | None = None  # the leader's


@dataclass(frozen=True, slots=True)
class Backlog:
    inbox: int  # updates that wait
    oldest_due: datetime | None  # of the deliveries nobody is at work on


class HealthRecords(Protocol):
    async def backlog(self, now: datetime) -> Backlog: ...


@dataclass(frozen=True, slots=True)
class Report:
    troubles: tuple[str, ...]  # empty: all is well
    facts: Mapping[str, object]


async def examine(store: Store[HealthRecords], standing: Standing, clock: Clock) -> Report:
    now = clock.now()
    try:
        async with store.reading() as records:
            backlog: Backlog | None = await records.backlog(now)
    except StoreUnavailableError:
        backlog = None
    return report(standing, backlog, now)


def report(standing: Standing, backlog: Backlog | None, now: datetime) -> Report:
    """`backlog` None: the database does not answer."""
    receiving = standing.receiving
    facts: dict[str, object] = {"role": standing.role.value}
    if standing.why:
        facts["why"] = standing.why
    if receiving:
        facts["receives_by"] = "polling" if receiving.polling else "webhook"
        facts["seconds_since_receiving"] = _seconds(receiving.last, now)
    if backlog:
        facts["inbox_waiting"] = backlog.inbox
        facts["oldest_due_delivery_seconds"] = _seconds(backlog.oldest_due, now)
    return Report(tuple(_troubles(standing, backlog, now)), facts)


def _troubles(standing: Standing, backlog: Backlog | None, now: datetime) -> Iterator[str]:
    if standing.role is Role.STARTING:
        yield "not ready yet"
    if backlog is None:
        yield "the database does not answer"
    elif backlog.oldest_due and now - backlog.oldest_due > OVERDUE:
        yield "deliveries are overdue by more than 15 minutes"
    if standing.receiving:
        yield from _deaf(standing.receiving, now)


def _deaf(receiving: Receiving, now: datetime) -> Iterator[str]:
    if receiving.webhook_trouble:
        yield receiving.webhook_trouble
    if not receiving.polling:
        return
    if receiving.conflict_since and now - receiving.conflict_since > CONFLICT:
        yield "another instance polls with the same token (409)"
    elif now - (receiving.last or receiving.since) > SILENCE:
        yield "nothing was received from Telegram for more than 120 seconds"


def _seconds(at: datetime | None, now: datetime) -> int | None:
    return None if at is None else round((now - at).total_seconds())
