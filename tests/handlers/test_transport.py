import asyncio
import json
import logging
import os
import socket
import ssl
import traceback
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import certifi
import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import RequestData

from handlers import transport
from handlers.transport import AiohttpTransport, NoAnswerError, NotSentError, proxy_to
from tests.handlers.wire import HANG_UP, answer, wire

TOKEN = "424242:" + "x" * 35
MESSAGE = {"message_id": 7, "date": 0, "chat": {"id": 1001, "type": "private"}, "text": "Привіт"}
DONE = answer(200, json.dumps({"ok": True, "result": MESSAGE}).encode())
PAGE = b"<html><body>Access to /bot" + TOKEN.encode() + b"/sendMessage denied</body></html>"
SOON = 0.05  # seconds


def refusal(code: int, description: str, **parameters: int) -> bytes:
    told: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        told["parameters"] = parameters
    return answer(code, json.dumps(told).encode())


@asynccontextmanager
async def bot_at(url: str, *, connections: int = 4, read_timeout: float = 5) -> AsyncIterator[Bot]:
    way = AiohttpTransport(url, connections=connections, read_timeout=read_timeout)
    async with way:
        yield Bot(TOKEN, base_url=f"{url}/bot", request=way)


async def failure(work: Awaitable[object]) -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        await work
    return caught.value


def unused_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the environment this runs in."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def test_a_message_is_sent_and_its_answer_read() -> None:
    async with wire(DONE) as telegram, bot_at(telegram.url) as bot:
        message = await bot.send_message(1001, "Привіт", disable_notification=True)

    assert (message.message_id, message.text) == (7, "Привіт")
    assert telegram.asked[0].line == f"POST /bot{TOKEN}/sendMessage HTTP/1.1"
    assert json.loads(telegram.asked[0].body) == {
        "chat_id": "1001",
        "text": "Привіт",
        "disable_notification": "true",
    }


async def test_requests_share_a_connection() -> None:
    async with wire(DONE) as telegram, bot_at(telegram.url) as bot:
        for _ in range(3):
            await bot.send_message(1001, "Hallo")

    assert (telegram.connections, len(telegram.asked)) == (1, 3)


async def test_a_file_is_uploaded() -> None:
    async with wire(DONE) as telegram, bot_at(telegram.url) as bot:
        await bot.send_document(1001, b"date;place\r\n", caption="Список", filename="Табір.csv")

    assert telegram.asked[0].headers["content-type"].startswith("multipart/form-data")
    body = telegram.asked[0].body.decode()
    assert "date;place\r\n" in body
    assert "Список" in body
    assert 'name="document"; filename="' in body


async def test_it_opens_again_after_it_was_closed() -> None:
    async with wire(DONE) as telegram:
        way = AiohttpTransport(telegram.url, connections=1)
        for _ in range(2):
            await way.initialize()
            await way.initialize()
            assert await way.post_json(telegram.url, b"{}") == (200, DONE.split(b"\r\n\r\n")[1])
            await way.shutdown()
            await way.shutdown()

    assert telegram.connections == 2


async def test_while_it_is_closed_nothing_is_sent() -> None:
    way = AiohttpTransport("http://127.0.0.1:1", connections=1)

    error = await failure(way.post_json("http://127.0.0.1:1", b"{}"))

    assert isinstance(error.__cause__, NotSentError)


async def test_nobody_listens_so_nothing_was_sent() -> None:
    async with bot_at(f"http://127.0.0.1:{unused_port()}") as bot:
        error = await failure(bot.send_message(1001, "Hallo"))

    assert type(error) is NetworkError
    assert isinstance(error.__cause__, NotSentError)


