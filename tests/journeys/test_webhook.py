"""By webhook everything works as by polling, and nobody but Telegram gets in."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from handlers.registration import secret_of
from handlers.webhook import HEADER
from tests.journeys.conftest import Start
from tests.journeys.processes import PATIENCE, bot_process
from tests.journeys.steps import subscribes
from tests.people import Desk, World
from tests.ports import free_port


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def url(port: int) -> str:
    return f"http://127.0.0.1:{port}/telegram/hook"


@pytest.fixture
def environment(environment: dict[str, str], port: int, url: str) -> dict[str, str]:
    return environment | {"HTTP_PORT": str(port), "WEBHOOK_URL": url}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.AsyncHTTPTransport(verify=False)
    async with httpx.AsyncClient(transport=transport, timeout=20) as client:
        yield client


async def test_a_person_notices_no_difference(desk: Desk, url: str) -> None:
    await desk.waits_for_calls("setWebhook")

    await subscribes(desk.olena, "uk")

    assert (await desk.registered())["webhook"]["url"] == url
    assert await desk.calls("getUpdates") == []


async def test_d5_an_update_posted_five_times_is_answered_once(
    desk: Desk, url: str, client: httpx.AsyncClient
) -> None:
    await subscribes(desk.juergen, "de")
    about = {"id": desk.juergen.id, "type": "private"}
    person = {"id": desk.juergen.id, "is_bot": False, "first_name": "Jürgen"}
    message = {"message_id": 900, "date": 1_785_000_000, "chat": about, "from": person}
    update = {"update_id": 7, "message": message | {"text": "Guten Tag"}}
    secret = {HEADER: secret_of(desk.token)}

    async with asyncio.TaskGroup() as group:
        posts = [group.create_task(client.post(url, json=update, headers=secret)) for _ in range(5)]

    assert [post.result().status_code for post in posts] == [200] * 5
    await desk.juergen.says("/help")
    await desk.juergen.sees("Mit einem Menschen sprechen")
    answers = [m for m in await desk.juergen.messages() if "versteht nur Knöpfe" in m.text]
    assert len(answers) == 1


async def test_s6_without_the_secret_nobody_gets_in(
    desk: Desk, url: str, client: httpx.AsyncClient
) -> None:
    await desk.waits_for_calls("setWebhook")

    assert (await client.post(url, json={"update_id": 7})).status_code == 401
    wrong = {HEADER: secret_of(desk.token + "x")}
    assert (await client.post(url, json={"update_id": 7}, headers=wrong)).status_code == 403


async def test_what_comes_while_nobody_is_there_is_answered_after_the_start(
    environment: dict[str, str], world: World, token: str, url: str
) -> None:
    desk = world.bot(token)
    async with bot_process(environment):
        await subscribes(desk.juergen, "de")

    assert (await desk.registered())["webhook"]["url"] == url
    await desk.juergen.says("/help")
    async with bot_process(environment):
        await desk.juergen.sees("Mit einem Menschen sprechen", PATIENCE)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_polls_again_takes_the_webhook_away(
    environment: dict[str, str], world: World, token: str
) -> None:
    desk = world.bot(token)
    async with bot_process(environment):
        await desk.waits_for_calls("setWebhook", patience=PATIENCE)
    async with bot_process(environment | {"WEBHOOK_URL": ""}):
        await desk.waits_for_poll()

        await desk.juergen.says("/help")
        await desk.juergen.sees("Mit einem Menschen sprechen", PATIENCE)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_port_that_is_taken_is_said_at_once(
    environment: dict[str, str], port: int, start: Start
) -> None:
    await start()

    async with bot_process(environment) as second:
        assert second.stderr is not None
        told = (await second.stderr.read()).decode()

        assert await second.wait() == 1
    assert told.startswith(f"HTTP_PORT: 127.0.0.1:{port}: Address already in use")
    assert "Traceback" not in told
