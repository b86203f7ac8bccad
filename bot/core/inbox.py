"""The inbox: what reached us is written down before Telegram is told that it did.

    received --handled---------------------------> done   (erased, its number is kept)
       ^  '---three tries failed, or six times the process died--> dead   (operators are told)
       '--------------an operator puts it back-------------------'

Numbers are remembered one by one: Telegram's may jump backwards after a quiet week.

The contract with whoever handles an update: within a chat updates come one by one, in order, and
the next begins only when the end of the one before is written down. After a crash the last one of
a chat may therefore be handled again, and only that one: what it does must be allowed to repeat.

A try that failed for the update's own sake counts. The first one is not written down, because
that would cost each update a commit; whatever waits at a start is taken to have had it. Every
later one is written down before it begins, so that an update that kills the process ends, too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core import alerts
from bot.core.alerts import AlertKind, AlertRecords
from bot.core.ports import Clock, Store

NUMBERS_KEPT = timedelta(hours=48)  # Telegram itself forgets after 24
TRIES = 3
STARTS = 6  # tries in all, those included during which the process died
WAITS = (0.5, 2.0)  # seconds after the first and the second failed try
PAGE = 200  # updates opened at a time


class InboxState(StrEnum):
    RECEIVED = "received"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update: `chat_id` orders it, `payload` is its JSON (sealed in the store)."""

    update_id: int
    chat_id: int  # 0 where it belongs to no chat
    telegram_id: int | None  # the sender; None where nobody sent it
    payload: str
    tries: int = 0  # begun already
    tap: str | None = None  # what answers it, where it is one; not stored


@dataclass(frozen=True, slots=True)
class Step:
    """What is written down about an update: `received` with the try that begins, or its end."""

    update_id: int
    state: InboxState
    tries: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class DeadUpdate:
    update_id: int
    received_at: datetime
    error: str


class InboxRecords(AlertRecords, Protocol):
    async def receive(self, updates: Sequence[Incoming], *, at: datetime) -> Sequence[Incoming]:
        """Returns those that are new, in order."""
        ...

    async def waiting(self) -> Sequence[int]:
        """Numbers of what is received and not at its end, in order."""
        ...

    async def opened(self, numbers: Sequence[int]) -> Sequence[Incoming]:
        """Of the received ones, in order; what the keys at hand do not open is left out."""
        ...

    async def write_down(self, steps: Sequence[Step]) -> None: ...
    async def dead(self) -> Sequence[DeadUpdate]:
        """Oldest first."""
        ...

    async def put_back(self, number: int | None) -> int:
        """A dead one, or with None all of them; returns how many."""
        ...


def after_a_start(updates: Sequence[Incoming], chats: set[int]) -> list[Incoming]:
    """Of each chat only the first can have begun before: it is taken to have had a try.

    `chats`: those met on earlier pages; added to.
    """
    judged = []
    for one in updates:
        judged.append(one if one.chat_id in chats else replace(one, tries=max(1, one.tries)))
        chats.add(one.chat_id)
    return judged


async def receive(
    store: Store[InboxRecords], updates: Sequence[Incoming], clock: Clock
) -> Sequence[Incoming]:
    """Those that are new, in order. Once this returns Telegram may forget them."""
    now = clock.now()
    return await store.at_once(lambda records: records.receive(updates, at=now))


async def write_down(
    store: Store[InboxRecords], steps: Sequence[Step], *, owners: Collection[int], clock: Clock
) -> None:
    """In one transaction with the alert, where an update is given up."""
    now = clock.now()

    async def written(records: InboxRecords) -> None:
        await records.write_down(steps)
        for step in steps:
            if step.state is InboxState.DEAD:
                error = step.error or ""
                await alerts.sound(records, AlertKind.DEAD_UPDATE, error, owners=owners, now=now)

    await store.at_once(written)


async def left_over(store: Store[InboxRecords], known: Collection[int]) -> list[int]:
    """Numbers of what waits in the store, apart from the `known` ones, in order."""
    async with store.reading() as records:
        return [number for number in await records.waiting() if number not in known]


async def opened(store: Store[InboxRecords], numbers: Sequence[int]) -> Sequence[Incoming]:
    async with store.reading() as records:
        return await records.opened(numbers)
