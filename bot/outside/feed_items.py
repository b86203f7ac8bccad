"""One feed's items as entries: what feedparser leaves open is decided here."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.news_entry import Entry
from bot.core.text import clean, one_line, shorten
from bot.outside.dates import moment_in_feed
from bot.outside.language import declared_language
from bot.outside.lines import without_chrome
from bot.outside.links import clean_link
from bot.outside.plain_text import plain, plain_title

_LONGEST_TEXT = 50_000
_LONGEST_TITLE = 500
_TITLE_FROM_TEXT = 120
_STEADY = re.compile(r"_{2,}STEADY_PAYWALL_{2,}.*", re.DOTALL)
_CUT_SHORT = re.compile(r"\s*\[(?:…|\.\.\.|&hellip;)\]\s*$")
_DATES = ("published", "updated", "created")

Item = Mapping[str, object]


def entry_of(
    item: Item, *, source_url: str, language: str | None, zone: ZoneInfo, now: datetime
) -> Entry | None:
    """None for an item that says nothing at all."""
    text = _text(item)
    title = one_line(plain_title(_string(item, "title")), limit=_LONGEST_TITLE)
    title = title or shorten(text.split("\n", maxsplit=1)[0], _TITLE_FROM_TEXT)
    url = clean_link(_string(item, "link"), source_url)
    written = next((found for name in _DATES if (found := _string(item, name))), "")
    if not title:
        return None
    return Entry(
        guid=_string(item, "id").strip() or url or _digest(title, written, text),
        url=url,
        title=title,
        text=text,
        language=declared_language(_string(item, "language") or language),
        published_at=moment_in_feed(written, zone, now),
    )


def told_apart(entries: Sequence[Entry]) -> list[Entry]:
    """Each entry once; where one guid stands for several addresses, both make the key."""
    addresses: dict[str, set[str | None]] = defaultdict(set)
    for entry in entries:
        addresses[entry.guid].add(entry.url)
    once: dict[str, Entry] = {}
    for entry in entries:
        shared = len(addresses[entry.guid]) > 1
        key = f"{entry.guid} {entry.url}" if shared else entry.guid
        once.setdefault(key, replace(entry, guid=key))
    return list(once.values())


def _text(item: Item) -> str:
    """The longest of summary and contents, without what the page around it left there."""
    contents = item.get("content")
    written = [_string(item, "summary")]
    if isinstance(contents, list):
        written += [_string(content, "value") for content in contents]
    texts = (plain(_STEADY.sub("", fragment)) for fragment in written)
    longest = clean(max(texts, key=len), limit=_LONGEST_TEXT)
    kept = "\n\n".join(without_chrome(longest.split("\n"), _string(item, "title")))
    return _CUT_SHORT.sub("…", kept)


def _string(item: Item, name: str) -> str:
    found = dict.get(item, name) if isinstance(item, dict) else None
    return found if isinstance(found, str) else ""


def _digest(*parts: str) -> str:
    return "sha256:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
