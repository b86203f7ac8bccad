"""An order to the sandbox: query and JSON body, read strictly, refused in a sentence."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.bots import Bot
from sandbox.chats import Chat
from sandbox.errors import ApiError, ControlError
from sandbox.people import Person
from sandbox.wire import Json, decode
from sandbox.world import World

_LONGEST_WAIT = 60.0
_LAST_EVENT = "last-event-id"


@dataclass(frozen=True, slots=True)
class Order:
    world: World
    given: Json
    deliver: Callable[[Bot], None]

    def text(self, name: str, default: str = "") -> str:
        value = self.given.get(name)
        return default if value is None else str(value)

    def number(self, name: str, default: int | None = None) -> int:
        value = self.given.get(name)
        if value is None and default is not None:
            return default
        try:
            return int(str(value))
        except ValueError:
            raise ControlError(400, f"{name} must be a whole number.") from None

    def seconds(self, name: str, default: float = 0) -> float:
        try:
            return float(self.given.get(name) or default)
        except (TypeError, ValueError):
            raise ControlError(400, f"{name} must be a number of seconds.") from None

    def flag(self, name: str) -> bool:
        return str(self.given.get(name, "")).lower() in ("true", "1")

    def wait(self) -> float:
        return min(self.seconds("wait"), _LONGEST_WAIT)

    def bot(self) -> Bot:
        return self.world.bot(self.number("bot"))

    def person(self, name: str = "from") -> Person:
        return self.person_with(self.number(name))

    def person_with(self, person_id: int) -> Person:
        person = self.world.people.get(person_id)
        if person is None:
            raise ControlError(404, f"There is no person {person_id}.")
        return person

    def chat(self, bot: Bot) -> Chat:
        """The one named, else the private chat with the person in `from`."""
        chat_id = self.number("chat", self.number("from", 0))
        person = self.world.people.get(chat_id)
        if chat_id not in bot.chats and person:
            return bot.chat(person.id, "private")
        if chat_id not in bot.chats:
            raise ControlError(404, f"The bot has no chat {chat_id}.")
        return bot.chats[chat_id]


Handler = Callable[[Order], Any]


def answering(
    world: World, handler: Handler, deliver: Callable[[Bot], None]
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            order = Order(world, await _given(request), deliver)
            result = handler(order)
            if isinstance(result, Awaitable):
                result = await result
        except ControlError as problem:
            return JSONResponse({"error": problem.sentence}, problem.code)
        except ApiError as problem:
            return JSONResponse({"error": problem.description}, problem.code)
        return result if isinstance(result, Response) else JSONResponse(result)

    return endpoint


async def _given(request: Request) -> Json:
    """A browser that reconnects to a stream names the last event in a header."""
    given: Json = {**request.query_params, **await _body(request), **request.path_params}
    if last := request.headers.get(_LAST_EVENT):
        given[_LAST_EVENT] = last
    return given


async def _body(request: Request) -> Json:
    raw = await request.body()
    try:
        body = decode(raw) if raw else {}
    except ValueError:
        raise ControlError(400, "The body is no JSON.") from None
    if not isinstance(body, dict):
        raise ControlError(400, "The body must be a JSON object.")
    return body
