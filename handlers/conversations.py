"""Conversations: every way to answer a form, to leave it and to come back to it.

Whatever somebody does meanwhile, the open question stays: commands are carried out and the form
is offered again, and what cannot be an answer gets the question once more, with why.
"""

import functools
from collections.abc import Callable, Coroutine, Mapping
from zoneinfo import ZoneInfo

from telegram import Update

from bot.core import conversations, feedback, onboarding
from bot.core.conversations import (
    KEPT,
    Asked,
    Cause,
    Closed,
    Conversation,
    ConversationRecords,
    Spot,
)
from bot.core.forms import Form
from bot.core.ports import Store
from handlers import help as helping
from handlers.answers import Handler, notice, send, show, tapped
from handlers.buttons import (
    CancelForm,
    ChangeAnswer,
    ChooseAnswer,
    GoOn,
    QuestionBefore,
    SkipQuestion,
)
from handlers.context import Context, Visitor, visitor
from handlers.views import conversations as views
from handlers.views import feedback as feedback_views
from handlers.views import start as start_views
from handlers.views.screen import Screen

FORMS = {form.id: form for form in (onboarding.FORM, feedback.FORM)}
WORDINGS = {feedback.FORM.id: feedback_views.wording}


def cause(update: Update, context: Context, who: Visitor) -> Cause:
    return Cause(who.person.id, update.update_id, context.services.clock.now())


def question(context: Context, who: Visitor, now: Conversation) -> Screen:
    """What stands now, as its owner sees it."""
    if now.form == onboarding.FORM.id:
        topics = context.services.partnership.topics
        return start_views.ask_topics(who.texts, topics, who.person.topics)
    return views.ask(who.texts, FORMS[now.form], WORDINGS[now.form](who.texts), now)


def offer(
    context: Context, who: Visitor, now: Conversation, other: tuple[str, str] | None = None
) -> Screen:
    """Go on, begin anew (or `other`, a form's id and title), or cancel."""
    title = start_views.menu_labels(who.texts).topics
    if now.form in WORDINGS:
        title = WORDINGS[now.form](who.texts).title
    zone = ZoneInfo(context.services.partnership.zone)
    until = (now.touched_at + KEPT).astimezone(zone).date()
    return views.offer(who.texts, FORMS[now.form], title, now, until=until, other=other)


async def answer(
    update: Update, context: Context, who: Visitor, result: Asked | Closed, draft: int = 0
) -> None:
    """The question that stands, or what became of the draft whose button was tapped."""
    if isinstance(result, Closed):
        sent = await feedback.sent_as(context.services.store, who.person.id, draft)
        closed = views.closed(who.texts)
        await show(update, feedback_views.thanks(who.texts, sent) if sent else closed)
        return
    objection = result.objection
    why = views.objection_to(who.texts, objection) if objection else ""
    screen = question(context, who, result.conversation)
    if why and update.callback_query:
        await notice(update, why)
        await show(update, screen)
    else:
        await show(update, views.again(why, screen))


async def say(update: Update, context: Context, who: Visitor) -> None:
    """Free text answers the open question; without one it is what it always was."""
    message = update.effective_message
    said = (message.text if message else None) or ""
    store = context.services.store
    result = await conversations.say(store, FORMS, cause(update, context, who), said)
    if isinstance(result, Closed):
        await helping.free_text(update, context, who)
    else:
        await answer(update, context, who, result)


async def unreadable(update: Update, context: Context, who: Visitor) -> None:
    now = await conversations.standing(context.services.store, who.person.id)
    if now is None:
        await helping.unreadable(update, context, who)
    else:
        await send(update, views.again(views.cannot_read(who.texts), question(context, who, now)))


async def edited(update: Update, context: Context, who: Visitor) -> None:
    """Outside a form people may mend their messages in peace."""
    now = await conversations.standing(context.services.store, who.person.id)
    if now is not None:
        await send(update, views.again(views.not_reread(who.texts), question(context, who, now)))


async def choose(update: Update, context: Context, who: Visitor) -> None:
    button = ChooseAnswer.read(tapped(update))
    if button is None:
        await answer(update, context, who, Closed())
        return
    result = await conversations.choose(
        context.services.store,
        FORMS,
        cause(update, context, who),
        Spot(button.draft, button.place),
        button.value,
    )
    await answer(update, context, who, result, button.draft)


async def skip(update: Update, context: Context, who: Visitor) -> None:
    await _move(update, context, who, SkipQuestion.read(tapped(update)), conversations.skip)


async def go_back(update: Update, context: Context, who: Visitor) -> None:
    await _move(update, context, who, QuestionBefore.read(tapped(update)), conversations.go_back)


async def change(update: Update, context: Context, who: Visitor) -> None:
    await _move(update, context, who, ChangeAnswer.read(tapped(update)), conversations.go_to)


async def go_on(update: Update, context: Context, who: Visitor) -> None:
    button = GoOn.read(tapped(update))
    draft = button.draft if button else 0
    now = await conversations.standing(context.services.store, who.person.id)
    stands = now is not None and now.draft == draft
    await answer(update, context, who, Asked(now) if now and stands else Closed(), draft)


async def cancel(update: Update, context: Context, who: Visitor) -> None:
    """/cancel: whatever is open. Handled again it finds nothing, which is true as well."""
    ended = await conversations.cancel(context.services.store, who.person.id)
    if ended is None:
        await send(update, views.nothing_open(who.texts))
    else:
        await _say_goodbye(update, context, who, ended)


async def cancel_this(update: Update, context: Context, who: Visitor) -> None:
    button = CancelForm.read(tapped(update))
    draft = button.draft if button else 0
    ended = await conversations.cancel(context.services.store, who.person.id, draft)
    if ended is None:
        await answer(update, context, who, Closed(), draft)
    else:
        await _say_goodbye(update, context, who, ended)


async def resume(update: Update, context: Context, who: Visitor) -> None:
    """After /start: newcomers go on with their topics, others are offered their draft."""
    now = await conversations.standing(context.services.store, who.person.id)
    if now is None:
        return
    newcomer = now.form == onboarding.FORM.id
    await send(update, question(context, who, now) if newcomer else offer(context, who, now))


def reminding(handler: Handler) -> Handler:
    """After another command a form with answers to lose is offered again."""

    @functools.wraps(handler)
    async def reminded(update: Update, context: Context) -> None:
        await handler(update, context)
        who = await visitor(update, context)
        now = await conversations.standing(context.services.store, who.person.id)
        if now is not None and now.form != onboarding.FORM.id:
            await send(update, offer(context, who, now))

    return reminded


Move = Callable[
    [Store[ConversationRecords], Mapping[str, Form], Cause, Spot],
    Coroutine[object, object, Asked | Closed],
]


async def _move(
    update: Update,
    context: Context,
    who: Visitor,
    button: SkipQuestion | QuestionBefore | ChangeAnswer | None,
    move: Move,
) -> None:
    if button is None:
        await answer(update, context, who, Closed())
        return
    spot = Spot(button.draft, button.place)
    result = await move(context.services.store, FORMS, cause(update, context, who), spot)
    await answer(update, context, who, result, button.draft)


async def _say_goodbye(update: Update, context: Context, who: Visitor, ended: Conversation) -> None:
    if ended.form == onboarding.FORM.id:
        topics = context.services.partnership.topics
        await show(update, start_views.topics_chosen(who.texts, topics, who.person.topics))
        await send(update, start_views.what_next(who.texts))
    else:
        await show(update, views.cancelled(who.texts))
