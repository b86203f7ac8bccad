import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.core.inbox import Incoming
from bot.core.ports import StoreUnavailableError
from handlers.registration import secret_of
from handlers.webhook import HEADER, LARGEST, route

TOKEN = "424242:" + "t" * 35
SECRET = secret_of(TOKEN)
UPDATE = {"update_id": 7, "message": {"message_id": 1, "chat": {"id": 1001}, "text": "Привіт"}}


@dataclass
class Doors:
    has_room: bool = True
    is_busy: bool = False
    kept: list[Incoming] = field(default_factory=list)

    async def keep(self, updates: Sequence[Incoming]) -> None:
        if self.is_busy:
            raise StoreUnavailableError
        self.kept += updates


@pytest.fixture
def doors() -> Doors:
    return Doors()


async def post(
    doors: Doors | None, body: object = UPDATE, *, secret: str | None = SECRET, path: str = "/hook"
) -> httpx.Response:
    app = Starlette(routes=[route("/hook", TOKEN, lambda: doors)])
    headers = {} if secret is None else {HEADER: secret}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://bot.example"
    ) as telegram:
        return await telegram.post(path, content=content, headers=headers)


def test_the_secret_is_derived_from_the_token_and_fits_telegrams_letters() -> None:
    assert hmac.new(TOKEN.encode(), b"webhook", hashlib.sha256).hexdigest() == SECRET
    assert secret_of(TOKEN + "x") != SECRET


async def test_an_update_is_kept_and_then_confirmed(doors: Doors) -> None:
    answer = await post(doors)

    assert answer.status_code == 200
    assert [(one.update_id, one.chat_id) for one in doors.kept] == [(7, 1001)]
    assert json.loads(doors.kept[0].payload) == UPDATE


@pytest.mark.parametrize(
    ("secret", "status"),
    [(None, 401), ("", 403), ("wrong", 403), (SECRET[:-1], 403), (SECRET + "x", 403), ("ü", 403)],
)
async def test_s6_who_does_not_know_the_secret_is_turned_away_with_the_body_unread(
    doors: Doors, secret: str | None, status: int
) -> None:
    answered: list[Any] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("the body was read")

    async def send(event: Any) -> None:
        answered.append(event)

    app = Starlette(routes=[route("/hook", TOKEN, lambda: doors)])
    given = [] if secret is None else [(HEADER.lower().encode(), secret.encode("latin-1"))]
    scope = {"type": "http", "method": "POST", "path": "/hook", "headers": given}
    await app(scope | {"query_string": b"", "root_path": ""}, receive, send)

    assert answered[0]["status"] == status
    assert doors.kept == []


async def test_a_body_that_is_too_long_is_not_read_to_its_end(doors: Doors) -> None:
    read: list[int] = []

    async def endless() -> Any:
        while True:
            read.append(65_536)
            yield b" " * 65_536

    app = Starlette(routes=[route("/hook", TOKEN, lambda: doors)])
    answered: list[Any] = []
    parts = endless()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": await anext(parts), "more_body": True}

    async def send(event: Any) -> None:
        answered.append(event)

    scope = {"type": "http", "method": "POST", "path": "/hook", "query_string": b""}
    headers = [(HEADER.lower().encode(), SECRET.encode())]
    await app(scope | {"headers": headers, "root_path": ""}, receive, send)

    assert answered[0]["status"] == 413
    assert sum(read) <= LARGEST + 65_536


async def test_a_body_that_says_it_is_too_long_is_not_read_at_all(doors: Doors) -> None:
    assert (await post(doors, b" " * (LARGEST + 1))).status_code == 413


async def test_the_longest_body_is_read(doors: Doors) -> None:
    update = json.dumps(UPDATE).encode()

    assert (await post(doors, update + b" " * (LARGEST - len(update)))).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"[" * 100_000, b"null", b"[7]", b"7", b"{}", b'{"update_id":"7"}',
     b'{"update_id":true}', b'{"update_id":7.5}', b'{"update_id":NaN}'],
    ids=lambda body: body[:20].decode("latin-1"),
)  # fmt: skip
async def test_what_is_no_update_is_refused(doors: Doors, body: bytes) -> None:
    assert (await post(doors, body)).status_code == 400
    assert doors.kept == []


@pytest.mark.parametrize("doors", [None, Doors(has_room=False), Doors(is_busy=True)])
async def test_who_cannot_take_it_now_says_so(doors: Doors | None) -> None:
    answer = await post(doors)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


async def test_only_posts_to_its_own_path_are_taken(doors: Doors) -> None:
    assert (await post(doors, path="/")).status_code == 404
    assert doors.kept == []
