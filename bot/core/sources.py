"""Sources: where news come from, and the visit that turns their entries into items."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from bot.core import news, relevance
from bot.core.courtesy import courteously
from bot.core.ids import new_id
from bot.core.news import NewsState
from bot.core.news_entry import (
    Entry,
    FeedAnswer,
    FeedBusy,
    FeedFailed,
    FeedGone,
    FeedProblem,
    FeedRead,
    FeedUnchanged,
    lead,
)
from bot.core.news_identity import identity_keys
from bot.core.partnership import Partnership
from bot.core.people import Language
from bot.core.ports import Clock, Store
from bot.core.text import clean, one_line

LanguageDetector = Callable[[str, str, str | None], str | None]
Known = tuple[news.NewsItem, tuple[str, ...]]  # with the keys it is recognised by

LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    name: Mapping[str, str]
    url: str
    language: str
    zone: str  # IANA: what dates without an offset mean
    every: timedelta
    publishes: bool  # False: every item is held for a coordinator
    about_all: bool  # False: only items that name both cities
    names_city: Literal["home", "partner", ""]  # a city its texts need not name
    private_network: bool = False  # only the sandbox's news site lives on this machine


@dataclass(frozen=True, slots=True)
class Visits:
    """What we remember of a source between visits."""

    source: str
    configured_url: str
    url: str  # the same, or where the source has moved to for good
    etag: str | None = None
    last_modified: str | None = None
    first_read_at: datetime | None = None  # None: never read with success
    next_due: datetime | None = None  # None: at once
    failures: int = 0
    problem: str | None = None


class FeedReader(Protocol):
    async def read(self, source: Source, visits: Visits) -> FeedAnswer: ...


class SourceRecords(news.NewsRecords, Protocol):
    async def visits(self) -> Mapping[str, Visits]: ...
    async def set_visits(self, visits: Visits) -> None: ...


async def collect_due(
    store: Store[SourceRecords],
    reader: FeedReader,
    sources: Sequence[Source],
    partnership: Partnership,
    *,
    detect: LanguageDetector,
    targets: Sequence[Language],
    clock: Clock,
) -> int:
    """Visits each source that is due, one after the other; returns how many items are new.

    A source that breaks in a way nobody foresaw is due later, like one that failed; the others
    are visited all the same, then an ExceptionGroup tells of it.
    """
    async with store.reading() as records:
        known = await records.visits()
    found, faults = 0, list[Exception]()
    for source in sources:
        visits = _visits_of(source, known.get(source.id))
        if visits.next_due is None or visits.next_due <= clock.now():
            try:
                answer = await reader.read(source, visits)
                # Hundreds of texts take a second: whoever taps a button need not wait for that.
                items = await asyncio.to_thread(
                    _items, answer, source, visits, partnership, detect=detect, now=clock.now()
                )
                found += await _settle_visit(
                    store, source, visits, answer, items, targets=targets, now=clock.now()
                )
            except Exception as fault:  # noqa: BLE001 - raised below, when all have had their turn
                faults.append(fault)
                await _put_off(store, source, visits, clock.now())
    if faults:
        raise ExceptionGroup("some sources broke", faults)
    return found


def _visits_of(source: Source, known: Visits | None) -> Visits:
    """Begun anew where the configuration names another address; not silently a second time."""
    if known is None:
        return Visits(source.id, source.url, source.url)
    if known.configured_url == source.url:
        return known
    return Visits(source.id, source.url, source.url, first_read_at=known.first_read_at)


async def _put_off(
    store: Store[SourceRecords], source: Source, visits: Visits, now: datetime
) -> None:
    async with store.transaction() as records:
        failed = FeedFailed(FeedProblem.UNFORESEEN)
        await records.set_visits(after(visits, failed, source, now))


async def _settle_visit(
    store: Store[SourceRecords],
    source: Source,
    visits: Visits,
    answer: FeedAnswer,
    items: Sequence[Known],
    *,
    targets: Sequence[Language],
    now: datetime,
) -> int:
    """New items and the visit itself, in one transaction: a crash repeats the visit whole."""
    found = 0
    async with store.transaction() as records:
        for item, keys in items:
            found += await news.keep(records, item, keys, targets, now) is None
        await records.set_visits(after(visits, answer, source, now))
    return found


def after(visits: Visits, answer: FeedAnswer, source: Source, now: datetime) -> Visits:
    """The next visit: sooner when all is well, later and later while it is not."""
    match answer:
        case FeedRead():
            return replace(
                visits,
                url=answer.moved_to or visits.url,
                etag=answer.etag,
                last_modified=answer.last_modified,
                first_read_at=visits.first_read_at or now,
                next_due=now + source.every,
                failures=0,
                problem=None,
            )
        case FeedUnchanged():
            return replace(visits, next_due=now + source.every, failures=0, problem=None)
        case FeedGone():
            return replace(visits, next_due=now + LONGEST_WAIT, problem="gone")
        case FeedBusy(retry_after):
            wait = max(source.every, timedelta(seconds=retry_after))
            return replace(visits, next_due=now + min(wait, LONGEST_WAIT), problem="busy")
        case FeedFailed(problem, status):
            if problem is FeedProblem.NO_ITEMS:
                # A feed that is still empty has been read: its first item is news.
                read_at = visits.first_read_at or now
                return replace(
                    visits, first_read_at=read_at, next_due=now + source.every, problem=problem
                )
            failures = visits.failures + 1
            wait = min(source.every * 2 ** min(failures, 10), LONGEST_WAIT)
            told = f"{problem} {status}" if status else str(problem)
            return replace(visits, next_due=now + wait, failures=failures, problem=told)


def _items(
    answer: FeedAnswer,
    source: Source,
    visits: Visits,
    partnership: Partnership,
    *,
    detect: LanguageDetector,
    now: datetime,
) -> Sequence[Known]:
    """Feeds begin with the newest, people read the older one first."""
    entries = answer.entries if isinstance(answer, FeedRead) else ()
    return [
        _item_of(_detected(entry, source, detect), source, visits, partnership, now)
        for entry in courteously(reversed(entries))
        if _concerns(entry, source, partnership)
    ]


def _concerns(entry: Entry, source: Source, partnership: Partnership) -> bool:
    if source.about_all:
        return True
    home, partner = partnership.home, partnership.partner
    unsaid = {"home": home, "partner": partner}.get(source.names_city)
    return relevance.about_partnership(entry.title, entry.text, (home, partner), unsaid)


def _detected(entry: Entry, source: Source, detect: LanguageDetector) -> Entry:
    declared = entry.language or source.language
    return replace(entry, language=detect(entry.title, entry.text, declared) or declared)


def _item_of(
    entry: Entry, source: Source, visits: Visits, partnership: Partnership, now: datetime
) -> Known:
    published_on = (
        entry.published_at.astimezone(ZoneInfo(source.zone)).date() if entry.published_at else None
    )
    title = one_line(entry.title, limit=news.TITLE_LIMIT)
    item = news.NewsItem(
        id=new_id(),
        source=source.id,
        url=entry.url,
        title=title,
        lead=lead(clean(entry.text, limit=20_000)),
        language=entry.language or source.language,
        published_on=published_on,
        dated_at=entry.published_at or now,
        state=NewsState.FOUND if source.publishes else NewsState.HELD,
        notify=not news.is_silent(
            entry.published_at, first_import=visits.first_read_at is None, now=now
        ),
        topics=relevance.topics_of(entry.title, entry.text, partnership.topics),
    )
    keys = identity_keys(source.id, guid=entry.guid, url=entry.url, title=title, day=published_on)
    return item, keys
