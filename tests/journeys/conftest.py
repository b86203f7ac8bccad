"""A bot of its own for each journey: real Telegram calls over HTTP, a real database, real feeds."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot import app, settings
from bot.app import Parts
from storage.sealing import new_key
from tests.people import ANNA, Desk, World
from tests.started import started_sandbox

ROOT = Path(__file__).parents[2]
KEY = new_key()
Start = Callable[..., Awaitable[Parts]]


@pytest.fixture(scope="session")
def sandbox_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with started_sandbox(tmp_path_factory.mktemp("telegram") / "telegram.db") as url:
        yield url


@pytest.fixture
async def world(sandbox_url: str) -> AsyncIterator[World]:
    """With the news site as it is at first: the journeys before this one left articles there."""
    async with World(sandbox_url) as world:
        await world.post("news/reset")
        await world.post("engine", mode="ok")
        yield world


@pytest.fixture
def token() -> str:
    return f"{secrets.randbelow(10**9) + 10**9}:{secrets.token_hex(18)}"


@pytest.fixture
def environment(token: str, sandbox_url: str, database_url: str, tmp_path: Path) -> dict[str, str]:
    """Of a bot in the sandbox, as the variables that an operator would set."""
    return {
        "BOT_TOKEN": token,
        "TELEGRAM_API_URL": sandbox_url,
        "DATABASE_URL": database_url,
        "CONFIG_DIR": f"{_hurried(tmp_path)}:{ROOT / 'config/sandbox'}:{ROOT / 'config'}",
        "OWNER_IDS": str(ANNA),
        "ENCRYPTION_KEYS": KEY,
        "SANDBOX_URL": sandbox_url,
        "HTTP_PORT": "0",
        "LOG_LEVEL": "WARNING",
    }


@pytest.fixture
async def start(
    environment: dict[str, str], world: World, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Start]:
    """Starts the bot in this process; stops it at the end as SIGTERM would."""
    del world  # made ready before the bot starts
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        running: list[asyncio.Task[None]] = []

        async def begin() -> Parts:
            parts = await stack.enter_async_context(app.opened(settings.load(_env_file=None)))
            loop = asyncio.get_running_loop()
            running.append(loop.create_task(app.serve(parts, stop)))
            await _first_import(parts)
            return parts

        yield begin
        stop.set()
        for task in running:
            await task


@pytest.fixture
async def desk(world: World, token: str, start: Start) -> Desk:
    """The bot runs, and its people can write to it."""
    await start()
    return world.bot(token)


async def _first_import(parts: Parts) -> None:
    """What is on the news site by then tells nobody; journeys begin after it."""
    async with asyncio.timeout(10):
        while True:
            async with parts.database.reading() as records:
                visits = (await records.visits()).values()
            if len(visits) == len(parts.configuration.sources) and all(
                visit.first_read_at for visit in visits
            ):
                return
            await asyncio.sleep(0.05)


def _hurried(folder: Path) -> Path:
    """The sandbox's sources, looked at as often as the schedule allows."""
    sources = (ROOT / "config/sandbox/sources.toml").read_text()
    (folder / "sources.toml").write_text(
        sources.replace("every_minutes = 0.05", "every_minutes = 0.001")
    )
    return folder
