"""A word of the bot's own, outside any handler: an apology, a notice. Private chats only."""

import json
from collections.abc import Callable
from typing import Any

import structlog
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.core.inbox import Incoming
from bot.core.people import Person
from bot.core.ports import StoreUnavailableError
from handlers.context import STRANGER, App, spoken
from handlers.views.screen import Screen
from locales.texts import Texts

log = structlog.get_logger()


async def say(app: App, to: Incoming, what: Callable[[Texts], Screen]) -> None:
    """To whoever wrote, in the language they read; whatever prevents it is only logged."""
    if to.telegram_id is None or to.chat_id != to.telegram_id:
        return
    try:
        await app.bot.send_message(
            to.chat_id, what(await _texts_for(app, to)).text, parse_mode=ParseMode.HTML
        )
    except (TelegramError, StoreUnavailableError) as unsaid:
        log.warning("could not say a word", update=to.update_id, error=type(unsaid).__name__)


async def _texts_for(app: App, to: Incoming) -> Texts:
    services = app.bot_data
    async with services.store.reading() as records:
        known = await records.person_of(to.telegram_id or STRANGER)
    stranger = Person(STRANGER, to.chat_id, None, frozenset())
    return services.texts[spoken(known or stranger, _language_code(to.payload))]


def _language_code(payload: str) -> str | None:
    update: dict[str, Any] = json.loads(payload)
    happened = next((value for value in update.values() if isinstance(value, dict)), {})
    code = (happened.get("from") or {}).get("language_code")
    return code if isinstance(code, str) else None
