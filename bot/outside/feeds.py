"""Reads RSS and Atom feeds: one polite request, and entries that can be trusted to be plain."""

import asyncio
import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from io import BytesIO
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import httpx

from bot.core.courtesy import courteously
from bot.core.news_entry import (
    Entry,
    FeedAnswer,
    FeedBusy,
    FeedFailed,
    FeedGone,
    FeedProblem,
    FeedRead,
    FeedUnchanged,
)
from bot.outside.encodings import decode
from bot.outside.feed_items import entry_of, told_apart
from bot.outside.networks import is_private

LARGEST_FEED = 5_000_000
MOST_ITEMS = 200
MOST_REDIRECTS = 3
DEADLINE = 10.0
_USUAL_WAIT = 900

_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31
_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_END = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOVED = {301, 302, 303, 307, 308}
_FOR_GOOD = {301, 308}


def parse(
    raw: bytes,
    *,
    source_url: str,
    language: str | None,
    zone: str,
    now: datetime,
    content_type: str | None = None,
) -> list[Entry] | FeedProblem:
    """At most 200 entries in the feed's order. `zone` is what dates without an offset mean.

    Takes up to a second: to be called in a thread.
    """
    plain = _inflated(raw)
    if isinstance(plain, FeedProblem):
        return plain
    text = _CONTROLS.sub(" ", decode(plain, content_type))
    root = _ROOT.search(text)
    if root is None:
        return FeedProblem.NOT_A_FEED
    if "<!entity" in text[: root.start()].lower():
        return FeedProblem.UNSAFE
    parsed = _parsed(_DECLARATION.sub("", text).strip())
    if not parsed.entries:
        return FeedProblem.NO_ITEMS if parsed.version else FeedProblem.NOT_A_FEED
    declared = dict.get(parsed.feed, "language") or language
    entries = (
        entry_of(item, source_url=source_url, language=declared, zone=ZoneInfo(zone), now=now)
        for item in courteously(parsed.entries[:MOST_ITEMS])
    )
    whole = entries if _END.search(text) else list(entries)[:-1]
    return told_apart([entry for entry in whole if entry])


async def read(
    client: httpx.AsyncClient,
    url: str,
    *,
    user_agent: str,
    language: str | None,
    zone: str,
    now: datetime,
    etag: str | None = None,
    last_modified: str | None = None,
    private_network: bool = False,
    deadline: float = DEADLINE,
) -> FeedAnswer:
    """One conditional GET. Every outcome is a value; `deadline` is in seconds for all of it."""
    asked = {
        "User-Agent": user_agent,
        "Accept-Encoding": "gzip",
        **_validators(etag, last_modified),
    }
    try:
        async with asyncio.timeout(deadline):
            got = await _fetched(client, url, asked, private_network=private_network)
    except (TimeoutError, httpx.TimeoutException):
        return FeedFailed(FeedProblem.TOO_SLOW)
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        return FeedFailed(FeedProblem.UNREACHABLE)
    if not isinstance(got, _Response):
        return FeedFailed(got)
    if got.status != HTTPStatus.OK:
        return _without_content(got, now)
    entries = await asyncio.to_thread(
        parse,
        got.body,
        source_url=got.url,
        language=language,
        zone=zone,
        now=now,
        content_type=got.headers.get("content-type"),
    )
    if isinstance(entries, FeedProblem):
        return FeedFailed(entries, got.status)
    headers = got.headers
    return FeedRead(tuple(entries), headers.get("etag"), headers.get("last-modified"), got.moved_to)


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: httpx.Headers
    body: bytes
    url: str
    moved_to: str | None


async def _fetched(
    client: httpx.AsyncClient, url: str, headers: dict[str, str], *, private_network: bool
) -> _Response | FeedProblem:
    """Redirects by hand: only permanent ones change the stored address, none leads inside."""
    lasting, address = True, url
    for _ in range(MOST_REDIRECTS + 1):
        if not private_network and await is_private(httpx.URL(address).host):
            return FeedProblem.REFUSED_ADDRESS
        async with client.stream(
            "GET", address, headers=headers, follow_redirects=False
        ) as response:
            if response.status_code not in _MOVED or "location" not in response.headers:
                body = await _body(response)
                if body is None:
                    return FeedProblem.TOO_LARGE
                moved = address if lasting and address != url else None
                return _Response(response.status_code, response.headers, body, address, moved)
            lasting = lasting and response.status_code in _FOR_GOOD
            address = urljoin(address, response.headers["location"])
        if httpx.URL(address).scheme not in {"http", "https"}:
            return FeedProblem.REFUSED_ADDRESS
    return FeedProblem.REDIRECTED_TOO_OFTEN


async def _body(response: httpx.Response) -> bytes | None:
    """As sent, still compressed: `parse` inflates with a limit, which httpx cannot."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LARGEST_FEED:
            return None
    return bytes(body)


def _validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in known.items() if value}


def _without_content(got: _Response, now: datetime) -> FeedAnswer:
    match got.status:
        case HTTPStatus.NOT_MODIFIED:
            return FeedUnchanged()
        case HTTPStatus.GONE:
            return FeedGone()
        case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE:
            return FeedBusy(_wait(got.headers.get("retry-after", ""), now))
        case status:
            return FeedFailed(FeedProblem.HTTP_ERROR, status)


def _wait(retry_after: str, now: datetime) -> int:
    """Seconds; the header holds a number of them or a date."""
    if retry_after.isdecimal():
        return int(retry_after[:9])
    try:
        return max(0, int((parsedate_to_datetime(retry_after) - now).total_seconds()))
    except (ValueError, TypeError):
        return _USUAL_WAIT


def _inflated(raw: bytes) -> bytes | FeedProblem:
    """Some servers send a compressed file without saying so."""
    if not raw.startswith(_GZIP):
        return raw if len(raw) <= LARGEST_FEED else FeedProblem.TOO_LARGE
    try:
        plain = zlib.decompressobj(_GZIP_WINDOW).decompress(raw, LARGEST_FEED + 1)
    except zlib.error:
        return FeedProblem.NOT_A_FEED
    return plain if len(plain) <= LARGEST_FEED else FeedProblem.TOO_LARGE


def _parsed(text: str):  # type: ignore[no-untyped-def]  # feedparser has no types
    import feedparser

    # Neither is needed: all markup is taken out, and addresses are resolved by us.
    return feedparser.parse(
        BytesIO(text.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
