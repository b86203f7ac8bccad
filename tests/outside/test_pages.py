"""Articles come out of pages whole, and nothing else does."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.news_entry import Article, Obstacle, Unreadable, paragraphs
from bot.outside.pages import read_page, read_text

INPUTS = Path(__file__).parents[1] / "inputs"
SENTENCE = "Die Bücherei packt vierhundert Bilderbücher für eine Schule in Riwne."


def _page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def _article(page: bytes | str, **options: str) -> Article:
    article = read_page(page, "https://news.example/de/77", **options)
    assert isinstance(article, Article)
    return article


def _input(name: str) -> bytes:
    return (INPUTS / name).read_bytes()


def test_a_page_gives_its_article_and_nothing_around_it():
    article = _article(_input("notice.html"))

    assert article.title == "Bridge town sends books to Rivne"
    first, second, third = paragraphs(article.text)
    assert first.startswith("The library of a small town")
    assert second.endswith("read aloud at the summer party.")
    assert third.startswith("The school had lost")


def test_the_date_beside_the_headline_wins_over_todays_in_the_header():
    article = _article(_input("notice.html"))

    assert (article.published_on, article.published_at) == (date(2024, 3, 5), None)


def test_a_page_names_its_address_picture_and_language():
    article = _article(_input("notice.html"))

    assert article.url == "https://news.example/en/77"
    assert article.image == "https://news.example/pictures/books.jpg"
    assert article.language == "en"


def test_a_page_drawn_with_tables_is_read_by_its_headline():
    article = _article(_input("table_layout.html"))

    assert article.title == "Бібліотека отримала книжки з Німеччини"
    assert len(paragraphs(article.text)) == 3
    assert "переглядів" not in article.text
    assert article.published_on is None


def test_text_after_an_inline_teaser_stays_and_text_after_the_paywall_mark_goes():
    article = _article(_input("steady.html"))

    assert [p.split()[0] for p in paragraphs(article.text)] == ["Die", "Drei", "Die"]
    assert article.published_at == datetime(2024, 11, 5, 17, 30, tzinfo=UTC)


def test_a_page_in_windows_1251_may_claim_to_be_utf_8():
    page = _input("table_layout.html").decode().encode("cp1251")

    assert _article(page).text == _article(_input("table_layout.html")).text


def test_a_counter_glued_to_the_date_tells_the_day():
    body = f"<div><h1>Bücher für Riwne</h1><p>12.01.2023Aufrufe: 8</p><p>{SENTENCE}</p></div>"

    assert _article(_page(body)).published_on == date(2023, 1, 12)


def test_a_page_without_a_date_of_its_own_has_none():
    body = (
        f"<header>23.11.2026</header><article><h1>Bücher für Riwne</h1><p>{SENTENCE}</p></article>"
    )

    article = _article(_page(body))

    assert (article.published_on, article.published_at) == (None, None)


def test_a_date_in_the_head_is_read_in_the_zone_of_the_source():
    head = '<meta property="article:published_time" content="2023-01-12 14:14">'

    article = _article(
        _page(f"<h1>Bücher für Riwne</h1><p>{SENTENCE}</p>", head), zone="Europe/Kyiv"
    )

    assert article.published_at == datetime(2023, 1, 12, 12, 14, tzinfo=UTC)


def test_a_short_notice_under_a_cookie_banner_is_still_an_article():
    body = (
        "<p>Wir verwenden Cookies, um diese Seite zu verbessern.</p>"
        "<div><h1>Bücher sind da</h1><p>Riwne hat die Bücher erhalten.</p></div>"
    )

    assert _article(_page(body)).text == "Riwne hat die Bücher erhalten."


@pytest.mark.parametrize(
    "sentence",
    [
        "Sie blieben drei Wochen für ein Praktikum in Dortmund.",
        "Поділилися досвідом і фахівці з Житомира.",
        "Teilen heißt die Aktion der Bücherei.",
        "Bilder von Kindern aus Riwne: Dreißig sind im Rathaus zu sehen.",
        "Am 12.01.2023 um 14:14 Uhr fuhr der erste Wagen los.",
        "Про це вони розкажуть детальніше.",
    ],
)
def test_sentences_that_look_like_chrome_stay(sentence):
    article = read_text(f"Bücher für die Schule\n\n{SENTENCE}\n\n{sentence}\n\n{SENTENCE} Ende.")

    assert isinstance(article, Article)
    assert paragraphs(article.text)[1] == sentence


@pytest.mark.parametrize(
    ("body", "obstacle"),
    [
        (
            "<h1>Diese Seite verwendet Cookies</h1><p>Cookies werden für Werbung genutzt.</p>",
            Obstacle.COOKIE_WALL,
        ),
        (
            "<article><h1>Bücher</h1><p>Lesezeit 3 Min</p><p>4 Wochen für 0 Euro.</p></article>",
            Obstacle.PAYWALL,
        ),
        (
            '<div id="app"></div><script src="/a.js"></script><noscript>JavaScript!</noscript>',
            Obstacle.NEEDS_SCRIPT,
        ),
        ("<h1>Just a moment...</h1><p>Checking your browser</p>", Obstacle.ROBOT_CHECK),
        ("", Obstacle.EMPTY),
    ],
)
def test_a_page_that_shows_no_article_is_refused_with_the_reason(body, obstacle):
    assert read_page(_page(body)) == Unreadable(obstacle)


@pytest.mark.parametrize("page", [b"", b"\x00\xff\xfe", "<", "<?xml version='1.0'?>"])
def test_a_page_that_is_none_is_empty(page):
    assert read_page(page) == Unreadable(Obstacle.EMPTY)


def test_a_page_of_many_megabytes_is_not_even_parsed():
    assert read_page(b"x" * 5_000_001) == Unreadable(Obstacle.TOO_LARGE)


def test_pasted_text_loses_the_page_around_it():
    article = read_text(_input("pasted.txt").decode(), zone="Europe/Kyiv")

    assert isinstance(article, Article)
    assert article.title == "Bridge town sends books to Rivne"
    assert [p.split()[0] for p in paragraphs(article.text)] == ["The", "“We", "The"]
    assert article.text.endswith("at 8:15.")


def test_the_line_with_the_view_counter_dates_pasted_text():
    article = read_text(_input("pasted.txt").decode(), zone="Europe/Kyiv")

    assert isinstance(article, Article)
    assert article.published_on == date(2024, 3, 5)
    assert article.published_at == datetime(2024, 3, 5, 7, 5, tzinfo=UTC)


def test_lines_wrapped_by_an_editor_are_one_paragraph():
    wrapped = (
        "Bücher für Riwne\n\nDie Bücherei einer kleinen Stadt am Rhein hat vierhundert\n"
        "Bilderbücher gepackt, und die ersten Kisten sind schon auf\ndem Weg."
    )

    article = read_text(wrapped)

    assert isinstance(article, Article)
    assert len(paragraphs(article.text)) == 1


def test_text_of_nothing_but_chrome_is_empty():
    assert read_text("Share the news:\n\n12.01.2023") == Unreadable(Obstacle.EMPTY)


@settings(deadline=None)  # the first example loads the language models
@given(st.text(max_size=200))
def test_any_text_is_an_article_or_a_reason(raw):
    assert isinstance(read_text(raw), Article | Unreadable)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_are_an_article_or_a_reason(raw):
    assert isinstance(read_page(b"<html><body><p>" + raw), Article | Unreadable)
