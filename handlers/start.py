"""The first minutes and what can be changed later: language and topics."""

import structlog
from telegram import Message, Update
from telegram.error import TelegramError

from bot.core import onboarding, people
from bot.core.people import ALL_TOPICS, Language
from handlers import conversations, profile
from handlers.answers import notice, send, show, tapped
from handlers.buttons import ChooseLanguage, FollowTopic, ToggleTopic
from handlers.context import Context, Visitor, is_coordinator, visitor
from handlers.settings import is_resting
from handlers.views import settings as settings_views
from handlers.views import start as views
from handlers.views.screen import TICK, Screen

log = structlog.get_logger()


async def begin(update: Update, context: Context) -> None:
    """/start: newcomers are asked their language, others find everything as it was, be it a
    pause or a question that is still open.
    """
    who = await visitor(update, context)
    services = context.services
    if who.person.language is None:
        await show(update, views.ask_language(list(services.texts.values())))
        return
    await send(update, views.welcome_back(who.texts))
    if is_resting(who.person, services.clock.now()):
        zone = services.partnership.zone
        await send(update, settings_views.resting(who.texts, who.person, zone))
    await conversations.resume(update, context, who)


async def show_language(update: Update, context: Context, who: Visitor) -> None:
    await show(update, views.change_language(who.texts, list(context.services.texts)))


async def choose_language(update: Update, context: Context) -> None:
    """Newcomers are asked for topics next; for others the menu is drawn anew."""
    who = await visitor(update, context)
    services = context.services
    button = ChooseLanguage.read(tapped(update))
    chosen = button.chosen if button else None
    if chosen is None:
        await show(update, views.ask_language(list(services.texts.values())))
        return
    person = await onboarding.choose_language(
        services.store,
        who.person.telegram_id,
        chosen,
        update_id=update.update_id,
        clock=services.clock,
    )
    texts = services.texts[chosen]
    if await onboarding.is_open(services.store, person.id):
        await show(update, _topics(context, Visitor(person, texts), person.topics))
    else:
        await show(update, views.change_language(texts, list(services.texts)))
        await send(update, views.language_changed(texts))
    await _label_commands(update, context, who, chosen)


async def show_topics(update: Update, context: Context, who: Visitor) -> None:
    await show(update, _topics(context, who, who.person.topics))


async def follow_topic(update: Update, context: Context, who: Visitor) -> None:
    """Sets what the button says, however old its list is, and draws the list anew."""
    button = FollowTopic.read(tapped(update))
    if button is None or button.wanted not in {0, 1}:
        await show_topics(update, context, who)
    else:
        await _want(update, context, who, button.topic, wanted=bool(button.wanted))


async def toggle_topic(update: Update, context: Context, who: Visitor) -> None:
    """Buttons of old messages: what they mean stands beside them as a tick, or none."""
    button = ToggleTopic.read(tapped(update))
    label = _label(update)
    if button is None or label is None:
        await show_topics(update, context, who)
    else:
        await _want(update, context, who, button.topic, wanted=not label.startswith(TICK))


async def all_topics(update: Update, context: Context, who: Visitor) -> None:
    await _follow(update, context, who, frozenset({ALL_TOPICS}))


async def no_topics(update: Update, context: Context, who: Visitor) -> None:
    await _follow(update, context, who, frozenset())


async def topics_done(update: Update, context: Context, who: Visitor) -> None:
    """Ends the onboarding; later it only shows what is chosen. May be repeated."""
    await onboarding.finish(context.services.store, who.person.id)
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


async def _want(
    update: Update, context: Context, who: Visitor, topic: str, *, wanted: bool
) -> None:
    known = [one.id for one in context.services.partnership.topics]
    if topic not in known:
        await show_topics(update, context, who)
        return
    chosen = await people.want_topic(
        context.services.store, who.person.telegram_id, topic, known, wanted=wanted
    )
    await show(update, _topics(context, who, chosen))


def _label(update: Update) -> str | None:
    """Of the tapped button; None where Telegram no longer shows us the message."""
    query = update.callback_query
    message = query.message if query else None
    markup = message.reply_markup if isinstance(message, Message) else None
    every = [button for row in (markup.inline_keyboard if markup else ()) for button in row]
    return next((one.text for one in every if one.callback_data == tapped(update)), None)


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
