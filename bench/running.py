"""Runs one client in a process of its own and reads what it prints last."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.peers.workers import Job, Ran

ROOT = Path(__file__).parent.parent
CONFIG = (ROOT / "bench/config", ROOT / "config")  # a search path: no sources, our partnership
TOKEN = "424242:" + "x" * 35
OTHER_TOKEN = "535353:" + "y" * 35  # whoever is measured at the same time


class ClientFailedError(Exception):
    """It ended badly; its own words stand on standard error."""


async def ran(program: str, job: Job, *, python: Path | None = None, within: float = 600) -> Ran:
    return Ran(**await answer(program, asdict(job), python=python, within=within))


async def answer(
    program: str, asked: Mapping[str, object], *, python: Path | None = None, within: float
) -> Any:
    """`program` is a module, `within` in seconds. Raises ClientFailedError, TimeoutError."""
    process = await asyncio.create_subprocess_exec(
        python or sys.executable,
        "-m",
        program,
        json.dumps(asked),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(within):
            told, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise ClientFailedError(f"{program} ended with {process.returncode}")
    return json.loads(told.splitlines()[-1])
