"""One article brought in by hand: a file or an address given on the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core import news, relevance
from bot.core.ids import new_id
from bot.core.news import NewsState
from bot.core.news_entry import Article, lead
from bot.core.news_identity import identity_keys
from bot.core.partnership import Partnership
from bot.core.people import Language
from bot.core.ports import Clock, Store
from bot.core.text import clean, one_line

BY_HAND = "import"


@dataclass(frozen=True, slots=True)
class Imported:
    """`new` is False where the article was known; `item` is then the one kept before."""

    item: news.NewsItem
    new: bool


async def import_article(
    store: Store[news.NewsRecords],
    article: Article,
    *,
    language: str,
    partnership: Partnership,
    targets: Sequence[Language],
    notify: bool,
    clock: Clock,
) -> Imported:
    """Held for review, whatever its date. May be repeated: the article is stored once."""
    now = clock.now()
    item = _item_of(article, language, partnership, notify=notify, now=now)
    keys = identity_keys(BY_HAND, guid=None, url=item.url, title=item.title, day=item.published_on)
    async with store.transaction() as records:
        known = await news.keep(records, item, keys, targets, now)
        if known and notify:
            await records.ask_to_notify(known)
        before = await records.news_item(known) if known else None
    return Imported(before or item, new=before is None)


def _item_of(
    article: Article, language: str, partnership: Partnership, *, notify: bool, now: datetime
) -> news.NewsItem:
    dated = news.moment_of(article.published_at, article.published_on)
    return news.NewsItem(
        id=new_id(),
        source=BY_HAND,
        url=article.url,
        title=one_line(article.title, limit=news.TITLE_LIMIT),
        lead=lead(clean(article.text, limit=20_000)),
        language=language,
        published_on=article.published_on,
        dated_at=dated or now,
        state=NewsState.HELD,
        # An undated text may be old: it tells nobody unless asked to.
        notify=notify or (dated is not None and dated >= now - news.FRESH),
        topics=relevance.topics_of(article.title, article.text, partnership.topics),
    )