async def test_where_tls_fails_nothing_was_sent() -> None:
    def no_tls(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example\r\n")
        writer.close()

    async with await asyncio.start_server(no_tls, "127.0.0.1", 0) as mail:
        port = mail.sockets[0].getsockname()[1]
        async with bot_at(f"https://127.0.0.1:{port}") as bot:
            error = await failure(bot.send_message(1001, "Hallo"))

    assert type(error) is NetworkError
    assert isinstance(error.__cause__, NotSentError)


async def test_a_connection_that_takes_too_long_has_sent_nothing() -> None:
    async with wire(None) as silent, bot_at(silent.url.replace("http:", "https:")) as bot:
        error = await failure(bot.send_message(1001, "Hallo", connect_timeout=SOON))

    assert isinstance(error, TimedOut)
    assert isinstance(error.__cause__, NotSentError)


async def test_a_request_that_finds_no_free_connection_was_not_sent() -> None:
    soon = {"pool_timeout": SOON / 2, "connect_timeout": SOON / 2}
    async with (
        wire(None) as telegram,
        bot_at(telegram.url, connections=1) as bot,
        asyncio.TaskGroup() as group,
    ):
        first = group.create_task(failure(bot.send_message(1, "Hallo", read_timeout=4 * SOON)))
        await asyncio.sleep(0)
        error = await failure(bot.send_message(2, "Hallo", **soon))

    assert isinstance(error, TimedOut)
    assert isinstance(error.__cause__, NotSentError)
    assert isinstance(first.result().__cause__, NoAnswerError)


async def test_silence_leaves_it_in_doubt() -> None:
    async with wire(None) as telegram, bot_at(telegram.url, read_timeout=SOON) as bot:
        error = await failure(bot.send_message(1001, "Hallo"))

    assert isinstance(error, TimedOut)
    assert isinstance(error.__cause__, NoAnswerError)


async def test_an_answer_that_never_ends_is_given_up() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"
    async with wire(half) as telegram, bot_at(telegram.url, read_timeout=SOON) as bot:
        error = await failure(bot.send_message(1001, "Hallo"))

    assert isinstance(error.__cause__, NoAnswerError)


@pytest.mark.parametrize("told", [HANG_UP, b"HTTP/1.1 200 OK\r\nContent-", b"SSH-2.0-wrong\r\n"])
async def test_who_hangs_up_or_talks_nonsense_leaves_it_in_doubt(told: bytes) -> None:
    async with wire(told, HANG_UP) as telegram, bot_at(telegram.url, read_timeout=SOON) as bot:
        error = await failure(bot.send_message(1001, "Hallo"))

    assert isinstance(error, NetworkError)
    assert isinstance(error.__cause__, NoAnswerError)
    assert len(telegram.asked) == 1  # and it is not sent again


async def test_hanging_up_on_a_kept_connection_leaves_it_in_doubt_too() -> None:
    async with wire(DONE, HANG_UP) as telegram, bot_at(telegram.url) as bot:
        await bot.send_message(1001, "Hallo")
        error = await failure(bot.send_message(1001, "Hallo"))

    assert isinstance(error.__cause__, NoAnswerError)
    assert (telegram.connections, len(telegram.asked)) == (1, 2)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (refusal(429, "Too Many Requests: retry after 7", retry_after=7), RetryAfter),
        (refusal(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (refusal(400, "Bad Request: chat not found"), BadRequest),
        (refusal(401, "Unauthorized"), InvalidToken),
        (refusal(500, "Internal Server Error: restart"), NetworkError),
    ],
)
async def test_what_telegram_refuses_is_the_librarys_error(
    told: bytes, kind: type[TelegramError]
) -> None:
    async with wire(told) as telegram, bot_at(telegram.url) as bot:
        error = await failure(bot.send_message(1001, "Hallo"))

    assert type(error) is kind
    assert error.__cause__ is None


@pytest.mark.parametrize("status", [200, 403, 404, 502])
async def test_a_proxys_page_blames_neither_person_nor_token(status: int) -> None:
    told = answer(status, PAGE, "text/html")
    async with wire(told) as telegram, bot_at(telegram.url) as bot:
        error = await failure(bot.send_message(1001, "Hallo"))

    assert type(error) is NetworkError
    assert isinstance(error.__cause__, NoAnswerError)


async def test_a_redirect_is_not_followed() -> None:
    away = b"HTTP/1.1 307 Away\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    async with wire(away) as telegram, bot_at(telegram.url) as bot:
        await failure(bot.send_message(1001, "Hallo"))

    assert len(telegram.asked) == 1


async def test_a_cookie_is_not_kept() -> None:
    sweet = DONE.replace(b"\r\n\r\n", b"\r\nSet-Cookie: seen=1\r\n\r\n")
    async with wire(sweet) as telegram, bot_at(telegram.url) as bot:
        for _ in range(2):
            await bot.send_message(1001, "Hallo")

    assert "cookie" not in telegram.asked[1].headers


BROKEN = [None, HANG_UP, b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{"]


@pytest.mark.parametrize("told", [*BROKEN, answer(404, PAGE), answer(200, b'{"ok": ' + PAGE)])
async def test_no_failure_tells_the_token(
    told: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    """S5, at its source: not even where nobody redacts (only `Bot` itself, when it is made)."""
    async with wire(told, HANG_UP) as telegram, bot_at(telegram.url, read_timeout=SOON) as bot:
        caplog.set_level(logging.DEBUG)
        error = await failure(bot.send_message(1001, "Hallo"))

    assert TOKEN not in everything_about(error)
    assert TOKEN not in caplog.text


async def test_a_refused_connection_does_not_tell_the_token_either() -> None:
    async with bot_at(f"http://127.0.0.1:{unused_port()}") as bot:
        error = await failure(bot.send_message(1001, "Hallo"))

    assert TOKEN not in everything_about(error)


def everything_about(error: BaseException | None) -> str:
    """Also what a traceback would leave out."""
    told = []
    while error is not None:
        told += [str(error), repr(error), repr(error.args), *traceback.format_exception(error)]
        error = error.__cause__ or error.__context__
    return "\n".join(told)


async def test_a_request_goes_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with wire(DONE) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://olena:secret@127.0.0.1:{proxy.port}")
        async with bot_at("http://telegram.invalid") as bot:
            await bot.send_message(1001, "Hallo")

    assert proxy.asked[0].line.startswith(f"POST http://telegram.invalid/bot{TOKEN}/")
    assert proxy.asked[0].headers["proxy-authorization"].startswith("Basic ")


async def test_a_proxy_that_refuses_has_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with wire(answer(407, b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        async with bot_at("https://telegram.invalid") as bot:
            error = await failure(bot.send_message(1001, "Hallo"))

    assert proxy.asked[0].line.startswith("CONNECT telegram.invalid:443")
    assert isinstance(error.__cause__, NotSentError)


def test_a_server_on_this_machine_is_asked_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    monkeypatch.setenv("HTTP_PROXY", "proxy.example:3128")

    assert proxy_to("http://127.0.0.1:8081") is None
    assert proxy_to("https://localhost") is None
    assert proxy_to("https://api.telegram.org") == "http://proxy.example:3128"


def test_no_proxy_names_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "telegram.org")

    assert proxy_to("https://api.telegram.org") is None


def test_servers_must_prove_who_they_are() -> None:
    known = transport._certificates(None)

    assert known.verify_mode is ssl.CERT_REQUIRED
    assert known.check_hostname
    assert known.get_ca_certs()


def test_certificates_of_an_authority_of_ones_own_are_the_only_ones(tmp_path: Path) -> None:
    first = Path(certifi.where()).read_text("utf-8").partition("-----END CERTIFICATE-----")
    (tmp_path / "own.pem").write_text(first[0] + first[1] + "\n", "utf-8")

    assert len(transport._certificates(str(tmp_path / "own.pem")).get_ca_certs()) == 1


@pytest.mark.parametrize("given", [None, "/etc/ssl/own.pem"])
def test_importing_the_client_leaves_the_environment_as_it_was(
    given: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    if given is not None:
        monkeypatch.setenv("SSL_CERT_FILE", given)

    transport._import_aiohttp()

    assert os.environ.get("SSL_CERT_FILE") == given


async def test_each_call_may_have_its_own_limits() -> None:
    way = AiohttpTransport("http://127.0.0.1:1", connections=1, read_timeout=3)

    assert way.read_timeout == 3
    assert transport._timeout((10, 5, 5, None)).total is None
    assert transport._timeout((10, 5, 5, 35)).total == 55
    assert transport._timeout((10, 5, 5, 35)).sock_read == 35


async def test_a_file_is_fetched_as_it_is() -> None:
    packed = answer(200, b"\x1f\x8bnot json", "application/gzip")
    async with wire(packed) as telegram, AiohttpTransport(telegram.url, connections=1) as way:
        fetched = await way.retrieve(f"{telegram.url}/file/list.csv.gz")

    assert fetched == b"\x1f\x8bnot json"


async def test_a_request_without_parameters_is_answered() -> None:
    yes = answer(200, b'{"ok": true, "result": true}')
    async with wire(yes) as telegram, AiohttpTransport(telegram.url, connections=1) as way:
        assert await way.post(f"{telegram.url}/botX/deleteWebhook", RequestData()) is True
