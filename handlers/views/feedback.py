"""Feedback: its three questions in words, the thanks, and the note to the team."""

import html
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.feedback import PER_DAY, WORDS_LIMIT, About, Feedback, Rating
from bot.core.people import Language
from handlers.buttons import ShowMenu
from handlers.views.conversations import Wording
from handlers.views.screen import Screen, column
from locales.texts import Texts


def wording(texts: Texts) -> Wording:
    about = texts.h(
        "Please write nothing here about health and no names of children. "
        "What we do with your answers: /privacy\n\n"
        "What is it about?"
    )
    words = texts.h(
        "What would you like to tell us? Write it as a message, up to {limit} characters. "
        "No names of children and nothing about health, please.",
        limit=WORDS_LIMIT,
    )
    return Wording(
        title=texts.t("Your feedback"),
        questions={"about": about, "rating": texts.h("How useful is it to you?"), "words": words},
        fields={
            "about": texts.t("About"),
            "rating": texts.t("Useful"),
            "words": texts.t("Your words"),
        },
        labels={
            "about": {
                About.NEWS: texts.t("News"),
                About.SIGN_UP: texts.t("Signing up and help"),
                About.BOT: texts.t("This bot"),
                About.OTHER: texts.t("Something else"),
            },
            "rating": {
                Rating.VERY: texts.t("Very useful"),
                Rating.PARTLY: texts.t("Partly"),
                Rating.NOT: texts.t("Not useful"),
            },
        },
    )


def thanks(texts: Texts, feedback: Feedback) -> Screen:
    return Screen(
        texts.h(
            "Thank you! Your feedback has been sent to the team. Its number is <b>{number}</b>.\n"
            "We do not answer here. If you would like an answer, call or write to us and say "
            "this number: /help",
            number=feedback.reference,
        ),
        column((texts.t("Menu"), ShowMenu())),
    )


def too_many(texts: Texts, again_at: datetime, zone: str) -> Screen:
    local = again_at.astimezone(ZoneInfo(zone))
    return Screen(
        texts.h(
            "Thank you, we have {count} messages from you within a day; more than that we cannot "
            "take in. You can write again from {day}, {time}. Is it urgent? Talk to a person: "
            "/help",
            count=PER_DAY,
            day=texts.weekday(local.date()),
            time=f"{local:%H:%M}",
        ),
        column((texts.t("Menu"), ShowMenu())),
    )


def note(feedback: Feedback, texts: Texts) -> Screen:
    """For coordinators. It may arrive twice: the number tells that it is the same."""
    said = wording(texts)
    written_in = {Language.DE: texts.t("German"), Language.UK: texts.t("Ukrainian")}
    lines = [
        texts.h("<b>Feedback {number}</b>", number=feedback.reference),
        _line(said.fields["about"], said.labels["about"][feedback.about]),
        _line(said.fields["rating"], said.labels["rating"][feedback.rating]),
        _line(texts.t("Written in"), written_in[feedback.language]),
    ]
    words = html.escape(feedback.words, quote=False) or texts.h("<i>without words</i>")
    return Screen("\n".join(lines) + f"\n\n{words}")


def _line(field: str, said: str) -> str:
    return f"{html.escape(field, quote=False)}: {html.escape(said, quote=False)}"
