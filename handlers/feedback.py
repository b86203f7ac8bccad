"""Feedback: begins the form and sends it. The questions between are handlers/conversations.py."""

from typing import assert_never

from telegram import Update

from bot.core import feedback
from bot.core.conversations import AlreadyOpen, Asked, Closed
from bot.core.feedback import FORM, Feedback, TooMany
from handlers import conversations
from handlers.answers import notice, send, show, tapped
from handlers.buttons import BeginAnew, SendForm
from handlers.context import Context, Visitor
from handlers.views import feedback as views
from handlers.views.screen import Screen


async def begin(update: Update, context: Context, who: Visitor) -> None:
    """/feedback, or the button under /help, which stays where it is."""
    await notice(update)
    await send(update, await _begun(update, context, who))


async def begin_anew(update: Update, context: Context, who: Visitor) -> None:
    button = BeginAnew.read(tapped(update))
    if button is None or button.form != FORM.id:
        await conversations.answer(update, context, who, Closed())
        return
    await show(update, await _begun(update, context, who, instead_of=button.draft))


async def send_form(update: Update, context: Context, who: Visitor) -> None:
    """A second tap, a second phone, a repeated update: the same thanks with the same number."""
    button = SendForm.read(tapped(update))
    if button is None:
        await conversations.answer(update, context, who, Closed())
        return
    result = await feedback.send(
        context.services.store,
        conversations.cause(update, context, who),
        button.draft,
        shown=button.shown,
        language=who.texts.language,
        owners=context.services.owners,
    )
    if isinstance(result, Feedback):
        await show(update, views.thanks(who.texts, result))
    else:
        await conversations.answer(update, context, who, result, button.draft)


async def _begun(
    update: Update, context: Context, who: Visitor, *, instead_of: int | None = None
) -> Screen:
    result = await feedback.begin(
        context.services.store,
        conversations.cause(update, context, who),
        instead_of=instead_of,
    )
    match result:
        case Asked(conversation):
            return conversations.question(context, who, conversation)
        case AlreadyOpen(conversation):
            title = views.wording(who.texts).title
            other = None if conversation.form == FORM.id else (FORM.id, title)
            return conversations.offer(context, who, conversation, other)
        case TooMany(again_at):
            return views.too_many(who.texts, again_at, context.services.partnership.zone)
        case _:
            assert_never(result)
