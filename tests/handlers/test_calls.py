import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from handlers.calls import Calls
from handlers.gateway import Gateway, Lane, PersonalDataError
from handlers.transport import AiohttpTransport, NoAnswerError
from tests.handlers.wire import Wire, answer, wire

OLENA, GROUP = 1001, -42
TOKEN = "424242:" + "x" * 35
SENT = answer(200, b'{"ok":true,"result":{"message_id":77,"date":0,"text":"{\\"ok\\":false}"}}')
SPACED = answer(200, b'{"result" : {"date": 0, "message_id": 78}, "ok": true}')
YES = answer(200, b'{"ok":true,"result":true}')
AS_IT_WAS = "Bad Request: message is not modified: specified new message content is the same"


def refusal(code: int, description: str, **parameters: int) -> bytes:
    told: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        told["parameters"] = parameters
    return answer(code, json.dumps(told).encode())


REFUSALS = [
    refusal(429, "Too Many Requests: retry after 40", retry_after=40),
    refusal(403, "Forbidden: bot was blocked by the user"),
    refusal(400, "Bad Request: chat not found"),
    refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001),
    refusal(401, "Unauthorized"),
    refusal(404, "Not Found"),
    refusal(409, "Conflict: terminated by other getUpdates request"),
    refusal(500, "Internal Server Error: restart"),
    refusal(502, "Bad Gateway"),
]


@pytest.fixture(autouse=True)
def new_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@asynccontextmanager
async def calls_to(
    server: Wire, *, paid: bool = False, read_timeout: float = 5
) -> AsyncIterator[Calls]:
    way = AiohttpTransport(server.url, connections=4, read_timeout=read_timeout)
    base_url = f"{server.url}/bot{TOKEN}"
    async with way:
        yield Calls(base_url, way, Gateway(), polling=way, paid=paid)


async def failure(work: Awaitable[object]) -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        await work
    return caught.value


async def test_one_body_is_sent_to_many() -> None:
    async with wire(SENT) as telegram, calls_to(telegram) as calls:
        body = calls.prepare("<b>Табір</b>", reply_markup={"inline_keyboard": []}, silent=True)
        numbers = [await calls.send(body, chat, Lane.NEWS) for chat in (OLENA, OLENA + 1)]

    assert numbers == [77, 77]
    assert [json.loads(asked.body) for asked in telegram.asked] == [
        {
            "chat_id": chat,
            "text": "<b>Табір</b>",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": []},
            "disable_notification": True,
        }
        for chat in (OLENA, OLENA + 1)
    ]
    assert telegram.asked[0].line == f"POST /bot{TOKEN}/sendMessage HTTP/1.1"
    assert telegram.asked[0].headers["content-type"] == "application/json"


async def test_protection_and_payment_are_asked_for() -> None:
    async with wire(SENT) as telegram, calls_to(telegram, paid=True) as calls:
        await calls.send(calls.prepare("Hallo", protect=True), OLENA, Lane.NEWS)

    asked = json.loads(telegram.asked[0].body)
    assert (asked["protect_content"], asked["allow_paid_broadcast"]) == (True, True)
    assert "disable_notification" not in asked


async def test_the_number_is_found_wherever_it_stands() -> None:
    async with wire(SPACED) as telegram, calls_to(telegram) as calls:
        assert await calls.send(calls.prepare("Hallo"), OLENA, Lane.NEWS) == 78


async def test_an_edit_says_what_is_to_be_read_and_not_how_it_was_sent() -> None:
    async with wire(SENT) as telegram, calls_to(telegram, paid=True) as calls:
        await calls.edit(calls.prepare("Hallo", silent=True), OLENA, 77, Lane.NEWS)

    assert telegram.asked[0].line == f"POST /bot{TOKEN}/editMessageText HTTP/1.1"
    assert json.loads(telegram.asked[0].body) == {
        "chat_id": OLENA,
        "message_id": 77,
        "text": "Hallo",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }


async def test_an_edit_that_changes_nothing_has_been_made() -> None:
    async with wire(refusal(400, AS_IT_WAS)) as telegram, calls_to(telegram) as calls:
        await calls.edit(calls.prepare("Hallo"), OLENA, 77, Lane.NEWS)

    assert len(telegram.asked) == 1


async def test_an_edit_of_what_is_gone_is_an_error() -> None:
    gone = refusal(400, "Bad Request: message to edit not found")
    async with wire(gone) as telegram, calls_to(telegram) as calls:
        with pytest.raises(BadRequest):
            await calls.edit(calls.prepare("Hallo"), OLENA, 77, Lane.NEWS)


