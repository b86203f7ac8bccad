"""What a restart of the sandbox leaves as it was."""

import asyncio
import secrets
from pathlib import Path

import httpx
import pytest

from tests.people import World
from tests.sandbox.conftest import Api
from tests.started import running_sandbox, started_sandbox

TOKEN = f"4242:{secrets.token_hex(18)}"
KEYBOARD = {"inline_keyboard": [[{"text": "Так", "callback_data": "yes"}]]}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "telegram.db"


async def prepare(url: str, client: httpx.AsyncClient) -> str:
    """Olena was asked something and has tapped; the tap waits. Its callback query's id."""
    api = Api(url, TOKEN, client)
    async with World(url) as world:
        desk = world.bot(TOKEN)
        await desk.olena.says("/start")
        await api.call("sendMessage", chat_id=desk.olena.id, text="Запис?", reply_markup=KEYBOARD)
        await api.call("setMyCommands", commands=[{"command": "help", "description": "Hilfe"}])
        await desk.invite("Taras", id=2001)
        await world.delete("updates", bot=desk.id)
        return str((await desk.olena.taps("Так"))["callback_query_id"])


async def test_chats_buttons_commands_and_updates_survive(data: Path) -> None:
    transport = httpx.AsyncHTTPTransport(verify=False)
    async with httpx.AsyncClient(transport=transport) as client:
        with started_sandbox(data) as url:
            query_id = await prepare(url, client)

        with started_sandbox(data) as url:
            api = Api(url, TOKEN, client)
            (update,) = await api.updates()
            edit = {"chat_id": 1001, "message_id": 2, "reply_markup": KEYBOARD}
            edited = await api.call("editMessageText", text="Noch?", **edit)
            sent = await api.call("sendMessage", chat_id=1001, text="neu")
            commands = await api.call("getMyCommands")
            async with World(url) as world:
                desk = world.bot(TOKEN)
                people = [person["id"] for person in await world.get("people")]
                await desk.olena.taps("Так")
                later = (await api.updates(offset=update["update_id"] + 1))[0]
            answered = await api.call("answerCallbackQuery", callback_query_id=query_id)

    assert update["callback_query"]["id"] == query_id
    assert answered is True
    assert edited["reply_markup"] == KEYBOARD
    assert sent["message_id"] == 3
    assert commands == [{"command": "help", "description": "Hilfe"}]
    assert people == [1001, 1002, 1003, 2001]
    assert later["update_id"] == update["update_id"] + 1


async def test_an_open_poll_is_told_that_the_server_restarts(data: Path) -> None:
    transport = httpx.AsyncHTTPTransport(verify=False)
    async with httpx.AsyncClient(transport=transport, timeout=20) as client:
        with running_sandbox(data) as (url, process):
            async with World(url) as world, asyncio.TaskGroup() as group:
                api = Api(url, TOKEN, client)
                poll = group.create_task(api.refused("getUpdates", timeout=15))
                await world.bot(TOKEN).waits_for_poll()
                process.terminate()
            code = process.wait(10)

    assert poll.result() == "Internal Server Error: restart"
    assert code == 0
