"""Pause, stop, and the one tap back."""

from datetime import datetime

from telegram import Update

from bot.core import people
from bot.core.people import PAUSE, UNTIL_I_SAY, Person
from handlers.answers import show, tapped
from handlers.buttons import PauseFor
from handlers.context import Context, Visitor, visitor
from handlers.views import settings as views


def is_resting(person: Person, now: datetime) -> bool:
    paused = person.paused_until is not None and person.paused_until > now
    return paused or person.stopped_at is not None


async def show_pause(update: Update, context: Context, who: Visitor) -> None:
    services = context.services
    screen = views.pause(who.texts, who.person, services.clock.now(), services.partnership.zone)
    await show(update, screen)


async def pause(update: Update, context: Context, who: Visitor) -> None:
    """May be repeated, also days later: a pause that runs keeps its end."""
    button = PauseFor.read(tapped(update))
    if button is None or button.span not in {views.WEEK, views.OPEN}:
        await show_pause(update, context, who)
        return
    now = context.services.clock.now()
    wanted = now + PAUSE if button.span == views.WEEK else UNTIL_I_SAY
    until = people.pause_end(who.person, wanted, now)
    await people.pause(context.services.store, who.person.id, until)
    await _show_resting(update, context)


async def stop(update: Update, context: Context, who: Visitor) -> None:
    """May be repeated: only a later update could have ended it, and then this one is past."""
    await people.stop(context.services.store, who.person.id, context.services.clock)
    await _show_resting(update, context)


async def resume(update: Update, context: Context, who: Visitor) -> None:
    await people.resume(context.services.store, who.person.id)
    await show(update, views.resumed(who.texts))


async def _show_resting(update: Update, context: Context) -> None:
    """What the store says now, not what we believe we wrote."""
    who = await visitor(update, context)
    await show(update, views.resting(who.texts, who.person, context.services.partnership.zone))
