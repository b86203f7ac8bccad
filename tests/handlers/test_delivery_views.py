from datetime import UTC, datetime

import pytest

from bot.core.alerts import Alert, AlertKind
from bot.core.campaigns import Progress
from bot.core.ledger import DeliveryState
from bot.core.news import Origin
from bot.core.news_decisions import Decided
from handlers.buttons import (
    AskWithdrawNews,
    NewsProgress,
    ResendDoubtful,
    Review,
    ShowMenu,
    WithdrawNews,
)
from handlers.views import delivery as views
from handlers.views.screen import LABEL_LIMIT, NOTICE_LIMIT, TEXT_LIMIT, Screen
from locales.texts import Texts
from tests.handlers.examples import (
    HIGHEST_ID,
    HOSTILE,
    both_texts,
    longest,
    longest_source_names,
    reading,
    taps,
)
from tests.handlers.telegram_html import Parsed

SOURCES = longest_source_names()
MANY = 1_234_567
SENT, PENDING, UNKNOWN = DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.UNKNOWN
ALL_STATES = {state: MANY + n for n, state in enumerate(DeliveryState)}
REFRESH, AGAIN = NewsProgress(HIGHEST_ID).wire(), ResendDoubtful(HIGHEST_ID).wire()
ASK, MENU = AskWithdrawNews(HIGHEST_ID).wire(), ShowMenu().wire()

in_both = pytest.mark.parametrize("texts", both_texts(), ids=lambda texts: texts.language)


def counted(
    counts: dict[DeliveryState, int], *, filled: bool = True, stopped: bool = False
) -> Progress:
    return Progress(counts, filled, stopped, reason=None)


def alert(kind: AlertKind, reference: str) -> Alert:
    return Alert(1, kind, datetime(2026, 9, 28, tzinfo=UTC), 3, reference)


def longest_screens(texts: Texts) -> list[Screen]:
    item = longest(texts.language, Origin.FOLLOWS)
    return [
        views.released(item, views.told_to(MANY, texts, complete=True), texts),
        views.progress(item, counted(ALL_STATES), texts),
        views.never_sent(item, texts),
        views.ask_withdraw(item, texts),
        views.taken_back(item, MANY, texts),
        views.withdrawn(item, texts, SOURCES),
        *[views.alert(alert(kind, "x" * 80), texts) for kind in AlertKind],
    ]


@in_both
def test_the_longest_item_fits_on_every_screen(texts: Texts) -> None:
    for screen in longest_screens(texts):
        assert Parsed(screen.text).units <= TEXT_LIMIT


@in_both
def test_labels_beside_each_other_are_short_enough_for_a_small_phone(texts: Texts) -> None:
    for screen in longest_screens(texts):
        for row in screen.keyboard.inline_keyboard if screen.keyboard else ():
            assert len(row) == 1 or all(len(button.text) <= LABEL_LIMIT for button in row)


@in_both
@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_shown_as_it_is(texts: Texts, title: str) -> None:
    item = reading(texts.language, title=title)
    progress = counted({SENT: 1})

    for screen in (
        views.released(item, "ok", texts),
        views.progress(item, progress, texts),
        views.never_sent(item, texts),
        views.ask_withdraw(item, texts),
        views.taken_back(item, 1, texts),
        views.withdrawn(item, texts, SOURCES),
    ):
        assert title[:10] in Parsed(screen.text).text


@in_both
def test_what_telegram_said_is_shown_as_it_is(texts: Texts) -> None:
    said = 'news: can\'t parse entities: unsupported start tag "<b&>"'

    screen = views.alert(alert(AlertKind.STOPPED_CAMPAIGN, said), texts)

    assert said in Parsed(screen.text).text


@in_both
def test_progress_is_counted_by_state(texts: Texts) -> None:
    told = Parsed(views.progress(reading(texts.language), counted(ALL_STATES), texts).text).text

    waiting = ALL_STATES[PENDING] + ALL_STATES[DeliveryState.CLAIMED]
    shown = {ALL_STATES[state] for state in DeliveryState}
    shown -= {ALL_STATES[PENDING], ALL_STATES[DeliveryState.CLAIMED]}
    for number in (waiting, *shown):
        assert str(number) in told


@in_both
def test_progress_names_only_what_there_is(texts: Texts) -> None:
    few = views.progress(reading(texts.language), counted({SENT: 3}), texts)
    none = views.progress(reading(texts.language), counted({}), texts)

    assert len(Parsed(few.text).text.splitlines()) == 4  # title, a blank, heading, arrived
    assert len(none.text.splitlines()) == 4


@in_both
def test_finished_is_only_said_when_no_row_is_open_and_none_is_to_come(texts: Texts) -> None:
    """D15"""
    item = reading(texts.language)
    headings = [
        views.progress(item, found, texts).text.splitlines()[2]
        for found in (
            counted({SENT: 3, PENDING: 1}),
            counted({SENT: 3}, filled=False),
            counted({SENT: 3}),
            counted({SENT: 3, PENDING: 1}, stopped=True),
        )
    ]

    assert headings == [
        texts.h("<b>On its way</b>"),
        texts.h("<b>On its way</b>"),
        texts.h("<b>Finished</b>"),
        texts.h("<b>Stopped</b>"),
    ]


@in_both
def test_the_uncertain_are_tried_again_only_where_there_are_any(texts: Texts) -> None:
    item = reading(texts.language)

    without = taps(views.progress(item, counted({SENT: 3}), texts))
    with_some = taps(views.progress(item, counted({SENT: 3, UNKNOWN: 1}), texts))

    assert without == [REFRESH, ASK, MENU]
    assert with_some == [REFRESH, AGAIN, ASK, MENU]


@in_both
def test_from_a_release_one_sees_who_has_it_and_takes_it_back(texts: Texts) -> None:
    item = reading(texts.language)

    assert taps(views.released(item, "ok", texts)) == [REFRESH, ASK]
    assert taps(views.never_sent(item, texts)) == [ASK, MENU]


@in_both
def test_before_it_is_withdrawn_somebody_is_asked_and_no_comes_first(texts: Texts) -> None:
    screen = views.ask_withdraw(reading(texts.language), texts)

    assert taps(screen) == [REFRESH, WithdrawNews(HIGHEST_ID).wire()]
    assert taps(views.taken_back(reading(texts.language), 2, texts)) == [Review(0).wire(), MENU]


@in_both
def test_what_was_withdrawn_keeps_its_title_and_nothing_to_rely_on(texts: Texts) -> None:
    item = reading(texts.language, title="Sommerfest", lead="Um acht im Park.")

    screen = views.withdrawn(item, texts, SOURCES)

    told = Parsed(screen.text).text
    assert "Sommerfest" in told
    assert "Um acht" not in told
    assert screen.keyboard is None


@in_both
def test_numbers_of_people_are_declined(texts: Texts) -> None:
    told = [views.told_to(n, texts, complete=True) for n in (1, 2, 5)]

    assert len(set(told)) == 3
    assert str(MANY) not in views.told_to(MANY, texts, complete=False)


@in_both
def test_every_refusal_fits_into_a_notice(texts: Texts) -> None:
    told = [views.decided(result, texts) for result in Decided]

    assert len(set(told)) == len(Decided)
    assert max(map(len, told)) <= NOTICE_LIMIT
