"""The audit: who decided what, in an order nobody can change unnoticed.

Each entry carries the digest of the one before, so an altered line, or one taken out
of the middle, breaks the chain (the newest can be cut off unseen: keep a copy of its digest).
It names people by id only and holds no text anyone wrote.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.ids import new_id


@dataclass(frozen=True, slots=True)
class AuditEntry:
    id: int
    at: datetime
    actor_id: int | None  # None: the command line or the bot itself
    action: str
    subject: str
    previous: str  # digest of the entry before, "" for the first
    digest: str


def digest(entry_id: int, at: datetime, actor_id: int | None, what: str, previous: str) -> str:
    line = f"{entry_id}|{at.isoformat(timespec='microseconds')}|{actor_id}|{what}|{previous}"
    return hashlib.sha256(line.encode()).hexdigest()


def first_break(entries: Sequence[AuditEntry]) -> AuditEntry | None:
    """The first entry that does not fit, oldest first; None means the chain is whole."""
    previous = ""
    for entry in entries:
        what = f"{entry.action}|{entry.subject}"
        right = digest(entry.id, entry.at, entry.actor_id, what, previous)
        if entry.previous != previous or entry.digest != right:
            return entry
        previous = entry.digest
    return None


class AuditRecords(Protocol):
    async def last_audit(self) -> AuditEntry | None:
        """Locks the end of the chain until the transaction is over."""
        ...

    async def add_audit(self, entry: AuditEntry) -> None: ...


async def note(
    records: AuditRecords, *, at: datetime, actor_id: int | None, action: str, subject: str
) -> None:
    """Part of the transaction whose decision it records."""
    last = await records.last_audit()
    previous = last.digest if last else ""
    # Ids are the order of the chain, even where a machine's clock was set back.
    entry_id = max(new_id(), last.id + 1 if last else 0)
    mark = digest(entry_id, at, actor_id, f"{action}|{subject}", previous)
    await records.add_audit(AuditEntry(entry_id, at, actor_id, action, subject, previous, mark))
