"""Webhooks: what is accepted, and how updates are delivered."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from tests.people import Desk
from tests.sandbox.conftest import Api

BAD_PORT = "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
BAD = "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"


@dataclass
class Hook:
    """A bot's web server: every request is noted; answers come from `answers`, then 200."""

    url: str = ""
    answers: list[bytes] = field(default_factory=list)
    requests: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def next(self) -> str:
        async with asyncio.timeout(8):
            return await self.requests.get()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        (length,) = [int(line.split(":")[1]) for line in head.lower().splitlines()
                     if line.startswith("content-length:")]  # fmt: skip
        body = (await reader.readexactly(length)).decode()
        writer.write(self.answers.pop(0) if self.answers else reply("200 OK"))
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        self.requests.put_nowait(head + body)


def reply(status: str, body: str = "", header: str = "") -> bytes:
    length = f"Content-Length: {len(body)}\r\nConnection: close\r\n"
    return f"HTTP/1.1 {status}\r\n{header}{length}\r\n{body}".encode()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    server = await asyncio.start_server(hook.serve, "127.0.0.1", 0)
    hook.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with server:
        yield hook


@pytest.mark.parametrize(
    ("how", "complaint"),
    [
        ({"url": "http://bruecke.example/x"}, BAD),
        ({"url": "https://bruecke.example:81/x"}, BAD_PORT),
        ({"url": "http://127.0.0.1/", "secret_token": "x" * 257},
         "Bad Request: secret token is too long"),
        ({"url": "http://127.0.0.1/", "secret_token": "geheim!"},
         "Bad Request: secret token contains unallowed characters"),
    ],
)  # fmt: skip
async def test_bad_webhooks_are_refused(api: Api, how: dict[str, str], complaint: str) -> None:
    assert await api.refused("setWebhook", **how) == complaint


async def test_a_second_webhook_within_a_second_has_to_wait(api: Api, hook: Hook) -> None:
    await api.call("setWebhook", url=hook.url)

    answer = await api.answer("setWebhook", url=hook.url)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"


@pytest.mark.usefixtures("olena")
async def test_updates_are_delivered_with_the_secret(api: Api, desk: Desk, hook: Hook) -> None:
    await api.call("setWebhook", url=hook.url, secret_token="geheim_1")

    await desk.olena.says("hallo")

    request = await hook.next()
    assert "x-telegram-bot-api-secret-token: geheim_1" in request.lower()
    assert '"text":"hallo"' in request
    await desk.waits_for_no_updates()


@pytest.mark.usefixtures("olena")
async def test_what_waited_before_is_delivered_too(api: Api, desk: Desk, hook: Hook) -> None:
    await desk.olena.says("früher")

    await api.call("setWebhook", url=hook.url)

    assert "früher" in await hook.next()


@pytest.mark.usefixtures("olena")
async def test_a_failed_delivery_is_repeated_in_order(api: Api, desk: Desk, hook: Hook) -> None:
    hook.answers = [reply("500 Internal Server Error")]
    await api.call("setWebhook", url=hook.url)

    await desk.olena.says("erstens")
    await desk.olena.says("zweitens")

    assert "erstens" in await hook.next()
    assert "erstens" in await hook.next()
    assert "zweitens" in await hook.next()
    info = await api.call("getWebhookInfo")
    assert info["last_error_message"] == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )


@pytest.mark.usefixtures("olena")
async def test_one_failing_chat_does_not_hold_up_the_others(
    api: Api, desk: Desk, hook: Hook
) -> None:
    await desk.anna.says("/start")
    hook.answers = [reply("503 Busy", header="Retry-After: 600\r\n")]
    await desk.world.delete("updates", bot=desk.id)
    await api.call("setWebhook", url=hook.url)

    await desk.olena.says("hakt")
    assert "hakt" in await hook.next()
    await desk.anna.says("geht")

    assert "geht" in await hook.next()
    await desk.waits_for_no_updates(but=1)


async def test_a_method_may_come_as_the_answer(
    api: Api, desk: Desk, hook: Hook, olena: int
) -> None:
    body = f'{{"method":"sendMessage","chat_id":{olena},"text":"gleich"}}'
    hook.answers = [reply("200 OK", body, "Content-Type: application/json\r\n")]
    await api.call("setWebhook", url=hook.url)

    await desk.olena.says("hallo")

    await desk.olena.sees("gleich")
