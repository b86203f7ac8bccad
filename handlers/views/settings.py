"""Screens about messages themselves: pause, stop, and coming back."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.people import UNTIL_I_SAY, Person
from handlers.buttons import PauseFor, Resume, ShowMenu, Stop
from handlers.views.screen import Screen, column
from locales.texts import Texts

WEEK, OPEN = "week", "open"


def pause(texts: Texts, person: Person, now: datetime, zone: str) -> Screen:
    if person.stopped_at or (person.paused_until and person.paused_until > now):
        return resting(texts, person, zone)
    return Screen(
        texts.h("How long shall we send no news?"),
        column(
            (texts.t("For one week"), PauseFor(WEEK)),
            (texts.t("Until I say"), PauseFor(OPEN)),
            (texts.t("No more messages"), Stop()),
            (texts.t("Back"), ShowMenu()),
        ),
    )


def resting(texts: Texts, person: Person, zone: str) -> Screen:
    """What holds now, and the one tap that ends it."""
    back = column((texts.t("Send news again"), Resume()), (texts.t("Menu"), ShowMenu()))
    if person.stopped_at:
        return Screen(
            texts.h(
                "You get no more messages from us. Your choice of topics is kept. "
                "One tap and the news come again."
            ),
            back,
        )
    if person.paused_until is None or person.paused_until >= UNTIL_I_SAY:
        return Screen(texts.h("Pause. We send no news until you tap here."), back)
    day = texts.weekday(person.paused_until.astimezone(ZoneInfo(zone)).date())
    return Screen(texts.h("Pause until {day}. After that the news come again.", day=day), back)


def resumed(texts: Texts) -> Screen:
    return Screen(texts.h("Done. You get news again."), column((texts.t("Menu"), ShowMenu())))
