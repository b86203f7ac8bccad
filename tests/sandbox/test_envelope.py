"""How the Bot API is addressed and how it answers."""

import httpx
import pytest

from sandbox.errors import described
from tests.people import Desk
from tests.sandbox.conftest import Api


async def test_a_result_stands_in_an_envelope(api: Api, desk: Desk) -> None:
    answer = await api.answer("getMe")

    assert answer.status_code == 200
    assert answer.json()["ok"] is True
    assert answer.json()["result"]["id"] == desk.id


async def test_method_names_may_be_in_any_case(api: Api) -> None:
    assert (await api.call("GETME"))["is_bot"] is True


@pytest.mark.parametrize("how", ["query", "form", "json", "multipart"])
async def test_parameters_may_come_in_four_ways(api: Api, olena: int, how: str) -> None:
    address = f"{api._address}sendMessage"
    given = {"chat_id": str(olena), "text": "Grüße aus der Brückstraße"}
    ways = {"query": {"params": given}, "form": {"data": given}, "json": {"json": given},
            "multipart": {"data": given, "files": {"unused": b"x"}}}  # fmt: skip

    answer = await api.client.post(address, **ways[how])  # type: ignore[arg-type] # by way

    assert answer.json()["result"]["text"] == given["text"]


@pytest.mark.parametrize(
    ("path", "code", "description"),
    [
        ("/bot{token}/fly", 404, "Not Found: method not found"),
        ("/bot{token}", 404, "Not Found"),
        ("/bot{token}/", 404, "Not Found"),
        ("/botnonsense/getMe", 401, "Unauthorized: invalid token specified"),
        ("/bot0123:abc/getMe", 401, "Unauthorized: invalid token specified"),
        ("/bot123:short/getMe", 401, "Unauthorized"),
        ("/bot{token}x/getMe", 401, "Unauthorized"),
    ],
)
async def test_wrong_addresses_are_refused(
    api: Api, desk: Desk, path: str, code: int, description: str
) -> None:
    await api.call("getMe")

    answer = await api.client.get(desk.world.url + path.format(token=desk.token))

    assert answer.status_code == code
    assert answer.json() == {"ok": False, "error_code": code, "description": description}


async def test_a_body_that_is_no_json_is_refused(api: Api) -> None:
    headers = {"Content-Type": "application/json"}

    answer = await api.client.post(f"{api._address}getMe", content=b"{", headers=headers)

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (400, "Chat not found", "Bad Request: chat not found"),
        (400, "BUTTON_DATA_INVALID", "Bad Request: BUTTON_DATA_INVALID"),
        (400, "A_B", "Bad Request: A_B"),
        (403, "User is deactivated", "Forbidden: user is deactivated"),
        (401, "", "Unauthorized"),
        (409, "Conflict: x", "Conflict: x"),
        (500, "restart", "Internal Server Error: restart"),
    ],
)
def test_complaints_carry_the_prefix_of_their_code(code: int, text: str, expected: str) -> None:
    assert described(code, text) == expected


async def test_every_call_is_noted(api: Api, desk: Desk) -> None:
    await api.refused("sendMessage", chat_id=1, text="x")

    (noted,) = await desk.calls("sendMessage")

    assert noted["status"] == 400
    assert noted["description"] == "Bad Request: chat not found"
    assert noted["params"] == {"chat_id": 1, "text": "x"}


async def test_the_calls_of_other_bots_stay_theirs(api: Api, desk: Desk, sandbox_url: str) -> None:
    other = f"{desk.id + 1}:{'B' * 35}"
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(verify=False)) as client:
        await client.get(f"{sandbox_url}/bot{other}/getMe")

    await api.call("getMe")

    assert len(await desk.calls()) == 1
