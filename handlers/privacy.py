"""Privacy: what we keep, all of it as a file, and its erasure. Private chats only."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from telegram import InputFile, Update
from telegram.error import TelegramError

from bot.core import privacy
from handlers.answers import notice, send, show, tapped
from handlers.buttons import ForgetMe
from handlers.context import Context, visitor
from handlers.gateway import Lane
from handlers.views import help as views

QUESTION_STANDS = timedelta(minutes=15)


async def show_privacy(update: Update, context: Context) -> None:
    """Answered before anything is asked: https://telegram.org/tos/bot-developers section 4."""
    who = await visitor(update, context)
    await show(update, views.privacy(who.texts, context.services.partnership))


async def my_data(update: Update, context: Context) -> None:
    who = await visitor(update, context)
    chat = update.effective_chat
    rows = await privacy.everything_about(context.services.store, who.person)
    await notice(update)
    document = await asyncio.to_thread(_document, rows)
    if chat is not None:
        await context.bot.send_document(
            chat.id,
            InputFile(document, filename="mydata.json"),
            caption=views.my_data_caption(who.texts),
            protect_content=True,
            rate_limit_args=Lane.PERSONAL,
        )


async def ask_forget(update: Update, context: Context) -> None:
    who = await visitor(update, context)
    asked_at = int(context.services.clock.now().timestamp())
    await show(update, views.ask_forget(who.texts, asked_at))


async def forget(update: Update, context: Context) -> None:
    """A question from long ago is asked anew: a stray tap must not erase a person."""
    who = await visitor(update, context)
    if not _still_asked(update, context):
        await ask_forget(update, context)
        return
    await privacy.forget(context.services.store, who.person, context.services.clock)
    # From here on nothing may look as if it had failed.
    with suppress(TelegramError):
        await show(update, views.forgotten(who.texts))
    await send(update, views.goodbye(who.texts))


def _still_asked(update: Update, context: Context) -> bool:
    button = ForgetMe.read(tapped(update))
    if button is None:
        return False
    age = context.services.clock.now().timestamp() - button.at
    return 0 <= age <= QUESTION_STANDS.total_seconds()


def _document(tables: Mapping[str, Sequence[object]]) -> bytes:
    """JSON, a line for each row: in a single call nobody else could run for a while."""
    encode = json.JSONEncoder(ensure_ascii=False, default=_readable).encode
    each = [f"{encode(table)}: [\n{_lines(map(encode, rows))}\n]" for table, rows in tables.items()]
    return f"{{\n{_lines(each)}\n}}\n".encode()


def _lines(each: Iterable[str]) -> str:
    return ",\n".join(each)


def _readable(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
