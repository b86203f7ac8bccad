"""start: from the beginning of the process to the first getUpdates, beside the bare imports.

Both are measured in turn, in the same run. The server is a socket that answers getMe and notes
when getUpdates arrives, so that it costs next to nothing itself.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from bench import memory
from bench.report import Bar, line
from bench.running import CONFIG, TOKEN
from storage import schema
from storage.sealing import new_key

ROUNDS, QUICK_ROUNDS = 9, 3
RATIO = 1.6
MEGABYTES = 120
IMPORTS = (
    "import telegram.ext, sqlalchemy.ext.asyncio, aiosqlite, pydantic\n"
    "import apscheduler.schedulers.asyncio\n"
    "from telegram.ext import Application\n"
)
ME = {"id": 424242, "is_bot": True, "first_name": "Start", "username": "start_bot"}


class Telegram:
    """Just enough of one to be started against."""

    def __init__(self) -> None:
        self.polled = asyncio.Event()
        self.polled_at = 0.0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await reader.readexactly(_length(head))
                path = head.split(b" ", 2)[1]
                if path.endswith(b"getUpdates") and not self.polled.is_set():
                    self.polled_at = time.perf_counter()
                    self.polled.set()
                result = ME if path.endswith(b"getMe") else True
                body = json.dumps({"ok": True, "result": result}).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def measure(*, quick: bool) -> str:
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite+aiosqlite:///{Path(folder) / 'bot.db'}"
        await schema.migrate(database)
        starts: list[float] = []
        imports: list[float] = []
        sizes: list[float] = []
        for _ in range(QUICK_ROUNDS if quick else ROUNDS):
            imports.append(await _imports())
            seconds, megabytes = await _start(database)
            starts.append(seconds)
            sizes.append(megabytes)
    ratio = statistics.median(s / i for s, i in zip(starts, imports, strict=True))
    figures = {
        "start_seconds": statistics.median(starts),
        "imports_seconds": statistics.median(imports),
        "memory_mb": statistics.median(sizes),
    }
    return line(
        "start",
        figures,
        [
            Bar("start / imports", ratio, at_most=RATIO, needs_length=True),
            Bar("memory at the first getUpdates, MB", max(sizes), at_most=MEGABYTES),
        ],
        quick=quick,
    )


async def _imports() -> float:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", IMPORTS)
    await process.wait()
    return time.perf_counter() - began


async def _start(database: str) -> tuple[float, float]:
    telegram = Telegram()
    server = await asyncio.start_server(telegram.answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        env=os.environ | _environment(database, port),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(30):
            await telegram.polled.wait()
        return telegram.polled_at - began, memory.peak(process.pid)
    finally:
        process.kill()
        await process.wait()
        server.close()


def _environment(database: str, port: int) -> Mapping[str, str]:
    return {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": database,
        "ENCRYPTION_KEYS": new_key(),
        "CONFIG_DIR": os.pathsep.join(map(str, CONFIG)),
        "HTTP_PORT": "0",
    }


def _length(head: bytes) -> int:
    for header in head.split(b"\r\n"):
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
