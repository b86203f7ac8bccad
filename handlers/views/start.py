"""Screens of the first minutes: language, topics, what comes next, the main menu."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import ReplyKeyboardMarkup

from bot.core.partnership import Topic
from bot.core.people import ALL_TOPICS, Language
from handlers.buttons import (
    AllTopics,
    ChooseLanguage,
    FollowTopic,
    NoTopics,
    ShowTopics,
    TopicsDone,
)
from handlers.views.screen import TICK, Screen, column, reply_keyboard, rows, two_abreast
from locales.texts import Texts


@dataclass(frozen=True, slots=True)
class MenuLabels:
    """The reply keyboard. Its presses arrive as text, so the labels are also what we listen to."""

    news: str
    topics: str
    pause: str
    language: str
    help: str


def menu_labels(texts: Texts) -> MenuLabels:
    return MenuLabels(
        news=texts.t("News"),
        topics=texts.t("My topics"),
        pause=texts.t("Pause"),
        language=texts.t("Language"),
        help=texts.t("Help and contact"),
    )


def ask_language(each: Sequence[Texts]) -> Screen:
    """Everything in every language: nobody has chosen yet."""
    greetings = [
        texts.h(
            "Good day! Here you read news from the partnership of {home} and {partner}.\n"
            "In which language shall we write to you?"
        )
        for texts in each
    ]
    privacy = [
        texts.h("What we keep about you: /privacy – talk to a person: /help") for texts in each
    ]
    choices = [(t.language.own_name, ChooseLanguage(t.language.value)) for t in each]
    return Screen("\n\n".join([*greetings, "\n".join(privacy)]), column(*choices))


def change_language(texts: Texts, languages: Sequence[Language]) -> Screen:
    choices = [
        (
            (TICK if language is texts.language else "") + language.own_name,
            ChooseLanguage(language.value),
        )
        for language in languages
    ]
    return Screen(texts.h("In which language shall we write to you?"), column(*choices))


def ask_topics(texts: Texts, topics: Sequence[Topic], chosen: frozenset[str]) -> Screen:
    """Each button says what a tap on it makes of its topic, so a second changes nothing."""
    everything = ALL_TOPICS in chosen
    ticked = {topic.id: everything or topic.id in chosen for topic in topics}
    buttons = [
        (
            (TICK if ticked[topic.id] else "") + topic.name[texts.language],
            FollowTopic(topic.id, int(not ticked[topic.id])),
        )
        for topic in topics
    ]
    whole = (texts.t("None"), NoTopics()) if everything else (texts.t("All topics"), AllTopics())
    return Screen(
        texts.h(
            "Which topics interest you?\n"
            "Tap to choose or to take back. A tick ✓ means: you get these news.\n"
            "Questions? /help"
        ),
        rows(*two_abreast(buttons), [whole], [(texts.t("Done"), TopicsDone())]),
    )


def topics_chosen(texts: Texts, topics: Sequence[Topic], chosen: frozenset[str]) -> Screen:
    """In place of the question, so that no ticked list stays behind."""
    return Screen(_choice(texts, topics, chosen), rows([(texts.t("Change topics"), ShowTopics())]))


def what_next(texts: Texts) -> Screen:
    """What comes next, and how to stop; carries the main menu."""
    return Screen(
        texts.h(
            "We write as soon as there is something new.\n"
            "Read the latest news now: /news\n"
            "Take a break: /pause\n"
            "No more messages: /stop"
        ),
        menu=menu(texts),
    )


def language_changed(texts: Texts) -> Screen:
    return Screen(texts.h("Done. This is the language we write in from now on."), menu=menu(texts))


def welcome_back(texts: Texts) -> Screen:
    return Screen(texts.h("Good day! Choose below what you would like to do."), menu=menu(texts))


def with_menu(screen: Screen, texts: Texts) -> Screen:
    return Screen(screen.text, menu=menu(texts))


def menu(texts: Texts) -> ReplyKeyboardMarkup:
    labels = menu_labels(texts)
    return reply_keyboard(
        [[labels.news, labels.topics], [labels.pause, labels.language], [labels.help]],
        texts.t("Choose below"),
    )


def _choice(texts: Texts, topics: Sequence[Topic], chosen: frozenset[str]) -> str:
    if ALL_TOPICS in chosen:
        return texts.h("Saved. You get the news on all topics.")
    names = [topic.name[texts.language] for topic in topics if topic.id in chosen]
    if not names:
        return texts.h(
            "Saved. You have chosen no topic, so no news come by themselves. "
            "You choose topics under “My topics”."
        )
    return texts.h("Saved. You get the news on: {topics}.", topics=", ".join(names))
