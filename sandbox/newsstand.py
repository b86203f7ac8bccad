"""Which articles are on the news site, and since when; survives a restart."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox.articles import FOLDER, Article, article, load
from sandbox.news_feeds import Published
from sandbox.store import Store

PLACE = ("news", "site")
HOUR = 3600


class Newsstand:
    def __init__(
        self, store: Store, clock: Callable[[], float] = time.time, folder: Path = FOLDER
    ) -> None:
        self._store = store
        self._clock = clock
        self._files = load(folder)
        if self._store.get(*PLACE) is None:
            self.reset()

    def articles(self) -> list[Article]:
        """In the order of publication; articles that a test added come last."""
        added = [article(values) for values in self._read()["added"].values()]
        replaced = {each.slug for each in added}
        return [each for each in self._files if each.slug not in replaced] + added

    def published(self, language: str | None = None) -> list[Published]:
        """Newest first."""
        dates = self._read()["dates"]
        items = [
            Published(each, *(_moment(date) for date in dates[each.slug]))
            for each in self.articles()
            if each.slug in dates and language in (None, each.language)
        ]
        return sorted(items, key=lambda item: (item.published_at, item.article.order), reverse=True)

    def publish(self, slug: str | None = None) -> Article | None:
        """The next one without a slug; may be repeated; None when there is no such article."""
        state = self._read()
        for each in self.articles():
            if each.slug == slug or (slug is None and each.slug not in state["dates"]):
                state["dates"].setdefault(each.slug, [self._clock()] * 2)
                self._write(state)
                return each
        return None

    def add(self, values: Mapping[str, Any], published_at: float | None) -> Article:
        """A known slug gets the new wording and keeps its date. Raises ArticleError."""
        made = article(values)
        state = self._read()
        state["added"][made.slug] = dict(values)
        if made.slug in state["dates"]:
            state["dates"][made.slug][1] = self._clock()
        elif published_at is not None:
            state["dates"][made.slug] = [published_at, published_at]
        self._write(state)
        return made

    def reset(self) -> None:
        """As on the first day: only what was published before the start, one an hour."""
        before = [each.slug for each in self._files if each.published_before_start]
        now = self._clock()
        dates = {slug: [now - hours * HOUR] * 2 for hours, slug in enumerate(reversed(before), 1)}
        self._write({"dates": dates, "added": {}})

    def _read(self) -> dict[str, Any]:
        return self._store.get(*PLACE) or {}

    def _write(self, state: dict[str, Any]) -> None:
        self._store.put(*PLACE, state)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
