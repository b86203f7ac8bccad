"""Sending, replying, copying: limits and refusals in Telegram's words."""

import pytest

from tests.people import Desk
from tests.sandbox.conftest import Api
from tests.seen import Json

BUTTON = {"inline_keyboard": [[{"text": "Так", "callback_data": "yes"}]]}


def inline(**button: object) -> Json:
    return {"inline_keyboard": [[button]]}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "message text is empty"),
        (" \n ", "message text is empty"),
        ("я" * 4097, "message is too long"),
        ("я" * 16385, "text is too long"),
    ],
)
async def test_texts_have_limits(api: Api, olena: int, text: str, complaint: str) -> None:
    assert await api.refused("sendMessage", chat_id=olena, text=text) == f"Bad Request: {complaint}"


async def test_length_is_counted_in_characters_after_parsing(api: Api, olena: int) -> None:
    html = f"<b>{'🌉' * 4096}</b>"

    sent = await api.call("sendMessage", chat_id=olena, text=html, parse_mode="HTML")

    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 8192}]


async def test_a_caption_has_1024_characters_at_most(api: Api, olena: int) -> None:
    files = {"document": ("a.txt", b"x")}
    data = {"chat_id": olena, "caption": "x" * 1025}

    answer = await api.client.post(f"{api._address}sendDocument", data=data, files=files)

    assert answer.json()["description"] == "Bad Request: message caption is too long"


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        (inline(text="a", callback_data="я" * 33), "BUTTON_DATA_INVALID"),
        (inline(text="a", callback_data=""), "BUTTON_DATA_INVALID"),
        (inline(text="a"), "text buttons are unallowed in the inline keyboard"),
        (
            inline(callback_data="x"),
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        ("{", "can't parse reply keyboard markup JSON object"),
        ("[]", "object expected as reply markup"),
        ({"keyboard": [["x"] * 101]}, "reply markup is too long"),
    ],
)
async def test_keyboards_are_checked(api: Api, olena: int, markup: object, complaint: str) -> None:
    said = await api.refused("sendMessage", chat_id=olena, text="x", reply_markup=markup)

    assert said == f"Bad Request: {complaint}"


async def test_64_bytes_of_callback_data_are_fine(api: Api, olena: int) -> None:
    markup = inline(text="a", callback_data="я" * 32)

    sent = await api.call("sendMessage", chat_id=olena, text="x", reply_markup=markup)

    assert sent["reply_markup"] == markup


async def test_a_reply_keyboard_is_shown_to_people_but_not_told_to_the_bot(
    api: Api, desk: Desk, olena: int
) -> None:
    markup = {"keyboard": [["Так", "Ні"]], "resize_keyboard": True}

    sent = await api.call("sendMessage", chat_id=olena, text="?", reply_markup=markup)

    assert "reply_markup" not in sent
    assert (await desk.olena.sees("?")).buttons == ["Так", "Ні"]


@pytest.mark.parametrize(
    ("chat_id", "complaint"),
    [
        ("", "Bad Request: chat_id is empty"),
        (999_999_999, "Bad Request: chat not found"),
        ("@nobody", "Bad Request: chat not found"),
        (1002, "Forbidden: bot can't initiate conversation with a user"),
    ],
)
async def test_only_known_chats_can_be_written_to(
    api: Api, chat_id: object, complaint: str
) -> None:
    assert await api.refused("sendMessage", chat_id=chat_id, text="x") == complaint


async def test_a_bot_cannot_write_to_itself(api: Api, desk: Desk) -> None:
    said = await api.refused("sendMessage", chat_id=desk.id, text="x")

    assert said == "Forbidden: the bot can't send messages to the bot"


async def test_a_reply_carries_what_it_replies_to(api: Api, olena: int) -> None:
    first = await api.call("sendMessage", chat_id=olena, text="a")
    parameters = {"message_id": first["message_id"]}

    sent = await api.call("sendMessage", chat_id=olena, text="b", reply_parameters=parameters)

    assert sent["reply_to_message"]["text"] == "a"


async def test_a_reply_to_nothing_is_refused_unless_allowed(api: Api, olena: int) -> None:
    nothing = {"message_id": 999}

    said = await api.refused("sendMessage", chat_id=olena, text="b", reply_parameters=nothing)
    lenient = nothing | {"allow_sending_without_reply": True}
    sent = await api.call("sendMessage", chat_id=olena, text="b", reply_parameters=lenient)

    assert said == "Bad Request: message to be replied not found"
    assert "reply_to_message" not in sent


async def test_protection_silence_and_previews_are_kept(api: Api, desk: Desk, olena: int) -> None:
    sent = await api.call(
        "sendMessage",
        chat_id=olena,
        text="x",
        protect_content=True,
        disable_notification=True,
        link_preview_options={"is_disabled": True},
    )

    assert sent["has_protected_content"] is True
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert (await desk.olena.last()).raw["silent"] is True


async def test_a_copy_has_the_content_but_not_the_author(api: Api, desk: Desk, olena: int) -> None:
    await desk.anna.says("/start")
    told = await desk.anna.says("Лист /help")
    source = {"from_chat_id": desk.anna.chat_id, "message_id": told["message"]["message_id"]}

    copied = await api.call("copyMessage", chat_id=olena, reply_markup=BUTTON, **source)

    seen = await desk.olena.sees("Лист")
    assert copied == {"message_id": seen.id}
    assert seen.from_bot
    assert seen.buttons == ["Так"]
    assert seen.raw["entities"][0]["type"] == "bot_command"


async def test_a_forward_names_the_author(api: Api, desk: Desk, olena: int) -> None:
    told = await desk.olena.says("Лист")
    source = {"from_chat_id": olena, "message_id": told["message"]["message_id"]}

    sent = await api.call("forwardMessage", chat_id=olena, **source)

    assert sent["forward_origin"]["sender_user"]["first_name"] == "Olena"


@pytest.mark.parametrize(
    ("method", "complaint"),
    [
        ("copyMessage", "message to copy not found"),
        ("forwardMessage", "message to forward not found"),
        ("pinChatMessage", "message to pin not found"),
        ("setMessageReaction", "message to react not found"),
    ],
)
async def test_a_missing_message_is_named_by_what_was_wanted(
    api: Api, olena: int, method: str, complaint: str
) -> None:
    said = await api.refused(method, chat_id=olena, from_chat_id=olena, message_id=999)

    assert said == f"Bad Request: {complaint}"
