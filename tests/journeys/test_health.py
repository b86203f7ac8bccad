"""/health says how things stand, with nothing in it that nobody should know."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.journeys.processes import bot_process
from tests.journeys.steps import subscribes
from tests.journeys.test_crash import answers
from tests.people import Desk, World
from tests.ports import free_port


class Health:
    """Asked over HTTP, as a supervisor would."""

    def __init__(self, client: httpx.AsyncClient, port: int) -> None:
        self._client = client
        self._url = f"http://127.0.0.1:{port}/health"

    async def asked(self) -> tuple[int, dict[str, Any]]:
        answer = await self._client.get(self._url)
        told: dict[str, Any] = answer.json()
        return answer.status_code, told

    async def becomes(self, role: str) -> dict[str, Any]:
        async with asyncio.timeout(20):
            while True:
                try:
                    _, told = await self.asked()
                    if told["role"] == role:
                        return told
                except httpx.ConnectError:
                    await asyncio.sleep(0.05)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.AsyncHTTPTransport(verify=False)
    async with httpx.AsyncClient(transport=transport, timeout=20) as client:
        yield client


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def environment(environment: dict[str, str], port: int) -> dict[str, str]:
    return environment | {"HTTP_PORT": str(port)}


async def test_a_leader_is_well_and_names_nobody(
    desk: Desk, client: httpx.AsyncClient, port: int
) -> None:
    await subscribes(desk.olena, "uk")
    await desk.waits_for_no_updates()

    status, told = await Health(client, port).asked()

    assert (status, told["status"], told["role"]) == (200, "ok", "leading")
    assert told["seconds_since_receiving"] < 10
    assert told["inbox_waiting"] <= 1
    assert str(desk.olena.id) not in json.dumps(told)
    assert desk.token.partition(":")[2] not in json.dumps(told)


async def test_d18_a_second_process_neither_receives_nor_sends_and_says_why(
    environment: dict[str, str],
    world: World,
    token: str,
    client: httpx.AsyncClient,
) -> None:
    desk = world.bot(token)
    second_port = free_port()
    async with bot_process(environment) as first:
        await answers(desk)
        polls = {call["n"] for call in await desk.calls("getUpdates")}
        async with bot_process(environment | {"HTTP_PORT": str(second_port)}):
            health = Health(client, second_port)

            told = await health.becomes("standby")

            assert (await health.asked())[0] == 200
            assert f"process {first.pid}" in told["why"]
            assert "another process leads" in told["why"]
            await answers(desk)
            conflicts = [
                call for call in await desk.calls("getUpdates") if call.get("status") == 409
            ]
            assert conflicts == []
            assert polls


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_bot_whose_port_is_taken_works_on_without_it(
    environment: dict[str, str], world: World, token: str, port: int
) -> None:
    desk = world.bot(token)
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", port)
    async with server, bot_process(environment):
        await answers(desk)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_telegram_out_of_reach_is_seen_before_anything_is_received(
    environment: dict[str, str], client: httpx.AsyncClient, port: int
) -> None:
    nobody = {"TELEGRAM_API_URL": f"http://127.0.0.1:{free_port()}"}
    async with bot_process(environment | nobody):
        health = Health(client, port)
        told = await health.becomes("starting")

        assert (await health.asked())[0] == 503
    assert told["troubles"] == ["not ready yet"]
