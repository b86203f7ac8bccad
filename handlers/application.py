"""python-telegram-bot's application: its types and routing. How things travel is ours."""

import asyncio
import os
from collections.abc import Callable
from typing import cast

import structlog
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ContextTypes, ExtBot

from handlers import register
from handlers.calls import Calls
from handlers.context import App, Context, Services
from handlers.gateway import Gateway, Lane
from handlers.receiving import POLL_SECONDS, TokenRefusedError
from handlers.transport import AiohttpTransport

log = structlog.get_logger()

SENDING = 64  # of the ledger's messages in flight at once
ANSWERING = 128  # of the handlers at work at once (handlers.lines.AT_ONCE)
WAITS = (1, 2, 5, 10, 30)


class BridgeBot(ExtBot[Lane]):
    """The library's bot, with our transport, our gateway, and prepared calls beside its own."""

    def __init__(self, token: str, api_url: str, *, bulk_rate: int, paid: bool) -> None:
        transport = AiohttpTransport(api_url, connections=SENDING + ANSWERING)
        polling = AiohttpTransport(api_url, connections=1, read_timeout=POLL_SECONDS + 10)
        gateway = Gateway(bulk_rate=bulk_rate)
        super().__init__(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=transport,
            get_updates_request=polling,
            rate_limiter=gateway,
        )
        self._calls = Calls(self.base_url, transport, gateway, polling=polling, paid=paid)

    @property
    def calls(self) -> Calls:
        return self._calls


def build(
    token: str,
    api_url: str,
    *,
    bulk_rate: int,
    services: Callable[[], Services],
    paid: bool = False,
) -> App:
    os.environ["PTB_TIMEDELTA"] = "true"  # durations as timedelta; as numbers they are deprecated
    bot: ExtBot[Lane] = BridgeBot(token, api_url, bulk_rate=bulk_rate, paid=paid)
    # The application makes its bot_data by calling what it is given here.
    types = ContextTypes(context=Context, bot_data=cast("type[Services]", services))
    app: App = (
        Application.builder().bot(bot).updater(None).job_queue(None).context_types(types).build()
    )
    register(app)
    return app


def calls_of(app: App) -> Calls:
    """The prepared calls of an application that `build` has made."""
    return cast("BridgeBot", app.bot).calls


def gateway_of(app: App) -> Gateway:
    return cast("Gateway", app.bot.rate_limiter)


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
