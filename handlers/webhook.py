"""The webhook: Telegram posts, and hears 200 only when the update is in the inbox.

https://core.telegram.org/bots/api#setwebhook. Whoever does not know the secret is turned away
before a byte of the body is read.
"""

import hmac
import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core.inbox import Incoming
from bot.core.ports import StoreUnavailableError
from handlers import updates
from handlers.registration import secret_of

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1024 * 1024  # bytes; Telegram's updates have a few thousand
AGAIN_SECONDS = 5


class TooLargeError(Exception):
    """The body is longer than any update."""


class Doors(Protocol):
    @property
    def has_room(self) -> bool: ...

    async def keep(self, updates: Sequence[Incoming]) -> None:
        """Once this returns they are written down. Raises StoreUnavailableError."""
        ...


def route(path: str, token: str, intake: Callable[[], Doors | None]) -> Route:
    """`intake()` is None while another process leads."""
    secret = secret_of(token).encode()

    async def receive(request: Request) -> Response:
        if refusal := _refusal(request.headers.get(HEADER), secret):
            return Response(status_code=refusal)
        doors = intake()
        if doors is None or not doors.has_room:
            return _later()
        try:
            update = updates.read(json.loads(await _body(request)))
        except TooLargeError:
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except (ValueError, RecursionError, ClientDisconnect):
            update = None
        return await _kept(doors, update)

    return Route(path, receive, methods=["POST"])


def _refusal(given: str | None, secret: bytes) -> int | None:
    if given is None:
        return HTTPStatus.UNAUTHORIZED
    same = hmac.compare_digest(given.encode(), secret)
    return None if same else HTTPStatus.FORBIDDEN


async def _kept(intake: Doors, update: Incoming | None) -> Response:
    if update is None:
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    try:
        await intake.keep([update])
    except StoreUnavailableError:
        return _later()
    return Response()


async def _body(request: Request) -> bytes:
    """Raises TooLargeError as soon as that is known."""
    if int(request.headers.get("Content-Length", "0")) > LARGEST:
        raise TooLargeError
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise TooLargeError
    return bytes(body)


def _later() -> Response:
    return Response(
        status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(AGAIN_SECONDS)}
    )
