"""A news site on loopback: an RSS feed of 200 items, all of them new each time it is asked for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import escape
from itertools import count

from bench.wording import LEAD, TITLE

ITEMS = 200
PARAGRAPHS = 5  # with markup about 2 kB an item
ITEM = (
    "<item><title>{title}</title><link>https://example.org/news/{number}</link>"
    '<guid isPermaLink="false">news-{number}</guid>'
    "<pubDate>Mon, 01 Jun 2026 12:00:00 +0200</pubDate><description>{text}</description></item>"
)
FEED = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Nachrichten</title>'
    "<link>https://example.org/</link><language>de</language>{items}</channel></rss>"
)


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """The feed's address."""
    numbers = count(1)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = feed(numbers).encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed.xml"


def feed(numbers: "count[int]") -> str:
    return FEED.format(items="".join(_item(next(numbers)) for _ in range(ITEMS)))


def _item(number: int) -> str:
    paragraphs = [f"<p>{line} ({number})</p>" for line in LEAD["de"].split("\n\n")] * PARAGRAPHS
    return ITEM.format(
        title=f"{TITLE['de']}, {number}. Folge", number=number, text=escape("".join(paragraphs))
    )
