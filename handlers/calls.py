"""Prepared calls: the cheap way out for what the ledger sends to many, and raw updates in.

A text is encoded once for all who get it; what is sent to one of them is joined from bytes. Of the
answer only the message's number is read. Errors are python-telegram-bot's, as its own calls raise.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

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

from handlers.gateway import Gateway, Lane, insist_on_private
from handlers.transport import AiohttpTransport, NoAnswerError

NUMBER = re.compile(rb'\s*\{\s*"ok"\s*:\s*true\s*,\s*"result"\s*:\s*\{\s*"message_id"\s*:\s*(\d+)')
AS_WANTED = "message is not modified"
LONG_POLL_MARGIN = 10  # seconds that a poll may take to travel

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Body:
    """JSON without its first brace, to be joined with whom it goes to."""

    content: bytes  # what an edit changes, too
    manner: bytes  # how it is delivered


class Calls:
    def __init__(
        self,
        base_url: str,
        transport: AiohttpTransport,
        gateway: Gateway,
        *,
        polling: AiohttpTransport,
        paid: bool,
    ) -> None:
        """The base url ends with the token; polls have a transport of their own."""
        self._send_url = f"{base_url}/sendMessage"
        self._edit_url = f"{base_url}/editMessageText"
        self._poll_url = f"{base_url}/getUpdates"
        self._transport = transport
        self._polling = polling
        self._gateway = gateway
        self._paid = paid

    def prepare(
        self,
        text: str,
        *,
        reply_markup: Mapping[str, Any] | None = None,
        silent: bool = False,
        protect: bool = False,
    ) -> Body:
        content: Json = {
            "text": text,
            "parse_mode": ParseMode.HTML,
            "link_preview_options": {"is_disabled": True},
        }
        if reply_markup is not None:
            content["reply_markup"] = reply_markup
        manner = {
            "disable_notification": silent,
            "protect_content": protect,
            "allow_paid_broadcast": self._paid,
        }
        return Body(_members(content), _members({key: True for key in manner if manner[key]}))

    async def send(self, body: Body, chat_id: int, lane: Lane, *, group: bool = False) -> int:
        """The message's number. Raises PersonalDataError for a group that is not meant."""
        if not group:
            insist_on_private(chat_id, "sendMessage")
        request = b'{"chat_id":%d%b%b}' % (chat_id, body.content, body.manner)
        return _number(await self._carried(self._send_url, request, chat_id, lane))

    async def edit(
        self, body: Body, chat_id: int, message_id: int, lane: Lane, *, group: bool = False
    ) -> None:
        """What reads so already is done."""
        if not group:
            insist_on_private(chat_id, "editMessageText")
        request = b'{"chat_id":%d,"message_id":%d%b}' % (chat_id, message_id, body.content)
        try:
            await self._carried(self._edit_url, request, chat_id, lane)
        except BadRequest as refused:
            if AS_WANTED not in refused.message.lower():
                raise

    async def get_updates(
        self,
        offset: int | None,
        timeout: int,  # noqa: ASYNC109 - Telegram keeps it, not we
        limit: int,
        allowed: Sequence[str],
    ) -> list[Json]:
        """Raw, as Telegram wrote them; waits `timeout` seconds for the first."""
        asked: Json = {"timeout": timeout, "limit": limit, "allowed_updates": list(allowed)}
        if offset is not None:
            asked["offset"] = offset
        status, payload = await self._polling.post_json(
            self._poll_url, json.dumps(asked).encode(), read_timeout=timeout + LONG_POLL_MARGIN
        )
        updates: list[Json] = _result(_accepted(status, payload)) or []
        return updates

    async def _carried(self, url: str, request: bytes, chat_id: int, lane: Lane) -> bytes:
        return await self._gateway.carry(self._post, (url, request), {}, lane=lane, chat=chat_id)

    async def _post(self, url: str, request: bytes) -> bytes:
        return _accepted(*await self._transport.post_json(url, request))


def _members(values: Json) -> bytes:
    ""","key":value for each."""
    encoded = json.dumps(values, ensure_ascii=False, separators=(",", ":"))[1:-1].encode()
    return b"," + encoded if encoded else b""


def _accepted(status: int, payload: bytes) -> bytes:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return payload
    raise error_of(status, AiohttpTransport.parse_json_payload(payload))


def _number(payload: bytes) -> int:
    """Without reading the message itself, where its number comes first, as it does."""
    if found := NUMBER.match(payload):
        return int(found[1])
    message = _result(payload)
    if isinstance(message, dict) and isinstance(number := message.get("message_id"), int):
        return number
    raise TelegramError("Invalid server response") from NoAnswerError("no message")


def _result(payload: bytes) -> Any:
    return AiohttpTransport.parse_json_payload(payload).get("result")


def error_of(status: int, answer: Json) -> TelegramError:
    """As `telegram.request.BaseRequest` does for its own calls."""
    parameters = answer.get("parameters") or {}
    if to := parameters.get("migrate_to_chat_id"):
        return ChatMigrated(to)
    if wait := parameters.get("retry_after"):
        return RetryAfter(wait)
    message = answer.get("description") or f"HTTP {status}"
    kinds: dict[int, type[TelegramError]] = {
        HTTPStatus.BAD_REQUEST: BadRequest,
        HTTPStatus.UNAUTHORIZED: InvalidToken,
        HTTPStatus.FORBIDDEN: Forbidden,
        HTTPStatus.NOT_FOUND: InvalidToken,
        HTTPStatus.CONFLICT: Conflict,
    }
    return kinds.get(status, NetworkError)(message)
