"""news import: one article from a file or an address, and what became of it."""

from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from bot.app import Parts
from bot.core import news_decisions
from bot.core.news import NewsState
from bot.core.news_decisions import Told
from bot.core.news_entry import Article, Unreadable
from bot.core.news_import import Imported, import_article
from bot.core.partnership import Partnership
from bot.schedule import USER_AGENT

LARGEST = 5_000_000  # bytes
SECONDS = 20


class NotImportedError(Exception):
    """The sentence tells the operator what to do."""


async def import_news(
    parts: Parts, what: str, *, url: str | None, notify: bool, release: bool, console: Console
) -> None:
    """Raises NotImportedError."""
    article = await _read(what, url, parts.configuration.partnership.zone)
    if isinstance(article, Unreadable):
        raise NotImportedError(f"{what}: no article can be read here ({article.reason})")
    if article.language is None:
        raise NotImportedError(f"{what}: the language is not clear; is this really an article?")
    result = await import_article(
        parts.database,
        article,
        language=article.language,
        partnership=parts.configuration.partnership,
        targets=parts.configuration.targets,
        notify=notify,
        clock=parts.clock,
    )
    console.print(_report(result, parts.configuration.partnership))
    if release:
        await _release(parts, result, notify=notify, console=console)
    elif result.item.state is NewsState.HELD:
        console.print("It waits for a coordinator: /review in the chat, or --release here.")


async def _release(parts: Parts, result: Imported, *, notify: bool, console: Console) -> None:
    """People are told when somebody asked for that, or when the item says so itself."""
    told = await news_decisions.release(
        parts.database,
        result.item.id,
        actor_id=None,
        clock=parts.clock,
        notify=notify or None,
    )
    if isinstance(told, Told):
        console.print(f"Released; {told.recipients} people are told.")
    else:
        console.print(f"Not released: {told}.")


async def _read(what: str, url: str | None, zone: str) -> Article | Unreadable:
    from bot.outside.pages import read_page

    if what.lower().startswith(("http://", "https://")):
        body, content_type = await _fetched(what)
        return read_page(body, url or what, content_type, zone=zone)
    return _read_file(Path(what), url, zone)


def _read_file(path: Path, url: str | None, zone: str) -> Article | Unreadable:
    from bot.outside.encodings import decode
    from bot.outside.pages import read_page, read_text

    if not path.is_file():
        raise NotImportedError(f"{path} is neither a file nor an http(s) address")
    try:
        raw = path.read_bytes()
    except OSError as failed:
        raise NotImportedError(f"{path}: cannot be read ({type(failed).__name__})") from None
    if path.suffix.lower() in {".html", ".htm", ".xhtml"} or raw.lstrip()[:1] == b"<":
        return read_page(raw, url, zone=zone)
    if _is_binary(raw):
        raise NotImportedError(f"{path} is not a text; save the article as text or HTML")
    return read_text(decode(raw), url=url, zone=zone)


def _is_binary(raw: bytes) -> bool:
    controls = sum(byte < ord(" ") and byte not in b"\t\n\f\r" for byte in raw)
    return b"\0" in raw or controls > len(raw) // 100


async def _fetched(url: str) -> tuple[bytes, str | None]:
    headers = {"User-Agent": USER_AGENT}
    body = bytearray()
    try:
        async with (
            httpx.AsyncClient(timeout=SECONDS, follow_redirects=True, max_redirects=3) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            response.raise_for_status()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > LARGEST:
                    raise NotImportedError(f"{url}: larger than {LARGEST // 1_000_000} MB")
            return bytes(body), response.headers.get("content-type")
    except httpx.HTTPStatusError as refused:
        raise NotImportedError(f"{url}: the site answered {refused.response.status_code}") from None
    except (httpx.HTTPError, httpx.InvalidURL) as failed:
        raise NotImportedError(f"{url}: not reachable ({type(failed).__name__})") from None


def _report(result: Imported, partnership: Partnership) -> Table:
    item = result.item
    names = [
        topic.name["en"] or topic.id for topic in partnership.topics if topic.id in item.topics
    ]
    table = Table(show_header=False, box=None)
    table.add_row("", "Stored." if result.new else "Known already, nothing stored.")
    table.add_row("Title", item.title)
    table.add_row("Date", item.published_on.isoformat() if item.published_on else "none found")
    table.add_row("Language", item.language)
    table.add_row("Topics", ", ".join(names) or "none found")
    table.add_row("Link", item.url or "none")
    table.add_row("State", item.state.value)
    table.add_row("Followers", "are told on release" if item.notify else "are not told (--notify)")
    return table
