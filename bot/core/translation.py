"""Translations: human memory first, then the engines in turn, else the original for now.

    missing --item kept--> queued (version 0) --memory or engine--> human | machine (version 1…)
                           queued --every engine failed--> queued, due later and later

Whoever was sent the original meanwhile gets it edited: the ledger rows for that are born in the
transaction that stores the translation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.core import news_decisions
from bot.core.memory import segment_hash
from bot.core.news import NewsItem, Origin, Translation
from bot.core.news_decisions import DecisionRecords
from bot.core.news_entry import paragraphs
from bot.core.ports import Clock, Store
from bot.core.together import all_of
from bot.core.translation_engine import Engine, EngineFailed

WAITS = tuple(timedelta(seconds=s) for s in (10, 20, 60, 300, 900, 3600))
HUMAN = "human"
AT_ONCE = 4  # items on their way to the engines at the same time


@dataclass(frozen=True, slots=True)
class Remembered:
    text: str
    human: bool


@dataclass(frozen=True, slots=True)
class HumanSegment:
    """The same segment in several languages; hashes by language, texts by language."""

    hashes: Mapping[str, str]
    texts: Mapping[str, str]


class TranslationRecords(DecisionRecords, Protocol):
    async def due_translations(
        self, now: datetime, limit: int
    ) -> Sequence[tuple[NewsItem, Translation]]: ...
    async def recall(
        self, source: str, target: str, hashes: Sequence[str]
    ) -> Mapping[str, Remembered]:
        """By hash; a human's words win over an engine's."""
        ...

    async def remember(
        self, source: str, target: str, texts: Mapping[str, str], origin: str, *, at: datetime
    ) -> None:
        """`texts` by hash of their source; an earlier text of the same origin is replaced."""
        ...

    async def set_translation(self, translation: Translation, *, at: datetime) -> None: ...
    async def postpone_translation(
        self, translation: Translation, *, due_at: datetime, attempts: int
    ) -> None: ...


async def translate_due(
    store: Store[TranslationRecords], engines: Sequence[Engine], clock: Clock
) -> int:
    """Returns how many were tried: those that failed are due later, so 0 comes in the end."""
    async with store.reading() as records:
        due = await records.due_translations(clock.now(), AT_ONCE)
    await all_of(_translate(store, engines, item, wanted, clock) for item, wanted in due)
    return len(due)


async def teach(
    store: Store[TranslationRecords], segments: Sequence[HumanSegment], clock: Clock
) -> int:
    """Human translations from the configuration go into the memory; may be repeated."""
    pairs: dict[tuple[str, str], dict[str, str]] = {}
    for segment in segments:
        for source, key in segment.hashes.items():
            for target, text in segment.texts.items():
                if source != target:
                    pairs.setdefault((source, target), {})[key] = text
    async with store.transaction() as records:
        for (source, target), texts in pairs.items():
            await records.remember(source, target, texts, HUMAN, at=clock.now())
    return sum(len(texts) for texts in pairs.values())


async def _translate(
    store: Store[TranslationRecords],
    engines: Sequence[Engine],
    item: NewsItem,
    wanted: Translation,
    clock: Clock,
) -> None:
    segments = [item.title, *paragraphs(item.lead)]
    hashes = [segment_hash(segment) for segment in segments]
    async with store.reading() as records:
        known = dict(await records.recall(item.language, wanted.language, hashes))
    missing = {h: s for h, s in zip(hashes, segments, strict=True) if h not in known}
    try:
        engine, fresh = await _ask(engines, missing, item.language, wanted.language)
    except Exception:
        await _postpone(store, wanted, clock)
        raise
    if len(fresh) < len(missing):
        await _postpone(store, wanted, clock)
        return
    complete = {h: r.text for h, r in known.items()} | fresh
    now = clock.now()
    async with store.transaction() as records:
        await records.hold_news(item.id)
        if fresh:
            await records.remember(item.language, wanted.language, fresh, engine, at=now)
        human = not fresh and all(r.human for r in known.values())
        title, *lead = [complete[h] for h in hashes]
        await records.set_translation(
            Translation(
                item.id,
                wanted.language,
                title,
                "\n\n".join(lead),
                Origin.HUMAN if human else Origin.MACHINE,
                wanted.version + 1,
                wanted.attempts + 1,
            ),
            at=now,
        )
        original = (item.id, wanted.language.value, wanted.version)
        await news_decisions.follow_up(records, [original], now=now)


async def _postpone(store: Store[TranslationRecords], wanted: Translation, clock: Clock) -> None:
    later = clock.now() + WAITS[min(wanted.attempts, len(WAITS) - 1)]
    async with store.transaction() as records:
        await records.postpone_translation(wanted, due_at=later, attempts=wanted.attempts + 1)


async def _ask(
    engines: Sequence[Engine], missing: Mapping[str, str], source: str, target: str
) -> tuple[str, dict[str, str]]:
    """The first engine that manages all of it; nothing where none does."""
    if not missing:
        return "", {}
    for engine in engines:
        try:
            texts = await engine.translate(list(missing.values()), source=source, target=target)
        except EngineFailed:
            continue
        if len(texts) == len(missing):
            return engine.name, dict(zip(missing, texts, strict=True))
    return "", {}
