"""Translations that are due, and the memory of segments."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, update

from bot.core.news import NewsItem, NewsState, Translation
from bot.core.translation import HUMAN, Remembered
from storage.news import NewsQueries, translation_of
from storage.tables import memory, news, translations

GONE = (NewsState.DROPPED.value, NewsState.WITHDRAWN.value)


class TranslationQueries(NewsQueries):
    async def due_translations(
        self, now: datetime, limit: int
    ) -> Sequence[tuple[NewsItem, Translation]]:
        found = await self._connection.execute(
            select(translations)
            .join(news, news.c.id == translations.c.news_id)
            .where(translations.c.due_at <= now, news.c.state.not_in(GONE))
            .order_by(news.c.notify.desc(), translations.c.attempts, translations.c.due_at)
            .limit(limit)
        )
        due = [translation_of(row) for row in found]
        items = {item.id: item for item in await self.news_items([t.news_id for t in due])}
        return [(items[translation.news_id], translation) for translation in due]

    async def recall(
        self, source: str, target: str, hashes: Sequence[str]
    ) -> Mapping[str, Remembered]:
        found = await self._connection.execute(
            select(memory).where(
                memory.c.source_language == source,
                memory.c.target_language == target,
                memory.c.source_hash.in_(hashes),
            )
        )
        remembered: dict[str, Remembered] = {}
        for row in sorted(found, key=lambda row: (row.origin == HUMAN, row.created_at)):
            remembered[row.source_hash] = Remembered(row.target_text, row.origin == HUMAN)
        return remembered

    async def remember(
        self, source: str, target: str, texts: Mapping[str, str], origin: str, *, at: datetime
    ) -> None:
        rows = [
            {
                "source_language": source,
                "target_language": target,
                "source_hash": source_hash,
                "origin": origin,
                "target_text": text,
                "created_at": at,
            }
            for source_hash, text in texts.items()
        ]
        if rows:
            keys = ["source_language", "target_language", "source_hash", "origin"]
            await self._put(memory, rows, keys)

    async def set_translation(self, translation: Translation, *, at: datetime) -> None:
        del at
        await self._connection.execute(
            update(translations)
            .where(_is(translation))
            .values(
                title=translation.title,
                lead=translation.lead,
                origin=translation.origin.value,
                version=translation.version,
                attempts=translation.attempts,
                due_at=None,
            )
        )

    async def postpone_translation(
        self, translation: Translation, *, due_at: datetime, attempts: int
    ) -> None:
        await self._connection.execute(
            update(translations).where(_is(translation)).values(due_at=due_at, attempts=attempts)
        )


def _is(translation: Translation) -> ColumnElement[bool]:
    return and_(
        translations.c.news_id == translation.news_id,
        translations.c.language == translation.language.value,
    )