@pytest.mark.parametrize("told", REFUSALS)
async def test_errors_are_the_ones_of_the_librarys_own_calls(told: bytes) -> None:
    async with wire(told) as telegram, calls_to(telegram) as calls:
        ours = await failure(calls.send(calls.prepare("Hallo"), OLENA, Lane.NEWS))
        bot = Bot(TOKEN, base_url=f"{telegram.url}/bot", request=calls._transport)
        theirs = await failure(bot.send_message(OLENA, "Hallo"))

    assert type(ours) is type(theirs)
    assert ours.__reduce__() == theirs.__reduce__()
    assert type(ours.__cause__) is type(theirs.__cause__)


@pytest.mark.parametrize("told", [b'{"ok":true,"resu', b'{"ok":true}', b'{"result":[]}'])
async def test_an_answer_that_names_no_message_leaves_it_in_doubt(told: bytes) -> None:
    async with wire(answer(200, told)) as telegram, calls_to(telegram) as calls:
        error = await failure(calls.send(calls.prepare("Hallo"), OLENA, Lane.NEWS))

    assert isinstance(error.__cause__, NoAnswerError)


@pytest.mark.parametrize("chat", [GROUP, 0])
async def test_what_the_ledger_sends_does_not_go_to_a_group_by_mistake(chat: int) -> None:
    async with wire(SENT) as telegram, calls_to(telegram) as calls:
        body = calls.prepare("Hallo")
        with pytest.raises(PersonalDataError):
            await calls.send(body, chat, Lane.CRITICAL)
        with pytest.raises(PersonalDataError):
            await calls.edit(body, chat, 77, Lane.CRITICAL)

    assert telegram.asked == []


async def test_a_group_that_is_meant_gets_it() -> None:
    async with wire(SENT) as telegram, calls_to(telegram) as calls:
        await calls.send(calls.prepare("Hallo"), GROUP, Lane.NEWS, group=True)
        await calls.edit(calls.prepare("Hallo"), GROUP, 77, Lane.NEWS, group=True)

    assert [json.loads(asked.body)["chat_id"] for asked in telegram.asked] == [GROUP, GROUP]


async def test_the_gateway_holds_prepared_calls_too() -> None:
    told = refusal(429, "Too Many Requests: retry after 40", retry_after=40)
    async with wire(told) as telegram, calls_to(telegram) as calls:
        for _ in range(2):
            with pytest.raises(RetryAfter):
                await calls.send(calls.prepare("Hallo"), OLENA, Lane.NEWS)

    assert len(telegram.asked) == 1


async def test_updates_come_as_telegram_wrote_them() -> None:
    updates = [{"update_id": 5, "message": {"text": "Привіт", "a_new_field": {"of": "Telegram"}}}]
    told = answer(200, json.dumps({"ok": True, "result": updates}).encode())
    async with wire(told) as telegram, calls_to(telegram) as calls:
        assert await calls.get_updates(5, 25, 100, ["message"]) == updates
        await calls.get_updates(None, 0, 1, [])

    assert [json.loads(asked.body) for asked in telegram.asked] == [
        {"offset": 5, "timeout": 25, "limit": 100, "allowed_updates": ["message"]},
        {"timeout": 0, "limit": 1, "allowed_updates": []},
    ]


async def test_a_poll_that_meets_another_is_a_conflict() -> None:
    async with wire(REFUSALS[6]) as telegram, calls_to(telegram) as calls:
        error = await failure(calls.get_updates(5, 25, 100, []))

    assert type(error).__name__ == "Conflict"


async def test_a_poll_may_take_as_long_as_it_was_told_to() -> None:
    async with wire(None) as telegram, calls_to(telegram, read_timeout=0.02) as calls:
        with pytest.raises(TimedOut):
            await calls.send(calls.prepare("Hallo"), OLENA, Lane.NEWS)
        with pytest.raises(TimeoutError):  # ours: the poll itself still waits
            async with asyncio.timeout(0.1):
                await calls.get_updates(None, 25, 100, [])


async def test_a_page_in_place_of_updates_is_an_error() -> None:
    async with wire(answer(200, b"<html>", "text/html")) as telegram, calls_to(telegram) as calls:
        with pytest.raises(NetworkError):
            await calls.get_updates(None, 25, 100, [])


async def test_an_edit_may_be_answered_by_yes() -> None:
    async with wire(YES) as telegram, calls_to(telegram) as calls:
        await calls.edit(calls.prepare("Hallo"), OLENA, 77, Lane.NEWS)

    assert len(telegram.asked) == 1
