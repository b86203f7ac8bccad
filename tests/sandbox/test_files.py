"""Files up and down, alone and as albums."""

from typing import Any

import pytest

from tests.people import Desk
from tests.sandbox.conftest import Api

LIST = ("Liste.csv", "Ім'я;Alter\n".encode())
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x05\x00\x00\x00\x07"


async def upload(api: Api, method: str, data: dict[str, Any], **files: Any) -> Any:
    answer = await api.client.post(f"{api._address}{method}", data=data, files=files)
    envelope = answer.json()
    assert envelope["ok"], envelope
    return envelope["result"]


async def content(api: Api, desk: Desk, file_id: str) -> bytes:
    path = (await api.call("getFile", file_id=file_id))["file_path"]
    return (await api.client.get(f"{desk.base_file_url}{desk.token}/{path}")).content


async def test_a_document_comes_back_as_it_went(api: Api, desk: Desk, olena: int) -> None:
    sent = await upload(api, "sendDocument", {"chat_id": olena, "caption": "Liste"}, document=LIST)

    document = sent["document"]
    assert document["file_name"] == "Liste.csv"
    assert document["mime_type"] == "text/csv"
    assert await content(api, desk, document["file_id"]) == LIST[1]


async def test_a_photo_has_sizes(api: Api, olena: int) -> None:
    sent = await upload(api, "sendPhoto", {"chat_id": olena}, photo=("p.png", PNG))

    (size,) = sent["photo"]
    assert (size["width"], size["height"]) == (5, 7)


async def test_a_file_id_can_be_sent_again(api: Api, olena: int) -> None:
    sent = await upload(api, "sendDocument", {"chat_id": olena}, document=LIST)

    again = await api.call("sendDocument", chat_id=olena, document=sent["document"]["file_id"])

    assert again["document"] == sent["document"]


async def test_an_album_is_one_group_of_messages(api: Api, olena: int) -> None:
    media = (
        '[{"type":"photo","media":"attach://a","caption":"<b>A</b>","parse_mode":"HTML"},'
        '{"type":"photo","media":"attach://b"}]'
    )
    files = {"a": ("a.png", PNG), "b": ("b.png", PNG)}

    first, second = await upload(api, "sendMediaGroup", {"chat_id": olena, "media": media}, **files)

    assert first["media_group_id"] == second["media_group_id"]
    assert first["caption_entities"] == [{"type": "bold", "offset": 0, "length": 1}]
    assert second["message_id"] == first["message_id"] + 1


@pytest.mark.usefixtures("olena")
async def test_what_a_person_sends_can_be_fetched(api: Api, desk: Desk) -> None:
    await desk.olena.sends_document("a.txt", b"Guten Tag")
    await desk.olena.sends(photo=True, caption="x")
    await desk.olena.sends(sticker="👍")
    await desk.olena.sends(voice=True)

    document, photo, sticker, voice = [update["message"] for update in await api.updates()]

    assert await content(api, desk, document["document"]["file_id"]) == b"Guten Tag"
    assert photo["photo"][0]["width"] == 800
    assert sticker["sticker"]["emoji"] == "👍"
    assert voice["voice"]["duration"] == 1


@pytest.mark.parametrize(
    ("method", "params", "complaint"),
    [
        ("sendDocument", {}, "there is no document in the request"),
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendPhoto", {"photo": "nonsense"}, "wrong file identifier/HTTP URL specified"),
        ("sendMediaGroup", {"media": []}, "too few messages to send as an album"),
        ("sendMediaGroup", {"media": [{}] * 11}, "too many messages to send as an album"),
        ("getFile", {}, "file_id not specified"),
        ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
    ],
)
async def test_what_is_no_file_is_refused(
    api: Api, olena: int, method: str, params: dict[str, object], complaint: str
) -> None:
    assert await api.refused(method, chat_id=olena, **params) == f"Bad Request: {complaint}"


async def test_files_over_twenty_megabytes_cannot_be_fetched(api: Api, olena: int) -> None:
    large = ("a.bin", bytes(20 * 1024 * 1024 + 1))
    sent = await upload(api, "sendDocument", {"chat_id": olena}, document=large)

    said = await api.refused("getFile", file_id=sent["document"]["file_id"])

    assert said == "Bad Request: file is too big"


async def test_downloads_need_the_token_and_a_path(api: Api, desk: Desk) -> None:
    await api.call("getMe")

    missing = await api.client.get(f"{desk.base_file_url}{desk.token}/documents/none")
    foreign = await api.client.get(f"{desk.base_file_url}nonsense/documents/none")

    assert (missing.status_code, foreign.status_code) == (404, 401)
