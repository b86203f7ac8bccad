"""One sandbox for the whole run; every test has a bot of its own."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.people import Desk, World
from tests.seen import Json
from tests.started import started_sandbox


class Api:
    """The Bot API as a bot uses it, without a library in between."""

    def __init__(self, url: str, token: str, client: httpx.AsyncClient) -> None:
        self._address = f"{url}/bot{token}/"
        self.client = client

    async def answer(self, method: str, **params: Any) -> httpx.Response:
        return await self.client.post(self._address + method, json=params)

    async def call(self, method: str, **params: Any) -> Any:
        """The result, whatever it is; a refusal fails the test."""
        envelope = (await self.answer(method, **params)).json()
        assert envelope["ok"], envelope
        return envelope["result"]

    async def refused(self, method: str, **params: Any) -> str:
        """The description of a refusal."""
        answer = await self.answer(method, **params)
        envelope: Json = answer.json()
        assert not envelope["ok"], envelope
        assert envelope["error_code"] == answer.status_code
        return str(envelope["description"])

    async def updates(self, **params: Any) -> list[Json]:
        """What waits, without waiting for it."""
        found: list[Json] = await self.call("getUpdates", **params)
        return found


@pytest.fixture(scope="session")
def sandbox_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data: Path = tmp_path_factory.mktemp("sandbox") / "telegram.db"
    with started_sandbox(data) as url:
        yield url


@pytest.fixture
def token() -> str:
    return f"{secrets.randbelow(10**9) + 10**9}:{secrets.token_hex(18)}"


@pytest.fixture
async def world(sandbox_url: str) -> AsyncIterator[World]:
    async with World(sandbox_url) as world:
        yield world


@pytest.fixture
async def desk(world: World, token: str) -> Desk:
    """A bot without limits."""
    desk = world.bot(token)
    await desk.limits(on=False)
    return desk


@pytest.fixture
async def api(sandbox_url: str, token: str) -> AsyncIterator[Api]:
    transport = httpx.AsyncHTTPTransport(verify=False)
    async with httpx.AsyncClient(transport=transport, timeout=20) as client:
        yield Api(sandbox_url, token, client)


@pytest.fixture
async def olena(desk: Desk) -> int:
    """Her chat with the bot, which she has started; nothing waits for the bot any more."""
    await desk.olena.says("/start")
    await desk.world.delete("updates", bot=desk.id)
    return desk.olena.chat_id
