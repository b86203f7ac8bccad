"""The inbox: what reached us is written down before Telegram is told that it did.

    received --handled--> done          (the update itself is erased, its number is kept)
             --handler failed--> dead   (an operator can look, until it is erased)

Numbers are remembered one by one: Telegram's may jump backwards after a quiet week.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

NUMBERS_KEPT = timedelta(hours=48)  # Telegram itself forgets after 24


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


class InboxRecords(Protocol):
    async def receive(self, updates: Sequence[Incoming], *, at: datetime) -> Sequence[Incoming]:
        """Returns those that are new, in order."""
        ...

    async def waiting(self) -> Sequence[Incoming]: ...
    async def finish(self, update_id: int, state: InboxState, error: str | None) -> None: ...
