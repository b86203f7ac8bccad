"""Reads one article from a page or from pasted text: title, paragraphs, date, nothing else."""

import re
from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.core.news_entry import Article, Obstacle, Unreadable
from bot.core.text import clean
from bot.outside.dates import parse_moment
from bot.outside.encodings import decode
from bot.outside.language import detect_language
from bot.outside.lines import Reading, read_lines
from bot.outside.links import clean_link
from bot.outside.page_facts import Page, PageFacts

LARGEST_PAGE = 5_000_000
_LONGEST_TEXT = 200_000
_FIRST_LINES = 3
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WRAPPED_LINE = range(50, 101)


def read_text(
    raw: str, *, url: str | None = None, zone: str = "Europe/Berlin"
) -> Article | Unreadable:
    """Pasted text, with or without the page around it; its first line is the title.

    `zone` is where the clocks of the site are; it gives times of day their meaning.
    """
    reading = read_lines(list(_unwrapped(clean(raw, limit=_LONGEST_TEXT))), None)
    return _article(reading, PageFacts(url=clean_link(url)), zone)


def read_page(
    page: bytes | str,
    url: str | None = None,
    content_type: str | None = None,
    *,
    zone: str = "Europe/Berlin",
) -> Article | Unreadable:
    """An HTML page, from its address if known; `content_type` is the header's value."""
    if len(page) > LARGEST_PAGE:
        return Unreadable(Obstacle.TOO_LARGE)
    text = page if isinstance(page, str) else decode(page, content_type)
    parsed = Page(_CONTROLS.sub(" ", text))
    facts = parsed.facts(clean_link(url), ZoneInfo(zone))
    lines = _extracted(parsed.without_layout_tables())
    title = facts.title or parsed.heading_over(lines[:_FIRST_LINES]) or facts.fallback_title
    reading = read_lines(lines, title)
    if reading.obstacle is Obstacle.EMPTY and "<script" in text:
        return Unreadable(Obstacle.NEEDS_SCRIPT)
    return _article(reading, facts, zone)


def _article(reading: Reading, facts: PageFacts, zone: str) -> Article | Unreadable:
    if reading.obstacle:
        return Unreadable(reading.obstacle)
    dates = (parse_moment(line, ZoneInfo(zone)) for line in reading.date_lines)
    moment = facts.moment or next((date for date in dates if date), None)
    text = "\n\n".join(reading.paragraphs)
    return Article(
        title=reading.title,
        text=text,
        published_at=moment.at if moment else None,
        published_on=moment.day if moment else None,
        url=facts.url,
        language=detect_language(reading.title, text, facts.language),
        image=facts.image,
    )


def _extracted(page: str) -> list[str]:
    from trafilatura import extract

    text = extract(page, favor_precision=True, include_comments=False, include_tables=True)
    lines = clean(text or "", limit=_LONGEST_TEXT).split("\n")
    return [line.strip() for line in lines if line.strip()]


def _unwrapped(text: str) -> Iterator[str]:
    """One line a paragraph: a block of lines of nearly one length was wrapped by an editor."""
    for block in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if _is_wrapped(lines):
            yield " ".join(lines)
        else:
            yield from lines


def _is_wrapped(lines: list[str]) -> bool:
    full = all(len(line) in _WRAPPED_LINE and not line.endswith(".") for line, _ in pairwise(lines))
    return len(lines) > 1 and full and len(lines[-1]) < _WRAPPED_LINE.stop
