"""Telegram's limits on messages, on by default."""

import pytest

from sandbox.chats import Chat
from sandbox.limits import Limits
from tests.people import Desk, World
from tests.sandbox.conftest import Api


@pytest.fixture
async def desk(world: World, token: str) -> Desk:
    """A bot with the limits that every bot has."""
    return world.bot(token)


async def test_a_private_chat_takes_five_at_once_and_then_one_a_second(
    api: Api, olena: int
) -> None:
    for _ in range(5):
        await api.call("sendMessage", chat_id=olena, text="x")

    answer = await api.answer("sendMessage", chat_id=olena, text="x")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    assert answer.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }


async def test_edits_count_and_answers_do_not(api: Api, olena: int) -> None:
    sent = await api.call("sendMessage", chat_id=olena, text="0")
    edit = {"chat_id": olena, "message_id": sent["message_id"]}
    for text in "1234":
        await api.call("editMessageText", text=text, **edit)

    assert (await api.answer("editMessageText", text="5", **edit)).status_code == 429
    for _ in range(5):
        await api.call("sendChatAction", chat_id=olena, action="typing")


async def test_so_many_a_second_over_all_chats(api: Api, desk: Desk) -> None:
    await desk.post("crowd", first_id=50_000, count=6)
    await desk.limits(on=True, overall=5)

    answers = [await api.answer("sendMessage", chat_id=50_000 + n, text="x") for n in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


async def test_twenty_a_minute_in_a_group(api: Api, desk: Desk) -> None:
    group = await desk.group("Hilfe", desk.anna)
    for _ in range(20):
        await api.call("sendMessage", chat_id=group, text="x")

    answer = (await api.answer("sendMessage", chat_id=group, text="x")).json()

    assert 55 <= answer["parameters"]["retry_after"] <= 60


async def test_who_does_not_wait_is_banned_when_so_wished(api: Api, desk: Desk, olena: int) -> None:
    await desk.limits(on=True, ban_seconds=30)
    for _ in range(5):
        await api.call("sendMessage", chat_id=olena, text="x")

    first = (await api.answer("sendMessage", chat_id=olena, text="x")).json()
    second = (await api.answer("sendMessage", chat_id=olena, text="x")).json()

    assert first["parameters"]["retry_after"] == 30
    assert second["parameters"]["retry_after"] == 30


async def test_without_limits_nothing_is_refused(api: Api, desk: Desk, olena: int) -> None:
    await desk.limits(on=False)

    for _ in range(40):
        await api.call("sendMessage", chat_id=olena, text="x")


def test_the_overall_window_is_strict() -> None:
    limits = Limits()
    waits = [limits.spend(Chat(number, "private")) for number in range(35)]

    assert waits == [0] * 30 + [1] * 5


def test_an_album_counts_for_as_many_messages_as_it_has() -> None:
    limits = Limits()
    chat = Chat(1, "group")

    assert [limits.spend(chat, messages=10) for _ in range(2)] == [0, 0]
    assert limits.spend(chat) > 0
