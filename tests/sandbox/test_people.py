"""The people of the sandbox, and the way tests speak of them."""

import asyncio

import pytest

from tests.people import Desk, World
from tests.sandbox.conftest import Api


async def test_three_people_are_there_from_the_start(world: World) -> None:
    people = (await world.get("people"))[:3]

    assert [(p["id"], p["first_name"], p["language_code"]) for p in people] == [
        (1001, "Olena", "uk"),
        (1002, "Jürgen", "de"),
        (1003, "Anna", "de"),
    ]


async def test_someone_new_can_be_invited(desk: Desk, api: Api) -> None:
    taras = await desk.invite("Taras", "uk", last_name="Koval", username="taras")

    await taras.says("/start kurs")

    (update,) = await api.updates()
    sender = update["message"]["from"]
    assert sender["username"] == "taras"
    assert update["message"]["entities"][0] == {"type": "bot_command", "offset": 0, "length": 6}


async def test_a_person_sees_what_was_written_since_they_acted(
    api: Api, desk: Desk, olena: int
) -> None:
    await api.call("sendMessage", chat_id=olena, text="alt")
    await desk.olena.says("hallo")
    async with asyncio.TaskGroup() as group:
        seen = group.create_task(desk.olena.sees("neu"))
        await api.call("sendMessage", chat_id=olena, text="neu und alt")

    assert seen.result().text == "neu und alt"
    with pytest.raises(AssertionError, match=r"does not see 'fremd' but this:\n  .*start"):
        await desk.olena.sees("fremd", patience=0.02)


async def test_a_person_sees_edits(api: Api, desk: Desk, olena: int) -> None:
    sent = await api.call("sendMessage", chat_id=olena, text="a")
    await desk.olena.says("weiter")

    await api.call("editMessageText", chat_id=olena, message_id=sent["message_id"], text="b")

    assert (await desk.olena.sees("b")).raw["edit_date"]


async def test_a_missing_button_is_told_with_what_there_is(
    api: Api, desk: Desk, olena: int
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Ні", "callback_data": "no"}]]}
    await api.call("sendMessage", chat_id=olena, text="?", reply_markup=keyboard)

    with pytest.raises(AssertionError, match=r"no button 'Так' in this:(.|\n)*\[Ні\]"):
        await desk.olena.taps("Так", patience=0.02)


async def test_the_page_is_told_what_happens(api: Api, desk: Desk, olena: int) -> None:
    address = f"{desk.world.url}/control/events?bot={desk.id}&after=0"

    async with api.client.stream("GET", address) as stream, asyncio.timeout(5):
        await api.call("sendMessage", chat_id=olena, text="x")
        async for line in stream.aiter_lines():
            if '"type":"message"' in line and '"message_id":2' in line:
                break

    assert stream.headers["Content-Type"].startswith("text/event-stream")


async def test_a_crowd_can_be_written_to_at_once(api: Api, desk: Desk) -> None:
    await desk.post("crowd", first_id=70_000, count=100)

    assert await api.call("sendMessage", chat_id=70_099, text="x")
    assert await api.updates() == []


async def test_orders_are_refused_in_a_sentence(desk: Desk) -> None:
    with pytest.raises(AssertionError, match=r"404 .*There is no person 5"):
        await desk.person(5).says("x")
    with pytest.raises(AssertionError, match=r"400 .*Nothing to send"):
        await desk.olena.sends()
    with pytest.raises(AssertionError, match="bot must be a whole number"):
        await desk.world.get("bot", bot="x")
