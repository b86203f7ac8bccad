"""Answers: a screen goes back to where the tap or the command came from."""

import functools
import html
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.core import audit
from handlers.context import Context, Visitor, is_coordinator, visitor
from handlers.views import help as help_views
from handlers.views import start as start_views
from handlers.views.screen import NO_PREVIEW, NOTICE_LIMIT, Screen

HARMLESS = ("message is not modified", "query is too old", "query id is invalid")
UNEDITABLE = ("message to edit not found", "message can't be edited", "there is no text")

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]
VisitorHandler = Callable[[Update, Context, Visitor], Coroutine[Any, Any, None]]


def for_visitor(handler: VisitorHandler) -> Handler:
    """Before anything else a person chooses a language."""

    @functools.wraps(handler)
    async def guarded(update: Update, context: Context) -> None:
        who = await visitor(update, context)
        if who.person.language is None:
            await show(update, start_views.ask_language(list(context.services.texts.values())))
            return
        await handler(update, context, who)

    return guarded


def for_coordinator(handler: VisitorHandler) -> Handler:
    """To others the command does not exist; a forged or old button is refused and audited."""

    async def guarded(update: Update, context: Context, who: Visitor) -> None:
        if await is_coordinator(who.person, context):
            await handler(update, context, who)
            return
        if update.callback_query:
            services = context.services
            async with services.store.transaction() as records:
                await audit.note(
                    records,
                    at=services.clock.now(),
                    actor_id=who.person.id,
                    action="refused: not a coordinator",
                    subject=tapped(update).partition(":")[0][:20],
                )
            await notice(update, who.texts.t("Only the team can do that."), alert=True)
            return
        await show(update, help_views.unknown_command(who.texts))

    return for_visitor(guarded)


def tapped(update: Update) -> str:
    """The wire form of the tapped button; empty where nothing was tapped."""
    query = update.callback_query
    return (query.data if query else None) or ""


async def show(update: Update, screen: Screen) -> None:
    """In place of the tapped message where that is possible, else as a new one."""
    query = update.callback_query
    if query is None:
        await send(update, screen)
        return
    await notice(update)
    if screen.menu is not None or not await _edited(query, screen):
        await send(update, screen)


async def send(update: Update, screen: Screen) -> None:
    """A new message, also after a tap."""
    chat = update.effective_chat
    if chat is not None:
        await chat.send_message(
            screen.text,
            parse_mode=ParseMode.HTML,
            reply_markup=screen.menu or screen.keyboard,
            link_preview_options=NO_PREVIEW,
        )


async def notice(update: Update, text: str | None = None, *, alert: bool = False) -> None:
    """Ends the tap's waiting circle. A second time, or too late, there is nothing to end; an
    alert is then said in a message, since somebody must hear it.
    """
    query = update.callback_query
    if query is None:
        return
    try:
        await query.answer(text and text[:NOTICE_LIMIT], show_alert=alert)
    except BadRequest as refused:
        if not _is(refused, HARMLESS):
            raise
        if text and alert:
            await send(update, Screen(html.escape(text, quote=False)))


async def _edited(query: CallbackQuery, screen: Screen) -> bool:
    if not isinstance(query.message, Message):
        return False
    try:
        await query.edit_message_text(
            screen.text,
            parse_mode=ParseMode.HTML,
            reply_markup=screen.keyboard,
            link_preview_options=NO_PREVIEW,
        )
    except BadRequest as refused:
        if _is(refused, UNEDITABLE):
            return False
        if not _is(refused, HARMLESS):
            raise
    return True


def _is(refused: BadRequest, known: tuple[str, ...]) -> bool:
    return any(sentence in refused.message.lower() for sentence in known)
