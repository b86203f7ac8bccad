"""The bot as a process of its own, to be killed."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PATIENCE = 25.0


async def stopped(process: asyncio.subprocess.Process) -> int:
    """As a supervisor does, who kills after ten seconds; the exit code."""
    process.terminate()
    async with asyncio.timeout(10):
        return await process.wait()


async def says(lines: asyncio.StreamReader, text: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while line := await lines.readline():
            if text in line.decode():
                return
    raise AssertionError(f"the process never said {text!r}")


@asynccontextmanager
async def bot_process(environment: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        env=os.environ | environment,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
