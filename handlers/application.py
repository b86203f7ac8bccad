"""python-telegram-bot's application: its types and routing. Receiving and pace are ours."""

import asyncio
import os
from collections.abc import Callable
from typing import cast

import httpx
import structlog
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ContextTypes, ExtBot
from telegram.request import HTTPXRequest

from handlers import register
from handlers.context import App, Context, Services
from handlers.gateway import Gateway, Lane
from handlers.receiving import POLL_SECONDS, TokenRefusedError

log = structlog.get_logger()

CONNECTIONS = 16  # httpx's pool slows down with more in flight (docs/decisions/0005)
WAITS = (1, 2, 5, 10, 30)


def build(token: str, api_url: str, *, bulk_rate: int, services: Callable[[], Services]) -> App:
    os.environ["PTB_TIMEDELTA"] = "true"  # durations as timedelta; as numbers they are deprecated
    # Reading all certificates takes a while: once, and not for a server on this machine.
    once = {"verify": api_url.startswith("https:") and httpx.create_ssl_context()}
    bot: ExtBot[Lane] = ExtBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=HTTPXRequest(
            connection_pool_size=CONNECTIONS, read_timeout=20, pool_timeout=10, httpx_kwargs=once
        ),
        get_updates_request=HTTPXRequest(
            connection_pool_size=1, read_timeout=POLL_SECONDS + 10, httpx_kwargs=once
        ),
        rate_limiter=Gateway(bulk_rate=bulk_rate),
    )
    # The application makes its bot_data by calling what it is given here.
    types = ContextTypes(context=Context, bot_data=cast("type[Services]", services))
    app: App = (
        Application.builder().bot(bot).updater(None).job_queue(None).context_types(types).build()
    )
    register(app)
    return app


async def connect(app: App, stop: asyncio.Event) -> None:
    """A network that comes up later than we do is waited for. Raises TokenRefusedError."""
    failures = 0
    while not stop.is_set():
        try:
            await app.initialize()
        except InvalidToken:
            raise TokenRefusedError from None
        except (NetworkError, RetryAfter) as error:
            wait = WAITS[min(failures, len(WAITS) - 1)]
            failures += 1
            log.warning("Telegram is not reachable", error=type(error).__name__, again_in=wait)
            await pause(stop, wait)
        else:
            log.info("connected", username=app.bot.username)
            return


async def begin_polling(app: App) -> None:
    """Polling and a webhook exclude each other; nothing that waits is dropped."""
    try:
        await app.bot.delete_webhook(drop_pending_updates=False)
    except TelegramError as error:
        log.warning("could not remove the webhook", error=type(error).__name__)


async def username(app: App) -> str | None:
    """One question to Telegram, for doctor; None where there is no answer."""
    try:
        async with app.bot:
            return app.bot.username
    except TelegramError:
        return None


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Seconds, or less when it is time to stop."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
