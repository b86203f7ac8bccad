"""The profile people see in Telegram: name, descriptions and commands in each language."""

import hashlib
import json

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

from bot.core.marks import MarkRecords
from bot.core.ports import Store, StoreUnavailableError
from locales.texts import Texts

log = structlog.get_logger()

MARK = "profile"


def commands(texts: Texts, *, coordinator: bool = False) -> list[BotCommand]:
    listed = [
        ("news", texts.t("The latest news for you")),
        ("topics", texts.t("Choose topics")),
        ("language", texts.t("Change the language")),
        ("pause", texts.t("Take a break")),
        ("stop", texts.t("No more messages")),
        ("help", texts.t("Help and contact")),
        ("feedback", texts.t("Give feedback")),
        ("cancel", texts.t("Cancel a form you have begun")),
        ("privacy", texts.t("What we keep about you")),
        ("impressum", texts.t("Who is responsible")),
    ]
    if coordinator:
        listed.insert(0, ("review", texts.t("News waiting for review")))
    return [BotCommand(name, description) for name, description in listed]


async def keep_registered(bot: Bot, store: Store[MarkRecords], each: list[Texts]) -> None:
    """Not worth stopping for: the next start tries again."""
    try:
        if await register(bot, store, each):
            log.info("name, description and commands are registered")
    except (TelegramError, StoreUnavailableError) as error:
        log.warning("could not register the profile", error=type(error).__name__)


async def register(bot: Bot, store: Store[MarkRecords], each: list[Texts]) -> bool:
    """Once per change: Telegram lets a bot rename itself only a few times a day.

    The first language is also what people with any other language see. False: nothing changed.
    """
    wanted = _digest(each)
    async with store.reading() as records:
        if await records.mark(MARK) == wanted:
            return False
    for texts, code in [(each[0], ""), *((texts, texts.language.value) for texts in each)]:
        await bot.set_my_commands(
            commands(texts), scope=BotCommandScopeAllPrivateChats(), language_code=code
        )
        name, short, full = _descriptions(texts)
        await bot.set_my_name(name, language_code=code)
        await bot.set_my_short_description(short, language_code=code)
        await bot.set_my_description(full, language_code=code)
    async with store.transaction() as writing:
        await writing.set_mark(MARK, wanted)
    return True


async def label_commands(bot: Bot, chat_id: int, texts: Texts, *, coordinator: bool) -> None:
    await bot.set_my_commands(
        commands(texts, coordinator=coordinator), scope=BotCommandScopeChat(chat_id)
    )


def _descriptions(texts: Texts) -> tuple[str, str, str]:
    """Name (64 characters at most), short description (120), description (512)."""
    return (
        texts.t("{bot}"),
        texts.t("News from the partnership of {home} and {partner}, in German and Ukrainian."),
        texts.t(
            "News from the partnership of {home} and {partner}, in German and Ukrainian. "
            "You choose the topics. Free of charge, no advertising. Tap “Start”."
        ),
    )


def _digest(each: list[Texts]) -> str:
    told = [
        [*_descriptions(texts), *(f"{c.command}: {c.description}" for c in commands(texts))]
        for texts in each
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
