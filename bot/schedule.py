"""Everything periodic, one table: what, and how often in seconds."""

from collections.abc import Sequence

import httpx

from bot import __version__
from bot.config import Configuration
from bot.core import campaigns, delivery, news_decisions, privacy, sources, translation
from bot.core.news_entry import FeedAnswer
from bot.core.ports import Clock, Store
from bot.core.records import Records
from bot.core.sources import Source, Visits
from bot.core.translation_engine import Engine
from bot.runner import Job

USER_AGENT = f"Brueckenbot/{__version__} (news of a city partnership; one request at a time)"


def jobs(
    store: Store[Records],
    configuration: Configuration,
    *,
    reader: sources.FeedReader,
    engines: Sequence[Engine],
    clock: Clock,
) -> list[Job]:
    """In the order in which news travel. Language detection is imported when a feed is read."""

    async def collect() -> int:
        from bot.outside.language import detect_language

        return await sources.collect_due(
            store,
            reader,
            configuration.sources,
            configuration.partnership,
            detect=detect_language,
            targets=configuration.targets,
            clock=clock,
        )

    async def sweep() -> int:
        await privacy.sweep(store, clock)
        return 0

    return [
        Job("collect news", 1, collect),
        Job("translate", 1, lambda: translation.translate_due(store, engines, clock)),
        Job("release", 1, lambda: news_decisions.release_ready(store, clock)),
        Job("fill campaigns", 0.5, lambda: campaigns.tend(store, clock)),
        Job("recover claims", 30, lambda: delivery.recover(store, clock)),
        Job("erase what is old", 3600, sweep),
    ]


class FeedReader:
    """The port of bot.core.sources over bot.outside.feeds, imported when a feed is read."""

    def __init__(self, client: httpx.AsyncClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def read(self, source: Source, visits: Visits) -> FeedAnswer:
        from bot.outside import feeds

        return await feeds.read(
            self._client,
            visits.url,
            user_agent=USER_AGENT,
            language=source.language,
            zone=source.zone,
            now=self._clock.now(),
            etag=visits.etag,
            last_modified=visits.last_modified,
            private_network=source.private_network,
        )
