"""Everything put together: Bot API, control interface, news site, engine and page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import control, downloads, engine, news
from sandbox.bot_api import BotApi
from sandbox.errors import ApiError
from sandbox.world import World

_PAGE = Path(__file__).parent / "page"


class Sandbox:
    """The Bot API is asked first and without detours; starlette does the rest."""

    def __init__(self, path: str | Path, publish_every: float = 0) -> None:
        self._world = World(path)
        self._publish_every = publish_every
        self._api = BotApi(self._world)
        self._rest = self._composed()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path.startswith("/bot"):
            await self._api(scope, receive, send)
        elif path.startswith("/file/bot"):
            await self._api.download(scope, send)
        else:
            await self._rest(scope, receive, send)

    def end_polls(self) -> None:
        """Telegram's own answer when its server restarts."""
        for bot in self._world.bots.values():
            bot.polling.end(ApiError(500, "restart"))

    def _composed(self) -> ASGIApp:
        world = self._world
        routes: list[Route | Mount] = [
            *control.routes(world, self._api.deliveries.serve),
            *news.routes(world.store, world.events),
            *engine.routes(world.store),
            *downloads.routes(world.store),
            Mount("/", StaticFiles(directory=_PAGE, html=True, check_dir=False)),
        ]
        return Starlette(routes=routes, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        world = self._world
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(world.store.flush_regularly()),
                    group.create_task(self._api.deliveries.run(list(world.bots.values()))),
                ]
                if self._publish_every:
                    publishing = news.publish_regularly(
                        world.store, world.events, self._publish_every
                    )
                    tasks.append(group.create_task(publishing))
                yield
                for task in tasks:
                    task.cancel()
        finally:
            world.close()
