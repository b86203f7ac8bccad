"""getUpdates: confirmation, long polls, conflicts."""

import asyncio

import pytest

from tests.people import Desk
from tests.sandbox.conftest import Api

TERMINATED = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


async def texts(api: Api, **params: object) -> list[str]:
    return [update["message"]["text"] for update in await api.updates(**params)]


@pytest.mark.usefixtures("olena")
async def test_updates_stay_until_a_higher_offset_confirms_them(api: Api, desk: Desk) -> None:
    first = await desk.olena.says("1")
    await desk.olena.says("2")

    assert await texts(api) == ["1", "2"]
    assert await texts(api, offset=first["update_id"] + 1) == ["2"]
    assert await texts(api, offset=0) == ["2"]


@pytest.mark.usefixtures("olena")
async def test_ids_rise_by_one(desk: Desk) -> None:
    ids = [(await desk.olena.says(str(n)))["update_id"] for n in range(3)]

    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]


@pytest.mark.usefixtures("olena")
async def test_a_negative_offset_keeps_only_the_last(api: Api, desk: Desk) -> None:
    for n in range(4):
        await desk.olena.says(str(n))

    assert await texts(api, offset=-2) == ["2", "3"]
    assert await texts(api, limit=100) == ["2", "3"]


@pytest.mark.usefixtures("olena")
async def test_a_limit_is_kept(api: Api, desk: Desk) -> None:
    for n in range(3):
        await desk.olena.says(str(n))

    assert await texts(api, limit=2) == ["0", "1"]


@pytest.mark.usefixtures("olena")
async def test_the_same_offset_asked_again_at_once_gives_one_update(api: Api, desk: Desk) -> None:
    first = await desk.olena.says("1")
    await desk.olena.says("2")
    offset = first["update_id"]

    assert await texts(api, offset=offset) == ["1", "2"]
    assert await texts(api, offset=offset) == ["1"]


@pytest.mark.usefixtures("olena")
async def test_a_long_poll_ends_when_something_comes(api: Api, desk: Desk) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(api.updates(timeout=15))
        await desk.waits_for_poll()
        await desk.olena.says("endlich")

    assert poll.result()[0]["message"]["text"] == "endlich"


@pytest.mark.usefixtures("olena")
async def test_a_new_poll_ends_the_old_one(api: Api, desk: Desk) -> None:
    async with asyncio.TaskGroup() as group:
        old = group.create_task(api.refused("getUpdates", timeout=15))
        await desk.waits_for_poll()
        new = group.create_task(api.updates(offset=1, timeout=15))
        assert await old == TERMINATED
        await desk.olena.says("an den neuen")

    assert new.result()[0]["message"]["text"] == "an den neuen"


async def test_no_polling_beside_a_webhook(api: Api) -> None:
    await api.call("setWebhook", url="http://127.0.0.1:9/nowhere")

    assert await api.refused("getUpdates") == WEBHOOK_ACTIVE

    await api.call("deleteWebhook")
    assert await api.updates() == []


async def test_a_new_webhook_ends_the_poll(api: Api, desk: Desk) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(api.refused("getUpdates", timeout=15))
        await desk.waits_for_poll()
        await api.call("setWebhook", url="http://127.0.0.1:9/nowhere")

    assert poll.result() == "Conflict: terminated by setWebhook request"


@pytest.mark.usefixtures("olena")
async def test_unwanted_kinds_are_not_offered(api: Api, desk: Desk) -> None:
    await api.updates(offset=1, allowed_updates=["callback_query"])
    unheard = await desk.olena.says("x")

    await api.updates(offset=2, allowed_updates=[])
    heard = await desk.olena.says("y")

    assert unheard["update_id"] is None
    assert heard["update_id"]


async def test_updates_can_be_made_up_and_thrown_away(api: Api, desk: Desk) -> None:
    await desk.post("update", update={"update_id": 7, "brand_new_kind": {"x": 1}})

    (update,) = await api.updates()
    await desk.world.delete("updates", bot=desk.id)

    assert update == {"update_id": 7, "brand_new_kind": {"x": 1}}
    assert (await api.call("getWebhookInfo"))["pending_update_count"] == 0
