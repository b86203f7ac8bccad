import pytest

from bot.core.news import LEAD_LIMIT, TITLE_LIMIT, Origin
from bot.core.people import Language
from bot.core.text import utf16_length
from handlers.buttons import NewsPage
from handlers.views import news as views
from handlers.views.screen import LABEL_LIMIT, TEXT_LIMIT, Screen
from locales.texts import Texts
from tests.handlers.examples import (
    HOSTILE,
    LONG_URL,
    both_texts,
    longest,
    longest_source_names,
    other,
    reading,
    taps,
    words,
)
from tests.handlers.telegram_html import Parsed

BOTH = both_texts()
SOURCES = longest_source_names()

in_both = pytest.mark.parametrize("texts", BOTH, ids=lambda texts: texts.language)
every_origin = pytest.mark.parametrize("origin", list(Origin))


def labels(screen: Screen) -> list[list[str]]:
    rows = screen.keyboard.inline_keyboard if screen.keyboard else ()
    return [[button.text for button in row] for row in rows]


@in_both
@every_origin
def test_the_longest_item_fits_into_one_message(texts: Texts, origin: Origin) -> None:
    item = Parsed(views.item(longest(texts.language, origin), texts, SOURCES).text)

    assert item.units <= TEXT_LIMIT
    assert item.links == [LONG_URL]


@in_both
def test_an_item_of_the_length_we_store_is_not_cut(texts: Texts) -> None:
    whole = reading(texts.language, title=words(TITLE_LIMIT), lead=words(LEAD_LIMIT))

    text = Parsed(views.item(whole, texts, SOURCES).text).text

    assert whole.title in text
    assert whole.lead in text


@in_both
@every_origin
def test_five_items_of_the_greatest_length_fit_into_one_page(texts: Texts, origin: Origin) -> None:
    readings = [longest(texts.language, origin)] * (views.PAGE + 1)

    page = views.page(readings, texts, SOURCES, skip=views.PAGE)

    assert Parsed(page.text).units <= TEXT_LIMIT
    assert Parsed(page.text).links == [LONG_URL] * views.PAGE


@in_both
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_is_shown_as_it_is_written(texts: Texts, hostile: str) -> None:
    found = reading(texts.language, title=hostile, lead=hostile)
    shown = [
        views.item(found, texts, SOURCES),
        views.page([found], texts, SOURCES, skip=0),
        views.review(1, 0, dict.fromkeys(Language, found), texts, SOURCES),
    ]

    for screen in shown:
        parsed = Parsed(screen.text)
        assert parsed.units <= TEXT_LIMIT
        assert _beginning(hostile, views.PREVIEW) in parsed.text
        assert set(parsed.tags) <= {"b", "i", "a"}


@in_both
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_source_name_is_shown_as_it_is_written(texts: Texts, hostile: str) -> None:
    names = {"source": {"de": hostile, "uk": hostile}}

    item = Parsed(views.item(reading(texts.language), texts, names).text)

    assert _beginning(hostile, views.SOURCE) in item.text


@in_both
def test_an_item_without_a_text_leaves_no_gap_in_a_page(texts: Texts) -> None:
    page = views.page([reading(texts.language, lead="")], texts, SOURCES, skip=0)

    assert page.text.count("\n\n") == 1


@in_both
@pytest.mark.parametrize("url", ["https://a.example/?a=1&b='2'&c=%22", 'https://a.example/"><b>x'])
def test_a_link_leads_where_it_should(texts: Texts, url: str) -> None:
    item = Parsed(views.item(reading(texts.language, url=url), texts, SOURCES).text)

    assert item.links == [url]


@in_both
def test_an_item_without_a_link_has_none(texts: Texts) -> None:
    item = Parsed(views.item(reading(texts.language, url=None), texts, SOURCES).text)

    assert item.links == []


@in_both
@pytest.mark.parametrize("origin", [Origin.ORIGINAL, Origin.HUMAN])
def test_what_people_wrote_has_no_label(texts: Texts, origin: Origin) -> None:
    item = Parsed(views.item(reading(texts.language, origin), texts, SOURCES).text)

    assert "i" not in item.tags


@in_both
def test_what_a_machine_wrote_says_so_above_the_link_to_the_original(texts: Texts) -> None:
    translated = reading(texts.language, Origin.MACHINE, written_in=other(texts.language))

    item = Parsed(views.item(translated, texts, SOURCES).text)

    said = {Language.DE: "Automatisch übersetzt", Language.UK: "Перекладено автоматично"}
    *_, label, link = item.text.split("\n")
    assert label == said[texts.language]
    assert link.startswith(
        {Language.DE: "Original", Language.UK: "Читати оригінал"}[texts.language]
    )
    assert item.links == ["https://news.example/1"]


@in_both
def test_what_still_waits_for_its_translation_says_so(texts: Texts) -> None:
    waiting = reading(texts.language, Origin.FOLLOWS, written_in=other(texts.language))

    item = Parsed(views.item(waiting, texts, SOURCES).text)

    said = {Language.DE: "Übersetzung folgt", Language.UK: "лише німецькою"}
    assert said[texts.language] in item.text


@in_both
@every_origin
def test_the_day_is_told_in_the_readers_language(texts: Texts, origin: Origin) -> None:
    item = views.item(reading(texts.language, origin), texts, SOURCES)

    assert {Language.DE: "28. September 2026", Language.UK: "28 вересня 2026"}[
        texts.language
    ] in item.text


@in_both
def test_no_item_leads_on_to_choosing_topics(texts: Texts) -> None:
    page = views.page([], texts, SOURCES, skip=0)

    assert "topics" in taps(page)


@in_both
def test_a_page_offers_older_news_only_where_there_are_some(texts: Texts) -> None:
    five = [reading(texts.language)] * views.PAGE

    last = views.page(five, texts, SOURCES, skip=0)
    more = views.page([*five, five[0]], texts, SOURCES, skip=0)

    assert NewsPage(views.PAGE).wire() not in taps(last)
    assert NewsPage(views.PAGE).wire() in taps(more)


@in_both
def test_a_page_beyond_the_last_one_leads_back(texts: Texts) -> None:
    page = views.page([], texts, SOURCES, skip=views.PAGE)

    assert NewsPage(0).wire() in taps(page)
    assert Parsed(page.text).text.strip()


@in_both
def test_a_long_label_has_a_row_of_its_own(texts: Texts) -> None:
    held = {language: reading(language, notify=False) for language in Language}
    many = [reading(texts.language)] * (views.PAGE + 1)
    screens = [
        views.review(2, 0, held, texts, SOURCES),
        views.page(many, texts, SOURCES, skip=views.PAGE),
        views.nothing_held(texts),
    ]

    for row in [row for screen in screens for row in labels(screen)]:
        assert len(row) == 1 or all(len(label) <= LABEL_LIMIT for label in row)


def _beginning(hostile: str, limit: int) -> str:
    """What is shown of it for certain."""
    return hostile if utf16_length(hostile) <= limit else hostile[:20]
