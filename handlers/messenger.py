"""The messenger: renders what the ledger asks for, sends it and says what became of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

import structlog
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

from bot.core.alerts import Alert
from bot.core.delivery import Body, Content
from bot.core.feedback import Feedback
from bot.core.ledger import (
    POLICIES,
    InDoubt,
    Kind,
    Later,
    Moved,
    NothingThere,
    Outcome,
    Parcel,
    Refused,
    Sent,
    Unreachable,
)
from bot.core.ledger import Lane as LedgerLane
from bot.core.news import Reading
from bot.core.people import Language
from handlers import calls
from handlers.calls import Calls
from handlers.gateway import Gateway, Lane, seconds_of
from handlers.transport import NotSentError
from handlers.views import delivery as views
from handlers.views import feedback, news
from handlers.views.screen import Screen
from locales.texts import Texts

log = structlog.get_logger()

LANES = {
    LedgerLane.CRITICAL: Lane.CRITICAL,
    LedgerLane.NEWS: Lane.NEWS,
    LedgerLane.DIGEST: Lane.DIGEST,
}
GONE = ("chat not found", "peer_id_invalid", "user is deactivated")
NOTHING_TO_EDIT = ("message to edit not found", "message can't be edited", "message_id_invalid")
OF_TEXT = (
    "can't parse entities",
    "is too long",
    "text is empty",
    "unsupported parse_mode",
    "button_data_invalid",
    "button_url_invalid",
    "inline keyboard expected",
    "object expected as reply markup",
)


@dataclass(frozen=True, slots=True)
class Rendered:
    prepared: calls.Body
    shown: str


class TelegramMessenger:
    def __init__(
        self,
        sending: Calls,
        gateway: Gateway,
        texts: Mapping[Language, Texts],
        sources: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._calls = sending
        self._gateway = gateway
        self._texts = texts
        self._sources = sources

    def prepare(self, kind: Kind, content: Content, language: Language) -> Body:
        screen = self._screen(kind, content, self._texts[language])
        shown = hashlib.sha256(screen.text.encode()).hexdigest()[:16]
        return Rendered(self._calls.prepare(screen.text), shown)

    async def deliver(self, parcel: Parcel, body: Body) -> Outcome:
        if not isinstance(body, Rendered):
            raise TypeError("a body that was prepared elsewhere")
        try:
            return Sent(await self._send(parcel, body))
        except TelegramError as error:
            return outcome_of(error)
        except Exception as error:
            log.error(  # noqa: TRY400 - a traceback may quote texts
                "a message could not be sent", row=parcel.id, error=type(error).__name__
            )
            raise

    def held(self) -> float:
        return self._gateway.held_until()

    async def _send(self, parcel: Parcel, body: Rendered) -> int:
        chat_id, lane = parcel.recipient.telegram_id, LANES[POLICIES[parcel.kind].lane]
        if parcel.edits_message is None:
            return await self._calls.send(body.prepared, chat_id, lane)
        if parcel.shown != body.shown:
            await self._calls.edit(body.prepared, chat_id, parcel.edits_message, lane)
        return parcel.edits_message

    def _screen(self, kind: Kind, content: Content, texts: Texts) -> Screen:
        match content:
            case Reading() if kind is Kind.NEWS_WITHDRAWAL:
                return views.withdrawn(content, texts, self._sources)
            case Reading():
                return news.item(content, texts, self._sources)
            case Alert():
                return views.alert(content, texts)
            case Feedback():
                return feedback.note(content, texts)
            case _:
                assert_never(content)


def outcome_of(error: TelegramError) -> Outcome:
    """What a failed call means for the message: surely not sent, refused for good, or unknown.

    The transport keeps its own error in __cause__.
    """
    match error:
        case RetryAfter():
            return Later("429", timedelta(seconds=seconds_of(error)))
        case Forbidden():
            return Unreachable()
        case ChatMigrated(new_chat_id=new_chat_id):
            return Moved(new_chat_id)
        case BadRequest(message=message):
            return _refusal(message)
        case InvalidToken() | Conflict():
            return Later(type(error).__name__)
        case NetworkError() if isinstance(error.__cause__, NotSentError):
            return Later(type(error).__name__)
        case _:
            return InDoubt(type(error.__cause__ or error).__name__)


def _refusal(message: str) -> Outcome:
    told = message.lower()
    if any(gone in told for gone in GONE):
        return Unreachable()
    if any(missing in told for missing in NOTHING_TO_EDIT):
        return NothingThere()
    return Refused(message, of_text=any(wrong in told for wrong in OF_TEXT))
