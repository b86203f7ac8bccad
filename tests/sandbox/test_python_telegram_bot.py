"""The library that the bot uses finds here what it finds at Telegram."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)

from tests.people import Desk

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Так", callback_data="yes")]])


@pytest.fixture
async def bot(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    bot = Bot(desk.token, base_url=desk.base_url, base_file_url=desk.base_file_url)
    async with bot:
        yield bot


async def test_the_bot_knows_itself(bot: Bot, desk: Desk) -> None:
    assert bot.id == desk.id
    assert bot.username == f"bruecken_{desk.id}_bot"


async def test_a_conversation(bot: Bot, desk: Desk, olena: int) -> None:
    sent = await bot.send_message(
        olena,
        "<b>Запис</b> на <i>табір</i>?",
        parse_mode="HTML",
        reply_markup=KEYBOARD,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        protect_content=True,
    )
    await desk.olena.taps("Так")
    (update,) = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    assert update.callback_query
    await update.callback_query.answer("Записано", show_alert=True)
    edited = await sent.edit_text("Записано", reply_markup=None)

    assert sent.text_html == "<b>Запис</b> на <i>табір</i>?"
    assert update.callback_query.data == "yes"
    await desk.olena.is_told("Записано")
    assert isinstance(edited, type(sent))
    assert edited.text == "Записано"
    assert (await desk.olena.sees("Записано")).buttons == []


async def test_files(bot: Bot, olena: int) -> None:
    sent = await bot.send_document(olena, b"a;b", filename="a.csv", caption="Liste")
    assert sent.document
    fetched = await (await sent.document.get_file()).download_as_bytearray()
    photo = await bot.send_photo(olena, b"\x89PNG\r\n\x1a\nx")
    album = await bot.send_media_group(
        olena, [InputMediaDocument(b"1", filename="1"), InputMediaDocument(b"2", filename="2")]
    )

    assert bytes(fetched) == b"a;b"
    assert photo.photo
    assert len(album) == 2


async def test_profile_and_chats(bot: Bot, desk: Desk, olena: int) -> None:
    commands = [BotCommand("help", "Hilfe")]
    await bot.set_my_commands(commands, scope=BotCommandScopeAllGroupChats(), language_code="de")
    await bot.set_my_name("Brücke", language_code="de")
    await bot.set_my_description("…", language_code="de")
    await bot.set_my_short_description("…")
    found = await bot.get_my_commands(BotCommandScopeAllGroupChats(), language_code="de")
    group = await desk.group("Hilfe", desk.olena)

    assert list(found) == commands
    assert (await bot.get_my_name("de")).name == "Brücke"
    assert (await bot.get_chat(olena)).first_name == "Olena"
    assert (await bot.get_chat(group)).title == "Hilfe"
    assert (await bot.get_chat_member(group, olena)).status == "creator"
    await bot.set_chat_menu_button(olena)
    await bot.send_chat_action(olena, "typing")
    assert (await bot.get_webhook_info()).url == ""


@pytest.mark.usefixtures("olena")
async def test_every_kind_of_update_can_be_read(bot: Bot, desk: Desk) -> None:
    await desk.olena.blocks()
    told = await desk.olena.says("/start wieder")
    await desk.olena.corrects(told["message"]["message_id"], "/start")
    await desk.olena.shares_contact("+380 44 000 00 00")
    await desk.olena.sends(location={"latitude": 51.5, "longitude": 7.47})
    await desk.olena.sends(photo=True)
    await desk.olena.sends(voice=True)
    await desk.olena.sends(sticker=True)

    updates = await bot.get_updates()

    assert [update.my_chat_member is not None for update in updates[:2]] == [True, True]
    assert updates[2].message
    assert updates[2].message.text == "/start wieder"
    assert updates[3].edited_message
    assert all(update.effective_user for update in updates)


async def test_copies_and_reply_keyboards(bot: Bot, olena: int) -> None:
    sent = await bot.send_message(olena, "?", reply_markup=ReplyKeyboardMarkup([["Так"]]))

    copied = await bot.copy_message(olena, olena, sent.message_id)

    assert copied.message_id == sent.message_id + 1
    assert await bot.delete_message(olena, sent.message_id)


async def test_refusals_are_the_exceptions_they_should_be(bot: Bot, desk: Desk, olena: int) -> None:
    group = await desk.group("Hilfe", desk.olena)
    await desk.post("migrate", chat=group)

    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(olena, "x" * 4097)
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(desk.juergen.id, "x")
    with pytest.raises(ChatMigrated):
        await bot.send_message(group, "x")
    await desk.misbehaves("429", "sendMessage", retry_after=3)
    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(olena, "x")
    assert refusal.value.retry_after == timedelta(seconds=3)
    await desk.misbehaves("hangup_before", "sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(olena, "x")


async def test_a_bad_token_is_known_at_the_start(desk: Desk) -> None:
    bot = Bot("123:abc", base_url=desk.base_url)

    with pytest.raises(InvalidToken):
        await bot.initialize()

    await bot.shutdown()
