import asyncio
from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from telegram import WebhookInfo
from telegram.error import BadRequest, NetworkError, TelegramError

from handlers.registration import Registration, secret_of
from tests.clock import NOON, StoppedClock
from tests.leaping_time import run

TOKEN = "424242:" + "t" * 35
URL = "https://bot.example.org/telegram"


def info(url: str = URL, *, failed: timedelta | None = None) -> WebhookInfo:
    at = None if failed is None else NOON - failed
    return WebhookInfo(url, False, 0, last_error_date=at, last_error_message="Connection refused")  # noqa: FBT003


class Telegram:
    def __init__(
        self, *, refusals: Sequence[TelegramError] = (), told: Sequence[WebhookInfo] = ()
    ) -> None:
        self.refusals = list(refusals)
        self.told = list(told)
        self.registered: list[dict[str, Any]] = []
        app: Any = SimpleNamespace(bot=self, bot_data=SimpleNamespace(clock=StoppedClock()))
        self.registration = Registration(app, URL, TOKEN)

    async def set_webhook(self, url: str, **how: Any) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.registered.append({"url": url, **how})

    async def get_webhook_info(self) -> WebhookInfo:
        return self.told.pop(0) if self.told else info()

    def watched(self, seconds: float) -> str | None:
        """What /health would say after that time."""

        async def watch() -> str | None:
            stop = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                group.create_task(self.registration.keep(stop))
                await asyncio.sleep(seconds)
                trouble = self.registration.trouble
                stop.set()
            return trouble

        return run(watch())


def test_telegram_is_told_where_we_are_and_drops_nothing() -> None:
    telegram = Telegram()

    assert telegram.watched(1) is None
    assert telegram.registered == [
        {
            "url": URL,
            "secret_token": secret_of(TOKEN),
            "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
            "max_connections": 40,
            "drop_pending_updates": False,
        }
    ]


def test_it_is_told_again_until_it_agrees() -> None:
    telegram = Telegram(refusals=[NetworkError("Bad Gateway"), BadRequest("bad webhook")])

    assert "could not be set" in str(telegram.watched(0.5))
    assert telegram.watched(10) is None
    assert len(telegram.registered) == 1


def test_a_webhook_that_somebody_took_away_is_set_again() -> None:
    telegram = Telegram(told=[info(), info(url="")])

    assert telegram.watched(130) is None
    assert len(telegram.registered) == 2


def test_what_telegram_could_not_deliver_lately_is_trouble() -> None:
    lately = Telegram(told=[info(failed=timedelta(minutes=1))])
    long_ago = Telegram(told=[info(failed=timedelta(hours=1))])

    assert "Connection refused" in str(lately.watched(61))
    assert long_ago.watched(61) is None
