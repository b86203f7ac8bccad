"""News items, how they are recognised, their topics and translations."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Row,
    exists,
    insert,
    select,
    update,
)

from bot.core.news import NewsItem, NewsState, Origin, Translation
from bot.core.news_decisions import Newest
from bot.core.people import ALL_TOPICS, Language
from storage.queries import Queries
from storage.tables import (
    news,
    news_keys,
    news_topics,
    translations,
)

UNDECIDED = (NewsState.FOUND.value, NewsState.HELD.value)


class NewsQueries(Queries):
    async def known_news(self, keys: Sequence[str]) -> int | None:
        await self._lock("news")
        found: int | None = await self._connection.scalar(
            select(news_keys.c.news_id).where(news_keys.c.key.in_(keys)).limit(1)
        )
        return found

    async def add_news(
        self, item: NewsItem, keys: Sequence[str], missing: Sequence[Language], *, now: datetime
    ) -> None:
        await self._connection.execute(
            insert(news).values(
                id=item.id,
                source=item.source,
                url=item.url,
                title=item.title,
                lead=item.lead,
                language=item.language,
                published_on=item.published_on,
                dated_at=item.dated_at,
                found_at=now,
                state=item.state.value,
                notify=item.notify,
            )
        )
        await self._connection.execute(
            insert(news_keys), [{"key": key, "news_id": item.id} for key in keys]
        )
        for rows, table in (
            ([{"news_id": item.id, "topic": topic} for topic in item.topics], news_topics),
            ([_queued(item.id, language, now) for language in missing], translations),
        ):
            if rows:
                await self._connection.execute(insert(table), rows)

    async def news_item(self, news_id: int) -> NewsItem | None:
        return next(iter(await self.news_items([news_id])), None)

    async def news_items(self, news_ids: Sequence[int]) -> list[NewsItem]:
        """In the order asked for; those that are gone are left out."""
        found = await self._connection.execute(select(news).where(news.c.id.in_(news_ids)))
        topics = await self._topics_of(news_ids)
        items = {row.id: _item(row, topics.get(row.id, ())) for row in found}
        return [items[news_id] for news_id in news_ids if news_id in items]

    async def translations_of(
        self, news_ids: Sequence[int]
    ) -> Mapping[tuple[int, str], Translation]:
        found = await self._connection.execute(
            select(translations).where(translations.c.news_id.in_(news_ids))
        )
        return {(row.news_id, row.language): translation_of(row) for row in found}

    async def ask_to_notify(self, news_id: int) -> None:
        await self._connection.execute(
            update(news)
            .where(news.c.id == news_id, news.c.state.in_(UNDECIDED))
            .values(notify=True)
        )

    async def decide_news(self, news_id: int, state: NewsState, *, notify: bool) -> bool:
        decided = await self._connection.execute(
            update(news)
            .where(news.c.id == news_id, news.c.state.in_(UNDECIDED))
            .values(state=state.value, notify=notify)
        )
        return decided.rowcount == 1

    async def news_ready(self) -> Sequence[int]:
        untried = exists().where(
            translations.c.news_id == news.c.id,
            translations.c.version == 0,
            translations.c.attempts == 0,
        )
        found = await self._connection.scalars(
            select(news.c.id)
            .where(news.c.state == NewsState.FOUND.value, ~untried)
            .order_by(news.c.dated_at, news.c.id)
        )
        return found.all()

    async def held_news(self) -> Sequence[int]:
        found = await self._connection.scalars(
            select(news.c.id)
            .where(news.c.state == NewsState.HELD.value)
            .order_by(news.c.dated_at, news.c.id)
        )
        return found.all()

    async def latest_news(
        self, topics: frozenset[str], *, skip: int, limit: int
    ) -> Sequence[NewsItem]:
        wanted = select(news.c.id).where(news.c.state == NewsState.RELEASED.value)
        if ALL_TOPICS not in topics:
            wanted = wanted.where(
                exists().where(news_topics.c.news_id == news.c.id, news_topics.c.topic.in_(topics))
            )
        found = await self._connection.scalars(
            wanted.order_by(news.c.dated_at.desc(), news.c.id.desc()).offset(skip).limit(limit)
        )
        return await self.news_items(found.all())

    async def withdraw_news(self, news_id: int) -> bool:
        withdrawn = await self._connection.execute(
            update(news)
            .where(news.c.id == news_id, news.c.state == NewsState.RELEASED.value)
            .values(state=NewsState.WITHDRAWN.value)
        )
        return withdrawn.rowcount == 1

    async def hold_news(self, news_id: int) -> None:
        await self._lock(f"news {news_id}")

    async def newest_of(self, news_ids: Sequence[int]) -> Mapping[int, Newest]:
        for news_id in news_ids:
            await self.hold_news(news_id)
        found = await self._connection.execute(
            select(news.c.id, news.c.state, translations.c.language, translations.c.version)
            .outerjoin(translations, translations.c.news_id == news.c.id)
            .where(news.c.id.in_(news_ids))
        )
        states: dict[int, str] = {}
        versions: dict[int, dict[str, int]] = {}
        for news_id, state, language, version in found:
            states[news_id] = state
            versions.setdefault(news_id, {}).update({language: version} if language else {})
        return {n: Newest(NewsState(state), versions[n]) for n, state in states.items()}

    async def _topics_of(self, news_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        found = await self._connection.execute(
            select(news_topics)
            .where(news_topics.c.news_id.in_(news_ids))
            .order_by(news_topics.c.topic)
        )
        topics: dict[int, tuple[str, ...]] = {}
        for row in found:
            topics[row.news_id] = (*topics.get(row.news_id, ()), row.topic)
        return topics


def translation_of(row: Row[Any]) -> Translation:
    return Translation(
        row.news_id,
        Language(row.language),
        row.title,
        row.lead,
        Origin(row.origin),
        row.version,
        row.attempts,
    )


def _queued(news_id: int, language: Language, now: datetime) -> dict[str, object]:
    return {
        "news_id": news_id,
        "language": language.value,
        "origin": Origin.FOLLOWS.value,
        "due_at": now,
    }


def _item(row: Row[Any], topics: tuple[str, ...]) -> NewsItem:
    return NewsItem(
        row.id,
        row.source,
        row.url,
        row.title,
        row.lead,
        row.language,
        row.published_on,
        row.dated_at,
        NewsState(row.state),
        row.notify,
        topics,
    )
