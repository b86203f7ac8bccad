"""Our own small server, in our loop: /health, and the webhook where one is set."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from typing import TYPE_CHECKING

import structlog

from bot.core.health import Report
from bot.settings import Settings, SettingsError

if TYPE_CHECKING:
    import uvicorn
    from starlette.routing import Route

log = structlog.get_logger()

LATEST = 1.0  # seconds; requests before that wait
GRACE = 5  # seconds for requests under way at the end
BACKLOG = 128

Look = Callable[[], Awaitable[Report]]
Routes = Callable[[], Sequence["Route"]]


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket | None]:
    """A port of our own; None where it is taken and nobody has to reach us from outside.
    Raises SettingsError where a webhook is set.
    """
    address = (settings.http_host, settings.http_port)
    with closing(_socket(settings.http_host)) as ours:
        try:
            ours.bind(address)
            ours.listen(BACKLOG)
        except OSError as refused:
            reason = f"HTTP_PORT: {address[0]}:{address[1]}: {refused.strerror}"
            if settings.webhook_url is not None:
                raise SettingsError(f"{reason}; Telegram could not reach the webhook") from None
            log.warning("there is no /health", reason=reason)
            yield None
        else:
            yield ours


async def serve(
    ours: socket.socket, look: Look, routes: Routes, *, settled: asyncio.Event, stop: asyncio.Event
) -> None:
    """Until `stop`. Begins when things have `settled`: the first poll leaves before."""
    await _first(settled, stop, LATEST)
    server = await asyncio.to_thread(_server, look, routes)
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[ours]))
        host, port = ours.getsockname()[:2]
        log.info("listening", host=host, port=port)
        await stop.wait()
        server.should_exit = True


def _socket(host: str) -> socket.socket:
    """Named as TCP, or asyncio would not switch off Nagle's delay of 40 ms."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    ours = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return ours


def _server(look: Look, routes: Routes) -> "uvicorn.Server":
    """Imported here and beside the loop: a start does not wait for it."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    class Quiet(uvicorn.Server):
        def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # SIGTERM is ours
            return nullcontext()

    async def health(request: Request) -> Response:
        del request
        report = await look()
        status = "ok" if not report.troubles else "trouble"
        told = {"status": status, **report.facts, "troubles": list(report.troubles)}
        return JSONResponse(told, status_code=503 if report.troubles else 200)

    return Quiet(
        uvicorn.Config(
            Starlette(routes=[Route("/health", health), *routes()]),
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=GRACE,
        )
    )


async def _first(one: asyncio.Event, other: asyncio.Event, seconds: float) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in (one, other)]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
