"""Decisions on news: release, reject, withdraw, and what follows for copies that are out already.

found | held --release--> released --withdraw--> withdrawn   (copies are edited, the rest stops)
        held --reject---> dropped
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core import audit, campaigns
from bot.core.campaigns import CampaignRecords
from bot.core.ledger import Kind
from bot.core.news import NewsItem, NewsRecords, NewsState
from bot.core.ports import Clock, Store

NEWS_KEEPS = timedelta(days=3)  # not delivered by then: stale, it stands under /news
EDITS_KEEP = timedelta(days=3)  # a translation that could not be shown by then stays under /news
WITHDRAWAL_KEEPS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Told:
    """The decision took effect; `recipients` ledger rows were born with it. Not `complete`: the
    audience is large, more are on their way.
    """

    recipients: int
    complete: bool = True


class Decided(StrEnum):
    """A refusal: somebody was quicker, or it is too early."""

    UNKNOWN_ITEM = "unknown item"
    ALREADY_RELEASED = "already released"
    ALREADY_DROPPED = "already dropped"
    ALREADY_WITHDRAWN = "already withdrawn"
    NOT_RELEASED = "not released yet"


@dataclass(frozen=True, slots=True)
class Newest:
    """How an item stands: its state, and the version of each translation by language."""

    state: NewsState
    versions: Mapping[str, int]


class DecisionRecords(NewsRecords, CampaignRecords, Protocol):
    async def withdraw_news(self, news_id: int) -> bool:
        """False where it is not released."""
        ...

    async def hold_news(self, news_id: int) -> None:
        """Nobody else decides what follows for this item until the transaction is over."""
        ...

    async def newest_of(self, news_ids: Sequence[int]) -> Mapping[int, Newest]:
        """Holds them, too. Items that are gone are left out."""
        ...


async def release(
    store: Store[DecisionRecords],
    news_id: int,
    *,
    actor_id: int | None,
    clock: Clock,
    notify: bool | None = None,
) -> Told | Decided:
    """One transaction: the state, the ledger rows, the audit. None keeps the item's own notify.

    May be repeated: the second time it is ALREADY_RELEASED and nothing more is sent.
    """
    now = clock.now()
    async with store.transaction() as records:
        item = await records.news_item(news_id)
        if item is None:
            return Decided.UNKNOWN_ITEM
        tell = item.notify if notify is None else notify
        if not await records.decide_news(news_id, NewsState.RELEASED, notify=tell):
            return await _decided(records, news_id)
        told = Told(0)
        if tell:
            queued = await campaigns.begin(
                records, Kind.NEWS, news_id, now=now, keeps=NEWS_KEEPS, author_id=actor_id
            )
            told = Told(queued.rows, queued.complete)
        await _note(records, actor_id, "release news", news_id, now)
    return told


async def reject(
    store: Store[DecisionRecords], news_id: int, *, actor_id: int | None, clock: Clock
) -> Told | Decided:
    async with store.transaction() as records:
        item = await records.news_item(news_id)
        if item is None:
            return Decided.UNKNOWN_ITEM
        if not await records.decide_news(news_id, NewsState.DROPPED, notify=False):
            return await _decided(records, news_id)
        await _note(records, actor_id, "reject news", news_id, clock.now())
    return Told(0)


async def withdraw(
    store: Store[DecisionRecords], news_id: int, *, actor_id: int | None, clock: Clock
) -> Told | Decided:
    """Stops what is still to go out and edits what is out. It no longer stands under /news."""
    now = clock.now()
    async with store.transaction() as records:
        await records.hold_news(news_id)
        item = await records.news_item(news_id)
        if item is None:
            return Decided.UNKNOWN_ITEM
        if not await records.withdraw_news(news_id):
            return _not_withdrawn(item)
        await campaigns.stop_all_of(records, news_id, "withdrawn", now=now)
        queued = await campaigns.begin(
            records,
            Kind.NEWS_WITHDRAWAL,
            news_id,
            now=now,
            keeps=WITHDRAWAL_KEEPS,
            author_id=actor_id,
        )
        await _note(records, actor_id, "withdraw news", news_id, now)
    return Told(queued.rows, queued.complete)


async def release_ready(store: Store[DecisionRecords], clock: Clock) -> int:
    async with store.reading() as records:
        ready = await records.news_ready()
    for news_id in ready:
        await release(store, news_id, actor_id=None, clock=clock)
    return len(ready)


async def follow_up(
    records: DecisionRecords, shown: Collection[tuple[int, str, int]], *, now: datetime
) -> None:
    """Within the caller's transaction: edits and withdrawals for copies that are outdated.

    `shown` holds (news id, language, version of the translation) of copies. Whoever stores a
    translation and whoever settles a copy hold the item first: one after the other, so that
    the second sees what the first wrote.
    """
    newest = await records.newest_of(sorted({news_id for news_id, _, _ in shown}))
    for news_id, item in newest.items():
        if item.state is NewsState.WITHDRAWN:
            await campaigns.begin(
                records, Kind.NEWS_WITHDRAWAL, news_id, now=now, keeps=WITHDRAWAL_KEEPS
            )
    for news_id, version in sorted(_outdated(shown, newest)):
        await campaigns.begin(
            records, Kind.NEWS_EDIT, news_id, version=version, now=now, keeps=EDITS_KEEP
        )


def _outdated(
    shown: Collection[tuple[int, str, int]], newest: Mapping[int, Newest]
) -> set[tuple[int, int]]:
    """Items with the version that copies of them should show."""
    released = {n: item.versions for n, item in newest.items() if item.state is NewsState.RELEASED}
    return {
        (news_id, released[news_id][language])
        for news_id, language, version in shown
        if released.get(news_id, {}).get(language, 0) > version
    }


def _not_withdrawn(item: NewsItem) -> Decided:
    match item.state:
        case NewsState.WITHDRAWN:
            return Decided.ALREADY_WITHDRAWN
        case NewsState.DROPPED:
            return Decided.ALREADY_DROPPED
        case _:
            return Decided.NOT_RELEASED


async def _decided(records: NewsRecords, news_id: int) -> Decided:
    """Read again: what was decided may be younger than what we read first."""
    item = await records.news_item(news_id)
    match item and item.state:
        case NewsState.DROPPED:
            return Decided.ALREADY_DROPPED
        case NewsState.WITHDRAWN:
            return Decided.ALREADY_WITHDRAWN
        case _:
            return Decided.ALREADY_RELEASED


async def _note(
    records: audit.AuditRecords, actor_id: int | None, action: str, news_id: int, now: datetime
) -> None:
    await audit.note(records, at=now, actor_id=actor_id, action=action, subject=f"news {news_id}")
