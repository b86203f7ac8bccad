"""The control interface: what people do, and how Telegram treats a bot."""

from collections.abc import Callable

from starlette.routing import Route

from sandbox.bots import Bot
from sandbox.control import bots, chats, people, sending, steering, tapping, watching
from sandbox.control.orders import Handler, answering
from sandbox.world import World


def routes(world: World, deliver: Callable[[Bot], None]) -> list[Route]:
    """`deliver` begins to serve a bot's webhook."""
    found: list[tuple[str, str, Handler]] = [
        entry
        for part in (people, chats, sending, tapping, watching, steering, bots)
        for entry in part.ROUTES
    ]
    return [
        Route(f"/control/{path}", answering(world, handler, deliver), methods=[verb])
        for verb, path, handler in found
    ]
