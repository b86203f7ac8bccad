"""Registration: tells Telegram where our webhook is, and watches how it fares there."""

import asyncio
import hashlib
import hmac
from contextlib import suppress
from datetime import timedelta

import structlog
from telegram.error import TelegramError

from bot.core.ports import Clock
from handlers import updates
from handlers.context import App

log = structlog.get_logger()

CONNECTIONS = 40
LOOKED_AT_EVERY = 60.0  # seconds
FRESH = timedelta(minutes=3)  # as long an error counts that Telegram had with us
WAITS = (1, 2, 5, 10, 30)


def secret_of(token: str) -> str:
    """Derived, so that there is nothing to configure and nothing more to keep."""
    return hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()


class Registration:
    """`trouble` is a sentence for /health; None where all is well."""

    def __init__(self, app: App, url: str, token: str) -> None:
        self._bot = app.bot
        self._clock: Clock = app.bot_data.clock
        self._url = url
        self._secret = secret_of(token)
        self.trouble: str | None = "the webhook is not set yet"

    async def keep(self, stop: asyncio.Event) -> None:
        """Until `stop`. The webhook stays set after that: Telegram keeps updates meanwhile."""
        failures = 0
        is_set = False
        while not stop.is_set():
            try:
                is_set = is_set and await self._is_well()
                if not is_set:
                    await self._set()
                    is_set = True
                failures = 0
            except TelegramError as error:
                failures += 1
                self.trouble = f"the webhook could not be set: {type(error).__name__}"
                log.warning("could not set the webhook", error=error.message)
            wait = WAITS[min(failures, len(WAITS)) - 1] if failures else LOOKED_AT_EVERY
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await stop.wait()

    async def _set(self) -> None:
        """Nothing that waits is dropped."""
        await self._bot.set_webhook(
            self._url,
            secret_token=self._secret,
            allowed_updates=updates.WANTED,
            max_connections=CONNECTIONS,
            drop_pending_updates=False,
        )
        log.info("the webhook is set")
        self.trouble = None

    async def _is_well(self) -> bool:
        """False where somebody has taken it away."""
        told = await self._bot.get_webhook_info()
        failed_at = told.last_error_date
        fresh = failed_at is not None and self._clock.now() - failed_at < FRESH
        self.trouble = f"Telegram could not deliver: {told.last_error_message}" if fresh else None
        return told.url == self._url
