"""Help, contact, legal notice, and a kind word for what we cannot read."""

from telegram import Update

from handlers.answers import notice, send, show
from handlers.context import Context, Visitor, visitor
from handlers.views import help as views
from handlers.views import start as start_views


async def show_help(update: Update, context: Context) -> None:
    """Works before a language is chosen: nobody has to register to find a person."""
    who = await visitor(update, context)
    await show(update, views.help_and_contact(who.texts, context.services.partnership))


async def show_impressum(update: Update, context: Context) -> None:
    who = await visitor(update, context)
    await show(update, views.impressum(who.texts, context.services.partnership))


async def free_text(update: Update, context: Context, who: Visitor) -> None:
    del context
    await send(update, start_views.with_menu(views.not_understood(who.texts), who.texts))


async def unreadable(update: Update, context: Context, who: Visitor) -> None:
    del context
    await send(update, start_views.with_menu(views.cannot_read(who.texts), who.texts))


async def unknown_command(update: Update, context: Context, who: Visitor) -> None:
    del context
    await send(update, start_views.with_menu(views.unknown_command(who.texts), who.texts))


async def old_button(update: Update, context: Context, who: Visitor) -> None:
    """Every button answers: one that is no longer ours leads to where things stand now."""
    del context
    await notice(update, views.old_button(who.texts))
    await send(update, start_views.welcome_back(who.texts))
