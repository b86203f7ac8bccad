"""People: the language they read, the topics they follow, and whether they want messages now.

(new) --/start--> active <--one tap-- stopped
                  active --/stop--> stopped
                  active --/pause--> paused --time or one tap--> active
any --403 from Telegram--> blocked --they write or unblock--> as before
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.ids import new_id
from bot.core.ports import Clock, Store

ALL_TOPICS = "*"  # follows topics that do not exist yet, too
UNTIL_I_SAY = datetime(9999, 1, 1, tzinfo=UTC)
PAUSE = timedelta(days=7)


class Language(StrEnum):
    DE = "de"
    UK = "uk"

    @property
    def own_name(self) -> str:
        """As its speakers call it: what the very first question shows."""
        return {"de": "Deutsch", "uk": "Українська"}[self]


class Role(StrEnum):
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Person:
    """A Telegram account. No name is kept: nothing needs it yet."""

    id: int
    telegram_id: int
    language: Language | None  # None: not asked yet
    topics: frozenset[str]
    paused_until: datetime | None = None  # aware UTC; UNTIL_I_SAY has no end
    stopped_at: datetime | None = None
    blocked_at: datetime | None = None

    def wants_messages(self, now: datetime) -> bool:
        paused = self.paused_until is not None and self.paused_until > now
        return self.language is not None and not (self.stopped_at or self.blocked_at or paused)

    def follows(self, topic: str) -> bool:
        return topic in self.topics or ALL_TOPICS in self.topics


def chosen_with(
    chosen: frozenset[str], topic: str, known: Iterable[str], *, wanted: bool
) -> frozenset[str]:
    """The choice after one tap. Unticking one of "all" leaves the others, one by one."""
    if wanted:
        return chosen if ALL_TOPICS in chosen else chosen | {topic}
    explicit = frozenset(known) if ALL_TOPICS in chosen else chosen
    return explicit - {topic}


def pause_end(person: Person, wanted: datetime, now: datetime) -> datetime:
    """A pause that runs is not moved by a tap that is handled again, be it days later."""
    current = person.paused_until
    if current is not None and now < current < UNTIL_I_SAY and wanted < UNTIL_I_SAY:
        return current
    return wanted


class PeopleRecords(Protocol):
    async def person_of(self, telegram_id: int) -> Person | None: ...
    async def locked_person(self, telegram_id: int) -> Person | None:
        """Nobody else changes this person until the transaction is over."""
        ...

    async def add_person(self, person: Person, *, at: datetime) -> None:
        """Does nothing where the Telegram account is known already."""
        ...

    async def set_language(self, person_id: int, language: Language) -> None: ...
    async def set_topics(self, person_id: int, topics: frozenset[str]) -> None: ...
    async def set_paused(self, person_id: int, until: datetime | None) -> None: ...
    async def set_stopped(self, person_id: int, at: datetime | None) -> None: ...
    async def set_blocked(self, telegram_id: int, at: datetime | None) -> None: ...


async def meet(store: Store[PeopleRecords], telegram_id: int, clock: Clock) -> Person:
    """The person behind an account; a new one is remembered, one who had blocked us is back."""
    async with store.reading() as records:
        person = await records.person_of(telegram_id)
    if person and person.blocked_at is None:
        return person
    async with store.transaction() as records:
        if person is None:
            newcomer = Person(new_id(), telegram_id, None, frozenset())
            await records.add_person(newcomer, at=clock.now())
        await records.set_blocked(telegram_id, None)
        met = await records.person_of(telegram_id)
    if met is None:
        raise LookupError("a person who has just been added is not there")
    return met


async def choose_language(store: Store[PeopleRecords], person_id: int, language: Language) -> None:
    async with store.transaction() as records:
        await records.set_language(person_id, language)


async def want_topic(
    store: Store[PeopleRecords],
    telegram_id: int,
    topic: str,
    known: Iterable[str],
    *,
    wanted: bool,
) -> frozenset[str]:
    """Returns the new choice. Read and written in one transaction: two quick taps both count,
    and the same tap again changes nothing.
    """
    async with store.transaction() as records:
        person = await records.locked_person(telegram_id)
        if person is None:
            return frozenset()
        chosen = chosen_with(person.topics, topic, known, wanted=wanted)
        if chosen != person.topics:
            await records.set_topics(person.id, chosen)
    return chosen


async def follow(store: Store[PeopleRecords], person_id: int, topics: frozenset[str]) -> None:
    """All or none; may be repeated."""
    async with store.transaction() as records:
        await records.set_topics(person_id, topics)


async def pause(store: Store[PeopleRecords], person_id: int, until: datetime) -> None:
    async with store.transaction() as records:
        await records.set_paused(person_id, until)


async def stop(store: Store[PeopleRecords], person_id: int, clock: Clock) -> None:
    """May be repeated: who has stopped stays stopped. What ends it is a later update."""
    async with store.transaction() as records:
        await records.set_stopped(person_id, clock.now())


async def resume(store: Store[PeopleRecords], person_id: int) -> None:
    """Ends a pause and a stop alike: the one tap back. May be repeated."""
    async with store.transaction() as records:
        await records.set_stopped(person_id, None)
        await records.set_paused(person_id, None)


async def note_blocked(store: Store[PeopleRecords], telegram_id: int, clock: Clock) -> None:
    async with store.transaction() as records:
        await records.set_blocked(telegram_id, clock.now())


async def note_returned(store: Store[PeopleRecords], telegram_id: int) -> None:
    async with store.transaction() as records:
        await records.set_blocked(telegram_id, None)
