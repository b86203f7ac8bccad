"""The news site's pages: an article between menu, cookie box and teasers, as on a real site."""

import json
import tomllib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from textwrap import shorten
from typing import Any

from babel.dates import format_date, format_datetime

from sandbox.news_feeds import ZONES, Published, address

FOLDER = Path(__file__).parent / "news_page"
TEASERS = 4
TEASER_LENGTH = 90


def index(items: Sequence[Published]) -> str:
    """Newest first, each in its own language."""
    entries = "\n".join(_section(item) for item in items)
    return _template("index.html").substitute(entries=entries or "<p>Nothing published yet.</p>")


def page(item: Published, others: Sequence[Published], *, site: str, now: datetime) -> str:
    """`now` stands in the header, where careless readers mistake it for the article's date."""
    language, wording = item.article.language, item.article.wording
    words = _chrome()[language]
    plain = {name: escape(text) for name, text in words.items() if isinstance(text, str)}
    return _template("article.html").substitute(
        plain,
        language=language,
        title=escape(wording.title),
        description=escape(wording.paragraphs[0]),
        body="\n".join(f"<p>{escape(each, quote=False)}</p>" for each in wording.paragraphs),
        published=_local(item).isoformat(),
        published_text=escape(_moment(item)),
        url=escape(address(site, item.article.slug)),
        json_ld=_json_ld(item, site=site, publisher=words["site_name"]),
        today=escape(format_date(now.astimezone(ZONES[language]), "full", locale=language)),
        menu="".join(f'<li><a href="/news/">{escape(each)}</a></li>' for each in words["menu"]),
        teasers="".join(_teaser(each) for each in others[:TEASERS]),
    )


def style() -> str:
    return (FOLDER / "site.css").read_text("utf-8")


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / name).read_text("utf-8"))


@cache
def _chrome() -> dict[str, dict[str, Any]]:
    return tomllib.loads((FOLDER / "chrome.toml").read_text("utf-8"))


def _local(item: Published) -> datetime:
    return item.published_at.astimezone(ZONES[item.article.language]).replace(microsecond=0)


def _moment(item: Published) -> str:
    return format_datetime(_local(item), "d. MMMM y, HH:mm", locale=item.article.language)


def _section(item: Published) -> str:
    return (
        f'<section lang="{item.article.language}"><h2>{_link(item)}</h2>'
        f"<p>{escape(item.article.wording.paragraphs[0])}</p></section>"
    )


def _teaser(item: Published) -> str:
    start = shorten(item.article.wording.paragraphs[0], TEASER_LENGTH, placeholder=" …")
    return f"<li>{_link(item)}<br>{escape(start)}</li>"


def _link(item: Published) -> str:
    return f'<a href="/news/{item.article.slug}">{escape(item.article.wording.title)}</a>'


def _json_ld(item: Published, *, site: str, publisher: str) -> str:
    values = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": item.article.wording.title,
        "inLanguage": item.article.language,
        "datePublished": _local(item).isoformat(),
        "dateModified": item.updated_at.astimezone(ZONES[item.article.language]).isoformat(),
        "mainEntityOfPage": address(site, item.article.slug),
        "publisher": {"@type": "Organization", "name": publisher},
    }
    # "</script>" inside a title must not end the block
    return json.dumps(values, ensure_ascii=False).replace("<", "\\u003c")
