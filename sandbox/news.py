"""The invented news site: pages and feeds for the bot to read, and the control of both."""

import asyncio
import hashlib
import time
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import news_feeds, news_pages
from sandbox.articles import Article, ArticleError
from sandbox.events import Events
from sandbox.news_feeds import Published, address
from sandbox.newsstand import Newsstand
from sandbox.store import Store

TYPES = {"de": "application/rss+xml", "uk": "application/atom+xml"}


def routes(store: Store, events: Events) -> list[Route]:
    stand = Newsstand(store)
    reading, control = _Reading(stand), _Control(stand, events)
    return [
        Route("/news/", reading.index),
        Route("/news/site.css", reading.style),
        Route("/news/{language:str}.xml", reading.feed),
        Route("/news/{slug:str}", reading.page),
        Route("/control/news", control.overview, methods=["GET"]),
        Route("/control/news/publish", control.publish, methods=["POST"]),
        Route("/control/news/add", control.add, methods=["POST"]),
        Route("/control/news/reset", control.reset, methods=["POST"]),
    ]


async def publish_regularly(store: Store, events: Events, seconds: float) -> None:
    """One article every so many seconds until none is left."""
    stand = Newsstand(store)
    while True:
        await asyncio.sleep(seconds)
        published = stand.publish()
        if published is None:
            return
        _announce(events, published)


class _Reading:
    def __init__(self, stand: Newsstand) -> None:
        self._stand = stand

    async def index(self, _request: Request) -> Response:
        return _page(news_pages.index(self._stand.published()))

    async def style(self, _request: Request) -> Response:
        return Response(news_pages.style(), media_type="text/css")

    async def page(self, request: Request) -> Response:
        items = self._stand.published()
        for item in items:
            if item.article.slug == request.path_params["slug"]:
                others = [each for each in items if _same_site(each, item)]
                now = datetime.fromtimestamp(time.time(), UTC)
                return _page(news_pages.page(item, others, site=_site(request), now=now))
        return _page("<!DOCTYPE html><title>404</title><h1>404</h1>", status=404)

    async def feed(self, request: Request) -> Response:
        language = request.path_params["language"]
        if language not in TYPES:
            return Response(status_code=404)
        items = self._stand.published(language)
        write = news_feeds.rss if language == "de" else news_feeds.atom
        body = write(items, _site(request))
        changed = news_feeds.last_change(items).replace(microsecond=0)
        headers = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:24]}"',
            "Last-Modified": format_datetime(changed, usegmt=True),
            "Cache-Control": "no-cache",
        }
        if _unchanged(request, headers["ETag"], changed):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=TYPES[language], headers=headers)


class _Control:
    def __init__(self, stand: Newsstand, events: Events) -> None:
        self._stand = stand
        self._events = events

    async def overview(self, request: Request) -> Response:
        dates = {item.article.slug: item.published_at for item in self._stand.published()}
        return JSONResponse(
            [
                {
                    "slug": each.slug,
                    "language": each.language,
                    "title": each.wording.title,
                    "published_at": dates[each.slug].isoformat() if each.slug in dates else None,
                    "url": address(_site(request), each.slug),
                }
                for each in self._stand.articles()
            ]
        )

    async def publish(self, request: Request) -> Response:
        slug = (await _json(request)).get("slug")
        published = self._stand.publish(slug)
        if published is None:
            return _refuse("There is no such article.", 404) if slug else _refuse("None left.", 409)
        _announce(self._events, published)
        return self._done(request, published)

    async def add(self, request: Request) -> Response:
        """Published at once, unless `published_at` says another moment or null."""
        values = await _json(request)
        try:
            given = values.pop("published_at", time.time())
            moment = datetime.fromisoformat(given).timestamp() if isinstance(given, str) else given
            added = self._stand.add(values, moment)
        except (ArticleError, ValueError) as error:
            return _refuse(str(error), 400)
        _announce(self._events, added)
        return self._done(request, added)

    async def reset(self, _request: Request) -> Response:
        self._stand.reset()
        self._events.emit(None, "article", slug=None)
        return JSONResponse({})

    def _done(self, request: Request, one: Article) -> Response:
        return JSONResponse({"slug": one.slug, "url": address(_site(request), one.slug)})


def _announce(events: Events, published: Article) -> None:
    events.emit(None, "article", slug=published.slug, title=published.wording.title)


def _unchanged(request: Request, etag: str, changed: datetime) -> bool:
    # If-None-Match decides alone where both are given (RFC 9110, 13.2.2)
    if known := request.headers.get("if-none-match"):
        return etag in (each.strip().removeprefix("W/") for each in known.split(","))
    since = request.headers.get("if-modified-since")
    try:
        return since is not None and changed <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


def _same_site(each: Published, item: Published) -> bool:
    return each is not item and each.article.language == item.article.language


def _site(request: Request) -> str:
    return str(request.base_url).rstrip("/")


async def _json(request: Request) -> dict[str, Any]:
    body = await request.body()
    values = await request.json() if body else {}
    return values if isinstance(values, dict) else {}


def _page(html: str, status: int = 200) -> Response:
    return Response(html, status, media_type="text/html")


def _refuse(sentence: str, status: int) -> Response:
    return JSONResponse({"error": sentence}, status)
