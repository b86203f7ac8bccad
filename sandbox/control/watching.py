"""Looking on: messages, calls, events; each can wait for something new."""

import time
from collections.abc import Callable
from typing import TypeVar

from starlette.responses import StreamingResponse

from sandbox.chats import Chat, Kept
from sandbox.control.orders import Handler, Order
from sandbox.events import Bell
from sandbox.rendering import as_html
from sandbox.wire import Json

T = TypeVar("T")


async def messages(order: Order) -> Json:
    bot = order.bot()
    chat_id, after = order.number("chat"), order.number("after", 0)

    def look() -> list[tuple[int, Kept]]:
        chat: Chat | None = bot.chats.get(chat_id)
        return chat.changed_since(after) if chat else []

    found = await _waited(look, bot.bell, order.wait())
    return {"messages": [_shown(kept) for _, kept in found], "version": bot.version}


async def calls(order: Order) -> list[Json]:
    bot = order.bot()
    method, after = order.text("method"), order.number("after", 0)
    return await _waited(lambda: bot.calls.since(after, method), bot.calls.bell, order.wait())


def events(order: Order) -> StreamingResponse:
    """Without `after` only what happens from now on."""
    source = order.world.events
    after = order.number("last-event-id", order.number("after", source.latest))
    stream = source.stream(order.number("bot"), after)
    return StreamingResponse(stream, media_type="text/event-stream")


async def updates(order: Order) -> Json:
    """Waits until the bot has confirmed every update, or has left `at_most` so many."""
    waiting, at_most = order.bot().updates, order.number("at_most", 0)

    def look() -> list[bool]:
        return [True] * (len(waiting) <= at_most)

    await _waited(look, waiting.bell, order.wait())
    return {"pending": len(waiting)}


async def polling(order: Order) -> Json:
    """Waits until the bot waits for updates."""
    poll = order.bot().polling
    found = await _waited(lambda: [True] * poll.is_open, poll.opened, order.wait())
    return {"polling": bool(found), "last_poll_at": poll.last_at}


async def _waited(look: Callable[[], list[T]], bell: Bell, seconds: float) -> list[T]:
    deadline = time.monotonic() + seconds
    while not (found := look()):
        left = deadline - time.monotonic()
        if left <= 0 or not await bell.wait(left):
            return look()
    return found


def _shown(kept: Kept) -> Json:
    message = kept.message
    text = message.get("text") or message.get("caption") or ""
    entities = message.get("entities") or message.get("caption_entities") or []
    message["html"] = as_html(text, entities)
    message["version"] = kept.version
    return message | kept.extra


ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "messages", messages),
    ("GET", "calls", calls),
    ("GET", "updates", updates),
    ("GET", "polling", polling),
    ("GET", "events", events),
]
