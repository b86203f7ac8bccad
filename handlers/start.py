"""The first minutes and what can be changed later: language and topics."""

import structlog
from telegram import Update
from telegram.error import TelegramError

from bot.core import people
from bot.core.people import ALL_TOPICS, Language
from handlers import profile
from handlers.answers import notice, send, show, tapped
from handlers.buttons import ChooseLanguage, ToggleTopic
from handlers.context import Context, Visitor, is_coordinator, visitor
from handlers.settings import is_resting
from handlers.views import settings as settings_views
from handlers.views import start as views
from handlers.views.screen import Screen

log = structlog.get_logger()


async def begin(update: Update, context: Context) -> None:
    """/start: newcomers are asked their language, others find everything as it was."""
    who = await visitor(update, context)
    services = context.services
    if who.person.language is None:
        await show(update, views.ask_language(list(services.texts.values())))
    elif is_resting(who.person, services.clock.now()):
        await send(update, views.welcome_back(who.texts))
        zone = services.partnership.zone
        await send(update, settings_views.resting(who.texts, who.person, zone))
    else:
        await send(update, views.welcome_back(who.texts))
        if not who.person.topics:  # perhaps something went wrong before the first choice
            await send(update, _topics(context, who, who.person.topics))


async def show_language(update: Update, context: Context, who: Visitor) -> None:
    await show(update, views.change_language(who.texts, list(context.services.texts)))


async def choose_language(update: Update, context: Context) -> None:
    """Who has no topics yet is asked for them next; for others the menu is drawn anew."""
    who = await visitor(update, context)
    button = ChooseLanguage.read(tapped(update))
    chosen = button.chosen if button else None
    if chosen is None:
        await show(update, views.ask_language(list(context.services.texts.values())))
        return
    person = await people.meet(
        context.services.store, who.person.telegram_id, context.services.clock
    )
    await people.choose_language(context.services.store, person.id, chosen)
    texts = context.services.texts[chosen]
    if who.person.topics:
        await show(update, views.change_language(texts, list(context.services.texts)))
        await send(update, views.language_changed(texts))
    else:
        await show(update, _topics(context, Visitor(who.person, texts), who.person.topics))
    await _label_commands(update, context, who, chosen)


async def show_topics(update: Update, context: Context, who: Visitor) -> None:
    await show(update, _topics(context, who, who.person.topics))


async def toggle_topic(update: Update, context: Context, who: Visitor) -> None:
    button = ToggleTopic.read(tapped(update))
    known = [topic.id for topic in context.services.partnership.topics]
    if button is None or button.topic not in known:
        await show(update, _topics(context, who, who.person.topics))
        return
    chosen = await people.toggle_topic(
        context.services.store, who.person.telegram_id, button.topic, known
    )
    await show(update, _topics(context, who, chosen))


async def all_topics(update: Update, context: Context, who: Visitor) -> None:
    await _follow(update, context, who, frozenset({ALL_TOPICS}))


async def no_topics(update: Update, context: Context, who: Visitor) -> None:
    await _follow(update, context, who, frozenset())


async def topics_done(update: Update, context: Context, who: Visitor) -> None:
    topics = context.services.partnership.topics
    await show(update, views.topics_chosen(who.texts, topics, who.person.topics))
    await send(update, views.what_next(who.texts))


async def show_menu(update: Update, context: Context, who: Visitor) -> None:
    """Sent anew, so that the main menu stands at the bottom again."""
    del context
    await notice(update)
    await send(update, views.welcome_back(who.texts))


async def _follow(update: Update, context: Context, who: Visitor, topics: frozenset[str]) -> None:
    await people.follow(context.services.store, who.person.id, topics)
    await show(update, _topics(context, who, topics))


async def _label_commands(
    update: Update, context: Context, who: Visitor, language: Language
) -> None:
    """The "/" list follows the language chosen here, not the one the phone is set to."""
    chat = update.effective_chat
    if chat is None:
        return
    coordinator = await is_coordinator(who.person, context)
    texts = context.services.texts[language]
    try:
        await profile.label_commands(context.bot, chat.id, texts, coordinator=coordinator)
    except TelegramError as error:  # nothing that anybody waits for
        log.warning("could not label the commands", error=type(error).__name__)


def _topics(context: Context, who: Visitor, chosen: frozenset[str]) -> Screen:
    return views.ask_topics(who.texts, context.services.partnership.topics, chosen)
