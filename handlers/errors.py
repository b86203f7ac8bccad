"""The one error handler: logged once with an id, never with what people wrote; people are told."""

import traceback

import structlog
from telegram import Update
from telegram.error import Forbidden, TelegramError

from bot.core.ids import new_reference
from handlers.answers import notice, send
from handlers.context import Context, visitor
from handlers.views import help as views

log = structlog.get_logger()


async def on_error(update: object, context: Context) -> None:
    error = context.error
    error_id = new_reference()
    log.error(
        "a handler failed",
        error_id=error_id,
        error=type(error).__name__,
        where=_where(error),
        update=update.update_id if isinstance(update, Update) else None,
    )
    if not isinstance(update, Update):
        return
    context.services.failures[update.update_id] = error_id
    chat = update.effective_chat
    if chat is None or chat.type != chat.PRIVATE or isinstance(error, Forbidden):
        return
    try:
        who = await visitor(update, context)
        await notice(update)
        await send(update, views.our_fault(who.texts, error_id))
    except TelegramError as unsaid:
        log.warning("could not apologise", error_id=error_id, error=type(unsaid).__name__)


def _where(error: BaseException | None) -> list[str]:
    """File and line of each frame; an exception's own text may quote what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__ if error else None)
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames[-6:]]
