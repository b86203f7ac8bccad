"""The privacy registry: every table, what it keeps about a person, how long, and how it goes.

A test fails for a table that is not named here. /mydata and /deleteme walk this list, and the
nightly sweep erases what has been kept long enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core import audit
from bot.core.conversations import KEPT
from bot.core.inbox import NUMBERS_KEPT
from bot.core.people import Person
from bot.core.ports import Clock, Store

PROOF_KEPT = timedelta(days=3 * 365)  # as long as somebody may ask why, and what was attended


class Erasure(StrEnum):
    DELETE = "delete"
    KEEP_NUMBER = "keep number"  # an id that leads to nobody once the person's row is gone
    NOTHING = "nothing"  # holds nothing about a person


@dataclass(frozen=True, slots=True)
class Holding:
    """What one table keeps. `person` names its column with the person's id ("telegram_id" for
    the account), None where it has none. `age` names the column from which `keep` counts.
    `sealed` is the encrypted column that /mydata opens.
    """

    table: str
    purpose: str
    erasure: Erasure
    person: str | None = None
    age: str | None = None
    keep: timedelta | None = None  # None: as long as the person stays
    sealed: str | None = None


REGISTRY = (
    Holding("follows", "the topics you chose", Erasure.DELETE, "person_id"),
    Holding(
        "deliveries",
        "which messages we sent you",
        Erasure.DELETE,
        "person_id",
        "created_at",
        timedelta(days=180),
    ),
    Holding(
        "roles",
        "what you may do as a coordinator",
        Erasure.DELETE,
        "person_id",
        "expires_at",
        timedelta(days=0),
    ),
    Holding(
        "inbox",
        "your messages, until they are answered",
        Erasure.DELETE,
        "telegram_id",
        "received_at",
        NUMBERS_KEPT,
    ),
    Holding(
        "conversations",
        "the form you have begun",
        Erasure.DELETE,
        "person_id",
        "touched_at",
        KEPT,
        sealed="answers",
    ),
    Holding(
        "feedback",
        "what you told us about this bot",
        Erasure.DELETE,
        "person_id",
        "created_at",
        timedelta(days=365),
        sealed="words",
    ),
    Holding("campaigns", "who sent something to many", Erasure.KEEP_NUMBER, "author_id"),
    Holding("audit", "decisions of coordinators", Erasure.KEEP_NUMBER, "actor_id"),
    Holding(
        "sign_ups",
        "sign-ups you made, by numbers without names",
        Erasure.KEEP_NUMBER,
        "actor_id",
        "created_at",
        PROOF_KEPT,
    ),
    Holding(
        "receipts",
        "why a sign-up was decided as it was",
        Erasure.KEEP_NUMBER,
        "actor_id",
        "at",
        PROOF_KEPT,
    ),
    Holding("persons", "your account, language and pauses", Erasure.DELETE, "id"),
    Holding("sources", "where news come from", Erasure.NOTHING),
    Holding("news", "published news", Erasure.NOTHING),
    Holding("news_keys", "how news are recognised", Erasure.NOTHING),
    Holding("news_topics", "topics of news", Erasure.NOTHING),
    Holding("translations", "translations of news", Erasure.NOTHING),
    Holding("memory", "translated sentences of news", Erasure.NOTHING),
    Holding(
        "alerts",
        "what operators were told of",
        Erasure.NOTHING,
        age="at",
        keep=timedelta(days=180),
    ),
    Holding("leases", "which process leads", Erasure.NOTHING),
    Holding("marks", "what the bot notes about itself", Erasure.NOTHING),
    Holding("activities", "camps and drives", Erasure.NOTHING),
    Holding("slots", "places of camps and drives", Erasure.NOTHING),
    Holding("lotteries", "promised seeds of lotteries", Erasure.NOTHING),
    Holding(
        "offers",
        "which places were offered, and until when",
        Erasure.NOTHING,
        age="made_at",
        keep=PROOF_KEPT,
    ),
    Holding(
        "tells",
        "what households were to hear",
        Erasure.NOTHING,
        age="due_at",
        keep=timedelta(days=180),
    ),
    Holding("alembic_version", "the version of the schema", Erasure.NOTHING),
)


class PrivacyRecords(audit.AuditRecords, Protocol):
    async def held_about(
        self, person: Person, holding: Holding
    ) -> Sequence[Mapping[str, object]]: ...
    async def erase(self, person: Person, holding: Holding) -> int: ...
    async def expire(self, holding: Holding, *, before: datetime) -> int: ...


async def everything_about(
    store: Store[PrivacyRecords], person: Person
) -> dict[str, Sequence[Mapping[str, object]]]:
    """All rows by table, for /mydata; tables without a row about the person are left out."""
    async with store.reading() as records:
        found = {
            holding.table: await records.held_about(person, holding)
            for holding in REGISTRY
            if holding.person
        }
    return {table: rows for table, rows in found.items() if rows}


async def forget(store: Store[PrivacyRecords], person: Person, clock: Clock) -> int:
    """Erases the person everywhere, in one transaction; returns how many rows went.

    May be repeated: what is gone is not erased, and not audited, again.
    """
    gone = 0
    async with store.transaction() as records:
        for holding in REGISTRY:
            if holding.erasure is Erasure.DELETE:
                went = await records.erase(person, holding)
                gone += went
        if gone:
            await audit.note(
                records,
                at=clock.now(),
                actor_id=person.id,
                action="erase person",
                subject=f"person {person.id}",
            )
    return gone


async def sweep(store: Store[PrivacyRecords], clock: Clock) -> dict[str, int]:
    """Erases what has been kept long enough; rows gone by table."""
    gone: dict[str, int] = {}
    async with store.transaction() as records:
        for holding in REGISTRY:
            if holding.keep is not None and holding.age is not None:
                gone[holding.table] = await records.expire(
                    holding, before=clock.now() - holding.keep
                )
    return gone
