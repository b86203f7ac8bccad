"""The news site's feeds: RSS 2.0 for the German articles, Atom for the Ukrainian ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring
from zoneinfo import ZoneInfo

from sandbox.articles import Article

ZONES = {"de": ZoneInfo("Europe/Berlin"), "uk": ZoneInfo("Europe/Kyiv")}
SITES = {"de": "Stadtnachrichten Dortmund (Übungsseite)", "uk": "Новини Житомира (навчальний сайт)"}
EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Published:
    """An article that is on the site; both moments are aware UTC."""

    article: Article
    published_at: datetime
    updated_at: datetime


def address(site: str, slug: str) -> str:
    return f"{site}/news/{slug}"


def last_change(items: Sequence[Published]) -> datetime:
    return max((item.updated_at for item in items), default=EPOCH)


def rss(items: Sequence[Published], site: str) -> bytes:
    """As city sites do it: the feed gives the first paragraph, the page the whole text."""
    feed = Element("rss", {"version": "2.0", "xmlns:atom": ATOM})
    channel = SubElement(feed, "channel")
    _leaf(channel, "title", SITES["de"])
    _leaf(channel, "link", f"{site}/news/")
    _leaf(channel, "description", "Erfundene Nachrichtenseite zum Ausprobieren")
    _leaf(channel, "language", "de-DE")
    _leaf(channel, "lastBuildDate", format_datetime(_local(last_change(items), "de")))
    SubElement(
        channel,
        "atom:link",
        {"href": f"{site}/news/de.xml", "rel": "self", "type": "application/rss+xml"},
    )
    for item in items:
        entry = SubElement(channel, "item")
        _leaf(entry, "title", item.article.wording.title)
        _leaf(entry, "link", address(site, item.article.slug))
        _leaf(entry, "guid", _permanent_id(item)).set("isPermaLink", "false")
        _leaf(entry, "pubDate", format_datetime(_local(item.published_at, "de")))
        _leaf(entry, "description", _html(item.article.wording.paragraphs[:1]))
    return _document(feed)


def atom(items: Sequence[Published], site: str) -> bytes:
    """The whole text is in the feed, as HTML."""
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": "uk"})
    _leaf(feed, "id", "tag:brueckenbot.example,2026:sandbox/uk")
    _leaf(feed, "title", SITES["uk"])
    _leaf(feed, "updated", _local(last_change(items), "uk").isoformat())
    SubElement(feed, "link", {"rel": "self", "href": f"{site}/news/uk.xml"})
    SubElement(feed, "link", {"rel": "alternate", "href": f"{site}/news/"})
    for item in items:
        entry = SubElement(feed, "entry")
        _leaf(entry, "id", _permanent_id(item))
        _leaf(entry, "title", item.article.wording.title)
        SubElement(entry, "link", {"rel": "alternate", "href": address(site, item.article.slug)})
        _leaf(entry, "published", _local(item.published_at, "uk").isoformat())
        _leaf(entry, "updated", _local(item.updated_at, "uk").isoformat())
        _leaf(SubElement(entry, "author"), "name", SITES["uk"])
        _leaf(entry, "content", _html(item.article.wording.paragraphs)).set("type", "html")
    return _document(feed)


def _permanent_id(item: Published) -> str:
    # not the address: the port changes from run to run
    return f"tag:brueckenbot.example,2026:sandbox/{item.article.slug}"


def _local(moment: datetime, language: str) -> datetime:
    return moment.astimezone(ZONES[language]).replace(microsecond=0)


def _html(paragraphs: Sequence[str]) -> str:
    return "".join(f"<p>{escape(each, quote=False)}</p>" for each in paragraphs)


def _leaf(parent: Element, name: str, text: str) -> Element:
    leaf = SubElement(parent, name)
    leaf.text = text
    return leaf


def _document(root: Element) -> bytes:
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document
