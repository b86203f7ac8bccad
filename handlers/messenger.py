"""The messenger: sends what the ledger asks for and says what became of it."""

from collections.abc import Mapping
from datetime import timedelta

import httpx
import structlog
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import ExtBot

from bot.core.delivery import InDoubt, Kind, Later, Outcome, Parcel, Refused, Sent, Unreachable
from bot.core.people import Language
from handlers.gateway import Lane, seconds_of
from handlers.views import news
from handlers.views.screen import NO_PREVIEW
from locales.texts import Texts

log = structlog.get_logger()

NEVER_SENT = (httpx.PoolTimeout, httpx.ConnectTimeout, httpx.ConnectError)
GONE = ("chat not found", "peer_id_invalid", "user is deactivated")
AS_WANTED = "message is not modified"


class TelegramMessenger:
    def __init__(
        self,
        bot: ExtBot[Lane],
        texts: Mapping[Language, Texts],
        sources: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._bot = bot
        self._texts = texts
        self._sources = sources

    async def deliver(self, parcel: Parcel) -> Outcome:
        try:
            return Sent(await self._send(parcel))
        except TelegramError as error:
            return outcome_of(error, parcel)
        except Exception as error:  # noqa: BLE001 - our fault must not stop other messages
            log.error(  # noqa: TRY400 - a traceback may quote texts
                "a message could not be made", row=parcel.id, error=type(error).__name__
            )
            return Refused(type(error).__name__)

    async def _send(self, parcel: Parcel) -> int:
        texts = self._texts[parcel.reading.language]
        screen = news.item(parcel.reading, texts, self._sources)
        chat_id = parcel.person.telegram_id
        if parcel.kind is Kind.NEWS_EDIT and parcel.edits_message is not None:
            await self._bot.edit_message_text(
                screen.text,
                chat_id=chat_id,
                message_id=parcel.edits_message,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                rate_limit_args=Lane.BULK,
            )
            return parcel.edits_message
        message = await self._bot.send_message(
            chat_id,
            screen.text,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            rate_limit_args=Lane.BULK,
        )
        return message.message_id


def outcome_of(error: TelegramError, parcel: Parcel) -> Outcome:
    """What a failed call means for the message: surely not sent, refused for good, or unknown.

    python-telegram-bot keeps the transport's own error in __cause__.
    """
    match error:
        case RetryAfter():
            return Later("429", timedelta(seconds=seconds_of(error)))
        case Forbidden() | ChatMigrated():
            return Unreachable()
        case BadRequest(message=message) if AS_WANTED in message.lower():
            return Sent(parcel.edits_message or 0)
        case BadRequest(message=message) if any(gone in message.lower() for gone in GONE):
            return Unreachable()
        case BadRequest(message=message):
            return Refused(message)
        case InvalidToken() | Conflict():
            return Later(type(error).__name__)
        case NetworkError() if isinstance(error.__cause__, NEVER_SENT):
            return Later(type(error.__cause__).__name__)
        case _:
            return InDoubt(type(error.__cause__ or error).__name__)
