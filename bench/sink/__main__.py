"""python -m bench.sink: prints its port, serves on 127.0.0.1, ends with its standard input.

POST /bot<token>/<method>   as Telegram
POST /control/<token>       rules in JSON; forgets what was
GET  /control/<token>       the log: every call with time, chat, method and 429
GET  /control/<token>/count how many messages were accepted, how many polls came
"""

import asyncio
import json
import sys

from bench.sink.bot import Bot
from bench.sink.rules import Rules
from bench.sink.wire import Reply, Wire, framed

NOT_FOUND = framed(b'{"ok":false,"error_code":404,"description":"Not Found"}', 404)


class Sink:
    def __init__(self) -> None:
        self._bots: dict[bytes, Bot] = {}

    def answer(self, path: bytes, body: bytes, reply: Reply) -> None:
        where, _, what = path[1:].partition(b"/")
        if where == b"control":
            reply(self._control(what, body))
        elif where.startswith(b"bot"):
            bot = self._bots.get(where) or self._bots.setdefault(where, Bot(Rules()))
            bot.take(what, body, reply)
        else:
            reply(NOT_FOUND)

    def _control(self, token: bytes, body: bytes) -> bytes:
        token, _, what = token.partition(b"/")
        name = b"bot" + token
        if body:
            self._bots[name] = Bot(Rules.read(json.loads(body)))
            return framed(b"{}")
        known = self._bots.get(name)
        if known is None:
            return NOT_FOUND
        return framed(known.counted() if what else known.log())


async def serve() -> None:
    loop = asyncio.get_running_loop()
    sink = Sink()
    ended = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ended.set)  # readable at its end, nothing is ever written
    server = await loop.create_server(lambda: Wire(sink.answer), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve())
