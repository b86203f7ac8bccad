"""News items: found, perhaps held for review, released to their followers once.

    found (source publishes) --every language tried--> released --a coordinator--> withdrawn
    held  (source holds)     --a coordinator---------> released | dropped

A silent item is released without telling anyone: it stands under /news. Silent are a source's
first import and whatever is old when we find it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core import audit
from bot.core.people import Language
from bot.core.ports import Store

FRESH = timedelta(days=7)  # older than this when found: nobody is told of it unasked
TITLE_LIMIT, LEAD_LIMIT = 300, 1_500  # UTF-16 units


class NewsState(StrEnum):
    FOUND = "found"
    HELD = "held"
    RELEASED = "released"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"


class Origin(StrEnum):
    """Who wrote the words a reader sees."""

    ORIGINAL = "original"
    HUMAN = "human"
    MACHINE = "machine"
    FOLLOWS = "follows"  # the original for now, the translation is still to come


@dataclass(frozen=True, slots=True)
class NewsItem:
    id: int
    source: str
    url: str | None
    title: str
    lead: str  # paragraphs separated by an empty line
    language: str  # ISO code, not only of the languages we write
    published_on: date | None  # as printed by the source, in its zone
    dated_at: datetime  # aware UTC, for ordering; the time found where the source names none
    state: NewsState
    notify: bool
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """`version` rises with each new text; 0 means there is none yet."""

    news_id: int
    language: Language
    title: str = ""
    lead: str = ""
    origin: Origin = Origin.FOLLOWS
    version: int = 0
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """An item as one language's readers see it."""

    item: NewsItem
    language: Language
    title: str
    lead: str
    origin: Origin
    version: int


def reading_of(item: NewsItem, translation: Translation | None, language: Language) -> Reading:
    if item.language == language:
        return Reading(item, language, item.title, item.lead, Origin.ORIGINAL, 0)
    if translation is None or translation.version == 0:
        return Reading(item, language, item.title, item.lead, Origin.FOLLOWS, 0)
    return Reading(
        item,
        language,
        translation.title,
        translation.lead,
        translation.origin,
        translation.version,
    )


def is_silent(dated: datetime | None, *, first_import: bool, now: datetime) -> bool:
    return first_import or (dated is not None and dated < now - FRESH)


def moment_of(published_at: datetime | None, published_on: date | None) -> datetime | None:
    """Aware UTC; a day without a time counts as its noon, so that it stays that day anywhere."""
    if published_at is None and published_on is not None:
        return datetime.combine(published_on, time(12), UTC)
    return published_at


class NewsRecords(audit.AuditRecords, Protocol):
    async def known_news(self, keys: Sequence[str]) -> int | None:
        """Locks against a second finder until the transaction is over."""
        ...

    async def add_news(
        self, item: NewsItem, keys: Sequence[str], missing: Sequence[Language], *, now: datetime
    ) -> None:
        """With one queued translation for each missing language, due at once."""
        ...

    async def news_item(self, news_id: int) -> NewsItem | None: ...
    async def translations_of(
        self, news_ids: Sequence[int]
    ) -> Mapping[tuple[int, str], Translation]: ...
    async def ask_to_notify(self, news_id: int) -> None:
        """Does nothing once it is decided."""
        ...

    async def decide_news(self, news_id: int, state: NewsState, *, notify: bool) -> bool:
        """False where it was decided before: the row only moves out of found or held."""
        ...

    async def news_ready(self) -> Sequence[int]:
        """Found items of which every translation has been tried at least once, oldest first."""
        ...

    async def held_news(self) -> Sequence[int]: ...
    async def latest_news(
        self, topics: frozenset[str], *, skip: int, limit: int
    ) -> Sequence[NewsItem]: ...


async def keep(
    records: NewsRecords,
    item: NewsItem,
    keys: Sequence[str],
    targets: Iterable[Language],
    now: datetime,
) -> int | None:
    """The id of the item that was known already; None means it is new and has been stored."""
    if known := await records.known_news(keys):
        return known
    missing = [language for language in targets if language != item.language]
    await records.add_news(item, keys, missing, now=now)
    return None


async def latest(
    store: Store[NewsRecords],
    topics: frozenset[str],
    language: Language,
    *,
    skip: int,
    limit: int,
) -> Sequence[Reading]:
    """Newest first. Ask for one more than is shown to know whether there is a next page."""
    async with store.reading() as records:
        items = await records.latest_news(topics, skip=skip, limit=limit)
        translations = await records.translations_of([item.id for item in items])
    return [reading_of(item, translations.get((item.id, language)), language) for item in items]


async def read(store: Store[NewsRecords], news_id: int, language: Language) -> Reading | None:
    """One item as readers of a language see it, in whatever state it is."""
    async with store.reading() as records:
        item = await records.news_item(news_id)
        if item is None:
            return None
        translations = await records.translations_of([news_id])
    return reading_of(item, translations.get((news_id, language)), language)


async def held(
    store: Store[NewsRecords], place: int
) -> tuple[int, Mapping[Language, Reading]] | None:
    """How many are held, and the one at `place` (0 is the oldest) as each language reads it."""
    async with store.reading() as records:
        waiting = await records.held_news()
        if not waiting:
            return None
        item = await records.news_item(waiting[place % len(waiting)])
        if item is None:
            return None
        translations = await records.translations_of([item.id])
    return len(waiting), {
        language: reading_of(item, translations.get((item.id, language)), language)
        for language in Language
    }
