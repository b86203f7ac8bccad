from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.core.partnership import CityName, Contact, Partnership, Topic
from bot.core.people import ALL_TOPICS, UNTIL_I_SAY, Language, Person
from handlers.views import help as help_views
from handlers.views import settings as settings_views
from handlers.views import start as start_views
from handlers.views.screen import LABEL_LIMIT, NOTICE_LIMIT, TEXT_LIMIT, Screen
from locales.texts import Texts
from tests.handlers.examples import (
    HOSTILE,
    both_texts,
    in_sandbox,
    other_pair,
    shipped,
    texts_of,
)
from tests.handlers.telegram_html import Parsed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOMEBODY = Person(1, 1001, Language.DE, frozenset({"aid"}))
PLACEHOLDER_LIMIT = 64
PAIRS = [shipped().partnership, in_sandbox().partnership, other_pair().partnership]
BERLIN = "Europe/Berlin"


def screens(texts: Texts, partnership: Partnership) -> list[Screen]:
    """Every screen that needs no news, with the most it can hold."""
    topics = partnership.topics
    every_topic = frozenset(topic.id for topic in topics)
    each = [texts_of(partnership, language) for language in Language]
    soon = replace(SOMEBODY, paused_until=NOW + timedelta(days=7))
    return [
        start_views.ask_language(each),
        start_views.change_language(texts, list(Language)),
        start_views.ask_topics(texts, topics, frozenset()),
        start_views.ask_topics(texts, topics, every_topic),
        start_views.ask_topics(texts, topics, frozenset({ALL_TOPICS})),
        start_views.topics_chosen(texts, topics, frozenset()),
        start_views.topics_chosen(texts, topics, every_topic),
        start_views.topics_chosen(texts, topics, frozenset({ALL_TOPICS})),
        start_views.what_next(texts),
        start_views.language_changed(texts),
        start_views.welcome_back(texts),
        settings_views.pause(texts, SOMEBODY, NOW, partnership.zone),
        settings_views.pause(texts, soon, NOW, partnership.zone),
        settings_views.resting(texts, replace(SOMEBODY, stopped_at=NOW), partnership.zone),
        settings_views.resting(texts, replace(SOMEBODY, paused_until=UNTIL_I_SAY), BERLIN),
        settings_views.resumed(texts),
        help_views.help_and_contact(texts, partnership),
        help_views.impressum(texts, partnership),
        help_views.privacy(texts, replace(partnership, privacy_url="https://a.example/?x=1&y='2'")),
        help_views.ask_forget(texts, 2**33),
        help_views.forgotten(texts),
        help_views.goodbye(texts),
        help_views.not_understood(texts),
        help_views.cannot_read(texts),
        help_views.unknown_command(texts),
        help_views.our_fault(texts, "ABC234"),
    ]


def rows_of(screen: Screen) -> list[list[str]]:
    if isinstance(screen.keyboard, InlineKeyboardMarkup):
        return [[button.text for button in row] for row in screen.keyboard.inline_keyboard]
    if isinstance(screen.menu, ReplyKeyboardMarkup):
        return [[button.text for button in row] for row in screen.menu.keyboard]
    return []


def everything() -> list[Screen]:
    return [
        screen
        for partnership in PAIRS
        for language in Language
        for screen in screens(texts_of(partnership, language), partnership)
    ]


def test_telegram_takes_every_screen() -> None:
    for screen in everything():
        parsed = Parsed(screen.text)

        assert parsed.text.strip()
        assert parsed.units <= TEXT_LIMIT
        assert "{" not in parsed.text


def test_a_long_label_has_a_row_of_its_own() -> None:
    for row in [row for screen in everything() for row in rows_of(screen)]:
        assert len(row) == 1 or all(len(label) <= LABEL_LIMIT for label in row)


def test_a_placeholder_fits_into_the_input_field() -> None:
    for texts in both_texts():
        placeholder = start_views.menu(texts).input_field_placeholder or ""

        assert 0 < len(placeholder) <= PLACEHOLDER_LIMIT


def test_a_message_has_a_menu_or_buttons_never_both() -> None:
    assert not [screen for screen in everything() if screen.menu and screen.keyboard]


@pytest.mark.parametrize("texts", both_texts(), ids=lambda texts: texts.language)
def test_a_tick_moves_no_button(texts: Texts) -> None:
    topics = shipped().partnership.topics
    nothing = rows_of(start_views.ask_topics(texts, topics, frozenset()))

    ticked = rows_of(start_views.ask_topics(texts, topics, frozenset(t.id for t in topics)))

    assert [len(row) for row in ticked] == [len(row) for row in nothing]


@pytest.mark.parametrize("texts", both_texts(), ids=lambda texts: texts.language)
def test_a_notice_fits_into_telegrams_answer(texts: Texts) -> None:
    notices = [
        help_views.old_button(texts),
        texts.t("Only the team can do that."),
        texts.t("Rejected."),
        texts.t("Somebody has released this news item already."),
        texts.t("Somebody has rejected this news item already."),
        texts.t("This news item no longer exists."),
        texts.tn("Released. {n} person gets it now.", "Released. {n} people get it now.", 300_000),
    ]

    assert all(0 < len(notice) <= NOTICE_LIMIT for notice in notices)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_configured_text_is_shown_as_it_is_written(hostile: str) -> None:
    partnership = shipped().partnership
    said = {"de": hostile, "uk": hostile}
    awkward = replace(
        partnership,
        contact=Contact(said, said, said, said, said),
        impressum={"de": (hostile,), "uk": (hostile,)},
        topics=(Topic("a", said, {}),),
    )

    for screen in _shown_to_all(awkward):
        assert hostile in screen


@pytest.mark.parametrize("hostile", ["A & B", "<b>", "{0}"])
def test_a_citys_name_is_shown_as_it_is_written(hostile: str) -> None:
    partnership = shipped().partnership
    forms = {language: CityName(hostile, hostile, hostile, hostile) for language in Language}
    awkward = replace(partnership, home=replace(partnership.home, forms=forms))

    greeting = start_views.ask_language([texts_of(awkward, language) for language in Language])

    assert Parsed(greeting.text).text.count(hostile) == len(Language)


def _shown_to_all(partnership: Partnership) -> Sequence[str]:
    return [
        Parsed(screen.text).text
        for texts in both_texts()
        for screen in (
            help_views.help_and_contact(texts, partnership),
            help_views.impressum(texts, partnership),
            start_views.topics_chosen(texts, partnership.topics, frozenset({"a"})),
        )
    ]
