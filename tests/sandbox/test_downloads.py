"""Files of a chat, as the page shows them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from sandbox import downloads
from sandbox.receiving import Upload
from sandbox.store import Store
from sandbox.uploads import Uploads

BOT = 4711


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "sandbox.db")
    yield store
    store.close()


@pytest.fixture
async def http(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=downloads.routes(store)))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
        yield client


def kept(store: Store, name: str, media_type: str) -> str:
    return Uploads(store).keep(BOT, "document", Upload(name, media_type, b"content")).file_id


async def test_a_file_is_found_by_its_id(http: httpx.AsyncClient, store: Store):
    file_id = kept(store, "Bild.png", "image/png")

    answer = await http.get("/control/file", params={"bot": BOT, "file_id": file_id})

    assert answer.content == b"content"
    assert answer.headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    ("name", "media_type"), [("x.html", "text/html"), ("x.svg", "image/svg+xml")]
)
async def test_what_could_carry_a_script_is_only_saved(
    http: httpx.AsyncClient, store: Store, name: str, media_type: str
):
    file_id = kept(store, name, media_type)

    answer = await http.get("/control/file", params={"bot": BOT, "file_id": file_id})

    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_name_of_any_script_survives(http: httpx.AsyncClient, store: Store):
    file_id = kept(store, "Список дітей.csv", "text/csv")

    answer = await http.get("/control/file", params={"bot": BOT, "file_id": file_id})

    assert "UTF-8''%D0%A1" in answer.headers["content-disposition"]


@pytest.mark.parametrize("bot", [BOT, BOT + 1, "", "x"])
async def test_another_file_or_bot_finds_nothing(
    http: httpx.AsyncClient, store: Store, bot: int | str
):
    file_id = kept(store, "a.csv", "text/csv") if bot != BOT else "unknown"

    answer = await http.get("/control/file", params={"bot": bot, "file_id": file_id})

    assert answer.status_code == 404
