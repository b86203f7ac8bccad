"""Misbehaviour on demand, kind by kind."""

import httpx
import pytest

from tests.people import Desk
from tests.sandbox.conftest import Api


async def test_an_error_is_answered_as_ordered_and_once(api: Api, desk: Desk, olena: int) -> None:
    await desk.misbehaves("error", "sendMessage", code=502, description="Bad Gateway")

    answer = await api.answer("sendMessage", chat_id=olena, text="x")

    assert answer.status_code == 502
    assert answer.json()["description"] == "Bad Gateway"
    assert await api.call("sendMessage", chat_id=olena, text="x")


async def test_an_error_brings_along_what_telegram_would_tell_beside_it(
    api: Api, desk: Desk, olena: int
) -> None:
    to = {"migrate_to_chat_id": -1_000_000_000_042}
    await desk.misbehaves("error", "sendMessage", code=400, description="Moved", parameters=to)

    answer = await api.answer("sendMessage", chat_id=olena, text="x")

    assert answer.json()["parameters"] == to


async def test_parameters_that_are_no_object_are_refused_in_a_sentence(desk: Desk) -> None:
    with pytest.raises(AssertionError, match="parameters must be a JSON object"):
        await desk.misbehaves("error", parameters=[1])


async def test_a_429_names_the_seconds(api: Api, desk: Desk, olena: int) -> None:
    await desk.misbehaves("429", "sendMessage", retry_after=7)

    answer = await api.answer("sendMessage", chat_id=olena, text="x")

    assert answer.headers["Retry-After"] == "7"
    assert answer.json()["parameters"] == {"retry_after": 7}


async def test_a_fault_can_concern_one_chat_and_spare_the_first_calls(
    api: Api, desk: Desk, olena: int
) -> None:
    await desk.anna.says("/start")
    await desk.misbehaves("error", "sendMessage", chat=olena, after=1, times=2)

    mine = [await api.answer("sendMessage", chat_id=olena, text="x") for _ in range(4)]
    hers = await api.answer("sendMessage", chat_id=desk.anna.id, text="x")

    assert [answer.status_code for answer in mine] == [200, 500, 500, 200]
    assert hers.status_code == 200


async def test_faults_last_until_they_are_cleared(api: Api, desk: Desk) -> None:
    await desk.misbehaves("error", times=0)
    broken = [(await api.answer("getMe")).status_code for _ in range(3)]

    await desk.behaves()

    assert broken == [500, 500, 500]
    assert await api.call("getMe")


async def test_a_delay_only_delays(api: Api, desk: Desk) -> None:
    await desk.misbehaves("delay", "getMe", seconds=0.05)

    assert await api.call("getMe")

    (call,) = await desk.calls("getMe")
    assert call["ms"] >= 50


@pytest.mark.parametrize(("kind", "arrives"), [("hangup_before", False), ("hangup_after", True)])
async def test_a_cut_connection_says_nothing_of_what_was_done(
    api: Api, desk: Desk, olena: int, *, kind: str, arrives: bool
) -> None:
    await desk.misbehaves(kind, "sendMessage")

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await api.answer("sendMessage", chat_id=olena, text="da")

    assert ("da" in [m.text for m in await desk.olena.messages()]) is arrives


@pytest.mark.parametrize(("kind", "arrives"), [("silence", False), ("silence_after", True)])
async def test_silence_outlasts_the_clients_patience(
    api: Api, desk: Desk, olena: int, *, kind: str, arrives: bool
) -> None:
    await desk.misbehaves(kind, "sendMessage", seconds=30)

    with pytest.raises(httpx.ReadTimeout):
        await api.client.post(
            f"{api._address}sendMessage", json={"chat_id": olena, "text": "da"}, timeout=0.2
        )

    assert ("da" in [m.text for m in await desk.olena.messages()]) is arrives
    assert (await desk.calls("sendMessage"))[0]["status"] == 0


async def test_silence_ends_with_a_cut(api: Api, desk: Desk) -> None:
    await desk.misbehaves("silence", "getMe", seconds=0.05)

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await api.answer("getMe")


async def test_an_unknown_kind_is_refused_in_a_sentence(desk: Desk) -> None:
    with pytest.raises(AssertionError, match="kind must be one of delay"):
        await desk.misbehaves("hiccup")
