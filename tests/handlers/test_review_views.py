from dataclasses import replace

import pytest

from bot.core.news import Origin
from bot.core.people import Language
from handlers.buttons import RejectNews, ReleaseNews, Review
from handlers.views import news as views
from handlers.views.screen import TEXT_LIMIT
from locales.texts import Texts
from tests.handlers.examples import (
    both_texts,
    longest,
    longest_source_names,
    reading,
    taps,
)
from tests.handlers.telegram_html import Parsed

BOTH = both_texts()
SOURCES = longest_source_names()

in_both = pytest.mark.parametrize("texts", BOTH, ids=lambda texts: texts.language)
every_origin = pytest.mark.parametrize("origin", list(Origin))


@in_both
@pytest.mark.parametrize("notify", [True, False])
def test_the_longest_item_can_be_reviewed(texts: Texts, *, notify: bool) -> None:
    found = {each.language: longest(each.language, Origin.FOLLOWS) for each in BOTH}
    readings = {
        language: replace(one, item=replace(one.item, notify=notify))
        for language, one in found.items()
    }

    screen = views.review(1_000, 999, readings, texts, SOURCES)

    assert Parsed(screen.text).units <= TEXT_LIMIT
    assert all(language.own_name in screen.text for language in Language)


@in_both
def test_an_item_brought_in_by_hand_names_no_source(texts: Texts) -> None:
    by_hand = reading(texts.language)
    held = dict.fromkeys(Language, replace(by_hand, item=replace(by_hand.item, source="import")))

    assert "import" not in Parsed(views.review(1, 0, held, texts, SOURCES).text).text


@in_both
def test_a_fresh_item_is_released_to_its_followers_with_one_tap(texts: Texts) -> None:
    held = {language: reading(language) for language in Language}
    news_id = held[Language.DE].item.id

    screen = views.review(1, 0, held, texts, SOURCES)

    assert taps(screen) == [ReleaseNews(news_id, 1).wire(), RejectNews(news_id).wire()]


@in_both
def test_an_old_item_is_released_silently_unless_somebody_wants_more(texts: Texts) -> None:
    held = {language: reading(language, notify=False) for language in Language}
    news_id = held[Language.DE].item.id

    screen = views.review(3, 2, held, texts, SOURCES)

    assert taps(screen) == [
        ReleaseNews(news_id, 0).wire(),
        ReleaseNews(news_id, 1).wire(),
        RejectNews(news_id).wire(),
        Review(0).wire(),
    ]
