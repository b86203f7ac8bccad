"""What a page says about itself: headline, date, address, picture, language."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lxml import etree, html  # type: ignore[import-untyped]  # lxml ships no types

from bot.outside.dates import Moment, parse_moment
from bot.outside.lines import is_date_line
from bot.outside.links import clean_link

_DATE_METAS = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "pubdate",
    "publish-date",
    "parsely-pub-date",
)
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|datum|published|pubdate|data)(?:$|[\s_-])", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"read-?more|related|teaser|sidebar|recommend|comment|widget", re.IGNORECASE
)
_ELSEWHERE_TAGS = {"nav", "aside", "footer"}
_NEAREST_CONTAINERS = 4
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class PageFacts:
    """`title` is None where the page has no headline that says so itself."""

    title: str | None = None
    fallback_title: str = ""
    moment: Moment | None = None
    url: str | None = None
    image: str | None = None
    language: str | None = None


class Page:
    """One parsed page; lxml's untyped tree does not leave this file."""

    def __init__(self, text: str) -> None:
        self._tree = _tree(text)
        self._meta = dict(self._metas())
        self._linked = tuple(self._linked_data())

    def facts(self, url: str | None, zone: ZoneInfo) -> PageFacts:
        heading = self._headline()
        base = self._canonical(url) or url
        return PageFacts(
            title=heading,
            fallback_title=_without_site(self._text("//title")),
            moment=self._moment(heading, zone),
            url=base,
            image=clean_link(self._meta.get("og:image"), base),
            language=self._tree.get("lang") or self._meta.get("og:locale"),
        )

    def without_layout_tables(self) -> str:
        """Cells that hold paragraphs are no data: old sites draw their columns with tables."""
        for table in self._tree.xpath("//table[.//td[count(.//p) > 1]]"):
            for element in table.iter("table", "tbody", "tr", "td"):
                element.tag = "div"
        return str(html.tostring(self._tree, encoding="unicode"))

    def heading_over(self, lines: Sequence[str]) -> str | None:
        """What stands out among the first lines, or stands right above one of them."""
        bold = set(self._texts("//h2|//h3|//b|//strong"))
        for line in lines:
            if line in bold:
                return line
            for paragraph in self._tree.xpath("//p[preceding-sibling::h2]"):
                if _joined(paragraph) == line:
                    return _joined(paragraph.xpath("preceding-sibling::h2")[-1])
        return None

    def _headline(self) -> str | None:
        """The h1 that the page's own title repeats; a lone h1 may be the site's name."""
        named = self._meta.get("og:title") or self._from_linked("headline")
        known = f"{named or ''} {self._text('//title')}"
        headings = [text for text in self._texts("//h1") if len(text) <= _LONGEST_TITLE]
        repeated = [text for text in headings if text in known]
        return next(iter((*repeated, *([_without_site(named)] if named else []), *headings)), None)

    def _moment(self, heading: str | None, zone: ZoneInfo) -> Moment | None:
        """Never a date that merely stands on the page: that is often today's."""
        stated = [self._from_linked("datePublished"), *(self._meta.get(n) for n in _DATE_METAS)]
        written = [text for text in stated if text] + list(self._dates_beside(heading))
        moments = (parse_moment(text, zone) for text in written)
        return next((moment for moment in moments if moment), None)

    def _dates_beside(self, heading: str | None) -> Iterator[str]:
        for h1 in self._tree.xpath("//h1"):
            if _joined(h1) != heading:
                continue
            for container in list(h1.iterancestors())[:_NEAREST_CONTAINERS]:
                if container.tag not in {"body", "html"}:
                    yield from _dates_in(container)

    def _canonical(self, url: str | None) -> str | None:
        links = self._tree.xpath("//link[@rel='canonical']/@href")
        candidates = (*links[:1], self._meta.get("og:url"), url)
        return next((link for c in candidates if c and (link := clean_link(c, url))), None)

    def _metas(self) -> Iterator[tuple[str, str]]:
        for element in self._tree.xpath("//*[@content]"):
            name = element.get("property") or element.get("name") or element.get("itemprop")
            if name and element.get("content").strip():
                yield name.lower(), element.get("content").strip()

    def _linked_data(self) -> Iterator[dict[str, object]]:
        for script in self._tree.xpath("//script[@type='application/ld+json']"):
            try:
                yield from _objects(json.loads(script.text_content(), strict=False))
            except (ValueError, RecursionError):
                continue

    def _from_linked(self, key: str) -> str | None:
        found = (value.get(key) for value in self._linked)
        return next((text for text in found if isinstance(text, str) and text.strip()), None)

    def _text(self, path: str) -> str:
        return next(self._texts(path), "")

    def _texts(self, path: str) -> Iterator[str]:
        return (text for element in self._tree.xpath(path) if (text := _joined(element)))


def _tree(text: str) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8")
    try:
        return html.document_fromstring(text.encode() or b"<html/>", parser=parser)
    except etree.ParserError:
        return html.document_fromstring(b"<html/>", parser=parser)


def _dates_in(container: html.HtmlElement) -> Iterator[str]:
    for element in container.iter():
        if not isinstance(element.tag, str) or _is_elsewhere(element, container):
            continue
        if element.tag == "time" and element.get("datetime"):
            yield element.get("datetime")
        elif _DATE_CLASS.search(element.get("class") or "") and is_date_line(_joined(element)):
            yield _joined(element)


def _is_elsewhere(element: html.HtmlElement, container: html.HtmlElement) -> bool:
    """Whether it belongs to a teaser or a side column within the container."""
    while element is not None and element is not container:
        if element.tag in _ELSEWHERE_TAGS or _ELSEWHERE.search(element.get("class") or ""):
            return True
        element = element.getparent()
    return False


def _objects(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, list):
        for one in value:
            yield from _objects(one)
    elif isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"))


def _joined(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _without_site(title: str) -> str:
    """The headline of "Headline | Site"."""
    return title.split(" | ", maxsplit=1)[0].strip()
