"""The Bot API over HTTP: token, method, faults, envelope."""

import asyncio
import inspect
import time
from urllib.parse import unquote

from starlette.types import Receive, Scope, Send

from sandbox.asking import Asked
from sandbox.bots import Bot
from sandbox.calls import Answered
from sandbox.connection import hang_up
from sandbox.deliveries import Deliveries
from sandbox.errors import ApiError
from sandbox.faults import CutError
from sandbox.methods import METHODS
from sandbox.receiving import Files, read_parameters
from sandbox.uploads import Uploads
from sandbox.wire import Json, encode
from sandbox.world import World

_LONGEST_TOKEN = 80
_OK = 200
_HEADERS = [(b"content-type", b"application/json"), (b"access-control-allow-origin", b"*")]


class BotApi:
    """An ASGI application of its own: benchmarks feel every layer."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.deliveries = Deliveries(self.perform)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            bot, method = self._addressed(scope["path"])
            params, files = await read_parameters(scope, receive)
            status, body, headers = await self._answered(bot, method, params, files)
        except ApiError as problem:
            status, body, headers = _failure(problem)
        except CutError:
            hang_up(scope)
            return
        await _send(send, status, body, headers)

    async def perform(self, bot: Bot, method: str, params: Json) -> None:
        """A call that came as a webhook's answer: nobody hears what becomes of it."""
        try:
            await self._answered(bot, method, params, {})
        except CutError:
            return

    async def download(self, scope: Scope, send: Send) -> None:
        """Answers `/file/bot<token>/<path>`."""
        token, _, path = scope["path"].removeprefix("/file/bot").partition("/")
        bot = self._world.bot_of(token)
        found = Uploads(self._world.store).content(bot.id, unquote(path)) if bot else None
        if found is None:
            await _send(send, *_failure(ApiError(404, "Not Found") if bot else _unauthorized()))
            return
        content, mime_type = found
        headers = [(b"content-type", mime_type.encode()), _length(content)]
        await send({"type": "http.response.start", "status": _OK, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _addressed(self, path: str) -> tuple[Bot, str]:
        token, _, method = path.removeprefix("/bot").partition("/")
        if not method or "/" in method:
            raise ApiError(404, "Not Found")
        if ":" not in token or token.startswith("0") or len(token) > _LONGEST_TOKEN:
            raise ApiError(401, "Unauthorized: invalid token specified")
        bot = self._world.bot_of(token)
        if bot is None:
            raise _unauthorized()
        return bot, method

    async def _answered(
        self, bot: Bot, method: str, params: Json, files: Files
    ) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
        begin = time.perf_counter()
        shown = params | {k: f"<{f.name}, {len(f.content)} bytes>" for k, f in files.items()}
        name, _ = METHODS.get(method.lower(), (method, None))
        call = bot.calls.begin(name, shown, time.time())
        description = ""
        status = 0
        try:
            result = await self._result(bot, method.lower(), params, files)
            status = _OK
            body = f'{{"ok":true,"result":{encode(result)}}}'.encode("utf-8", "surrogatepass")
        except ApiError as problem:
            status, description = problem.code, problem.description
            return _failure(problem)
        else:
            return status, body, []
        finally:
            _finish(bot, call, status, description, begin)

    async def _result(self, bot: Bot, method: str, params: Json, files: Files) -> object:
        fault = bot.faults.next(method, str(params.get("chat_id", "")))
        if fault is not None:
            await fault.before()
        if bot.limits.latency:
            await asyncio.sleep(bot.limits.latency)
        found = METHODS.get(method)
        if found is None:
            raise ApiError(404, "Not Found: method not found")
        result = found[1](Asked(self._world, bot, params, files, self.deliveries.serve))
        if inspect.isawaitable(result):
            result = await result
        if fault is not None:
            await fault.after_all()
        return result


def _finish(bot: Bot, call: Answered, status: int, description: str, begin: float) -> None:
    bot.calls.finish(call, status, description, (time.perf_counter() - begin) * 1000)


def _unauthorized() -> ApiError:
    return ApiError(401, "")


def _failure(problem: ApiError) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
    envelope: Json = {
        "ok": False,
        "error_code": problem.code,
        "description": problem.description,
    }
    headers = []
    if problem.parameters:
        envelope["parameters"] = problem.parameters
        if seconds := problem.parameters.get("retry_after"):
            headers.append((b"retry-after", str(seconds).encode()))
    return problem.code, encode(envelope).encode(), headers


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()


async def _send(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    every = [*_HEADERS, _length(body), *headers]
    await send({"type": "http.response.start", "status": status, "headers": every})
    await send({"type": "http.response.body", "body": body})
