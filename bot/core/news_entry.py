"""What we read from the internet: feed items, articles, and why something could not be read."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed.

    `guid` is the source's own key as it was written, never made from the feed's address;
    `title` and `text` are plain text, paragraphs of `text` are separated by an empty line.
    """

    guid: str
    url: str | None
    title: str
    text: str
    language: str | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its page shows it; paragraphs of `text` are separated by an empty line.

    `published_on` is set whenever the page names a day, `published_at` only with a time of day.
    """

    title: str
    text: str
    published_at: datetime | None
    published_on: date | None
    url: str | None
    language: str | None
    image: str | None


class Obstacle(StrEnum):
    COOKIE_WALL = "cookie wall"
    PAYWALL = "paywall"
    NEEDS_SCRIPT = "needs script"
    ROBOT_CHECK = "robot check"
    EMPTY = "empty"
    TOO_LARGE = "too large"


@dataclass(frozen=True, slots=True)
class Unreadable:
    reason: Obstacle


class FeedProblem(StrEnum):
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too slow"
    TOO_LARGE = "too large"
    REDIRECTED_TOO_OFTEN = "redirected too often"
    REFUSED_ADDRESS = "refused address"
    HTTP_ERROR = "http error"
    NOT_A_FEED = "not a feed"
    UNSAFE = "unsafe document"
    NO_ITEMS = "no items"
    UNFORESEEN = "unforeseen"


@dataclass(frozen=True, slots=True)
class FeedRead:
    """New content. `etag` and `last_modified` go into the next request as they are;
    `moved_to` is the address to store from now on, set only after permanent redirects.
    """

    entries: tuple[Entry, ...]
    etag: str | None
    last_modified: str | None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class FeedUnchanged:
    """The server said 304: keep the validators we sent."""


@dataclass(frozen=True, slots=True)
class FeedGone:
    """The server said 410: stop asking."""


@dataclass(frozen=True, slots=True)
class FeedBusy:
    """The server said 429 or 503; `retry_after` is in seconds."""

    retry_after: int


@dataclass(frozen=True, slots=True)
class FeedFailed:
    problem: FeedProblem
    status: int | None = None


FeedAnswer = FeedRead | FeedUnchanged | FeedGone | FeedBusy | FeedFailed

_SENTENCE_END = re.compile(r"[.!?…][\"'»“”’)\]]*(?=\s)")


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())


def lead(text: str, limit: int = 700) -> str:
    """Whole paragraphs from the start while they fit into `limit` characters, at least one;
    a first paragraph that alone is longer ends with its last whole sentence.
    """
    kept = ""
    for paragraph in paragraphs(text):
        longer = f"{kept}\n\n{paragraph}" if kept else paragraph
        if len(longer) > limit:
            return kept or _whole_sentences(paragraph, limit)
        kept = longer
    return kept


def _whole_sentences(paragraph: str, limit: int) -> str:
    ends = [match.end() for match in _SENTENCE_END.finditer(paragraph) if match.end() <= limit]
    if ends:
        return paragraph[: ends[-1]]
    return paragraph[: limit - 1].rsplit(" ", 1)[0] + "…"
