"""The whole bot as it is installed: python -m bot run, in a process of its own."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from bench.running import CONFIG, ROOT, TOKEN

STOPS_WITHIN = 15.0  # seconds; whoever has a stricter bar measures it


def settings(telegram: str, database: str, key: str, *, rate: int) -> Mapping[str, str]:
    """As an operator would write them into the environment."""
    return {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram,
        "DATABASE_URL": database,
        "ENCRYPTION_KEYS": key,
        "CONFIG_DIR": os.pathsep.join(map(str, CONFIG)),
        "BULK_RATE": str(rate),
        "LOG_LEVEL": "WARNING",
        "HTTP_PORT": "0",
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "127.0.0.1",
    }


@asynccontextmanager
async def running(told: Mapping[str, str]) -> AsyncIterator[Process]:
    """Ends it by SIGTERM, or by force where that does not help or the block fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=os.environ | told, cwd=ROOT
    )
    try:
        yield process
        if process.returncode is None:
            process.terminate()
            async with asyncio.timeout(STOPS_WITHIN):
                await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
