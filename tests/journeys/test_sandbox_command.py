"""python -m bot sandbox, as `make run` starts it without a token."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOT
from tests.journeys.steps import subscribes
from tests.people import World

TOKEN = "424242:sandbox-token-that-opens-nothing-at-all"  # the sandbox's own, opens nothing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation's folder; data and keys are made in it."""
    (tmp_path / "config").symlink_to(ROOT / "config")
    return tmp_path


async def test_a_second_start_finds_everything_as_it_was(folder: Path) -> None:
    async with started(folder) as world:
        olena = world.bot(TOKEN).olena
        await subscribes(olena, "uk", "Культура")

    async with started(folder) as world:
        olena = world.bot(TOKEN).olena
        first, *_ = await olena.messages()
        assert first.text == "/start"
        await olena.says("Мої теми")
        await olena.sees_button("✓ Культура")

    assert (folder / "data/sandbox.db").is_file()
    assert (folder / "keys/encryption.key").stat().st_mode & 0o777 == 0o600


async def test_articles_are_published_by_themselves_and_reach_people(folder: Path) -> None:
    async with started(folder, "--publish-every", "4") as world:
        anna, olena = world.bot(TOKEN).anna, world.bot(TOKEN).olena
        await subscribes(anna, "de")
        await subscribes(olena, "uk")

        await anna.sees("Weiterlesen", patience=30)
        await olena.sees("Читати оригінал", patience=30)


@asynccontextmanager
async def started(folder: Path, *options: str) -> AsyncIterator[World]:
    """Ended as by Ctrl-C."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "sandbox", "--port", "0", *options,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(30):
        line = b""
        while b"Open http" not in line:
            line = await process.stdout.readline()
            assert line, "the sandbox ended"
    address = line.decode().split()[1]
    try:
        async with World(address) as world:
            yield world
    finally:
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(15):
            assert await process.wait() == 0
