"""How an article is recognised when it comes a second time."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import news
from bot.core.news import FRESH, is_silent, moment_of
from bot.core.news_identity import bare_address, identity_keys
from storage.store import Database
from tests.builders import item
from tests.clock import NOON, StoppedClock
from tests.rows import rows

DAY = date(2026, 8, 3)
PAGE = "https://www.example.org/news/1"
URLS = st.from_regex(r"https?://(www\.)?[a-z]{1,8}\.de(/[a-z0-9-]{1,6}){0,3}", fullmatch=True)


def _keys(
    title: str = "Konzert", *, guid: str | None = "g1", url: str | None = PAGE, source: str = "city"
) -> set[str]:
    return set(identity_keys(source, guid=guid, url=url, title=title, day=DAY))


@pytest.mark.parametrize(
    "copy",
    [
        "https://www.example.org/news/1",
        "http://www.example.org/news/1",
        "https://example.org/news/1",
        "https://WWW.Example.org/news/1",
        "https://example.org/news/1/",
        "https://example.org/news/1#comments",
        "https://example.org/news/1?utm_source=rss&utm_medium=feed",
        "https://example.org/news/1?fbclid=abc",
        "https://example.org/news/1.amp",
        "https://example.org/news/1.amp?utm_source=rss",
    ],
)
def test_copies_of_an_address_are_one_address(copy: str) -> None:
    assert _keys("Anders", guid=None, url=copy) & _keys("Konzert", guid=None)


@pytest.mark.parametrize(
    "other",
    [
        "https://www.example.org/news/2",
        "https://www.example.org/news/1?page=2",
        "https://news.example.org/news/1",
        "https://www.example.org/News/1",
        "https://other.example.org/go?to=https://www.example.org/news/1",
    ],
)
def test_other_addresses_are_other_articles(other: str) -> None:
    assert not _keys("Anders", guid=None, url=other) & _keys("Konzert", guid=None)


def test_links_that_lead_on_to_one_place_are_not_one_article() -> None:
    one, other = (f"https://example.org/{n}?share=https://t.example.org" for n in (1, 2))

    assert not _keys("A", guid=None, url=one) & _keys("B", guid=None, url=other)


def test_one_guid_with_two_links_is_two_articles() -> None:
    other = "https://example.org/news/2"

    assert not _keys("Fest", url=other) & _keys("Konzert")
    assert _keys("Fest") & _keys("Konzert")


def test_one_guid_without_a_link_is_one_article() -> None:
    assert _keys("Fest", url=None) & _keys("Konzert", url=None)


def test_one_title_on_one_day_is_one_article_of_a_source() -> None:
    moved = _keys("  KONZERT ", guid="g2", url="https://example.org/moved")

    assert moved & _keys("Konzert")
    assert not _keys(source="other", guid=None, url=None) & _keys(guid=None, url=None)


@given(URLS)
def test_an_address_is_known_by_its_copies(url: str) -> None:
    bare = bare_address(url)

    assert bare == bare_address(url + "/")
    assert bare == bare_address(url + "#top")
    assert bare == bare_address(url + "?utm_source=x")
    assert bare == bare_address(bare)


@given(URLS, URLS, st.text(min_size=1), st.text(min_size=1))
def test_articles_share_a_key_only_where_something_is_the_same(
    url: str, other_url: str, guid: str, other_guid: str
) -> None:
    shared = _keys("A", guid=guid, url=url) & _keys("B", guid=other_guid, url=other_url)

    assert bool(shared) == (bare_address(url) == bare_address(other_url))


@given(st.text(), st.text())
def test_keys_have_the_length_of_their_column(title: str, guid: str) -> None:
    keys = identity_keys("city", guid=guid, url=None, title=title, day=None)

    assert {len(key) for key in keys} == {64}


@pytest.mark.parametrize(
    ("guid", "url", "title"),
    [
        ("g1", "https://example.org/other", "Konzert am Hafen"),
        ("g2", "http://example.org/news/1/?utm_source=x", "Neuer Titel"),
        ("g1", PAGE, "Neuer Titel"),
    ],
)
async def test_what_is_known_by_any_key_is_not_stored_again(
    store: Database, clock: StoppedClock, guid: str, url: str, title: str
) -> None:
    first = item("Konzert am Hafen", url=PAGE)
    again = item(title, url=url)
    for found, found_guid in ((first, "g1"), (again, guid)):
        keys = identity_keys(
            "city", guid=found_guid, url=found.url, title=found.title, day=found.published_on
        )
        async with store.transaction() as records:
            await news.keep(records, found, keys, (), clock.now())

    assert [row["id"] for row in await rows(store, "news")] == [first.id]


def test_what_is_old_when_found_is_silent() -> None:
    assert is_silent(NOON - FRESH - FRESH, first_import=False, now=NOON)
    assert not is_silent(NOON - FRESH, first_import=False, now=NOON)
    assert not is_silent(None, first_import=False, now=NOON)
    assert is_silent(NOON, first_import=True, now=NOON)


def test_a_day_without_a_time_is_that_day_in_both_cities() -> None:
    moment = moment_of(None, DAY)

    assert moment is not None
    assert moment.isoformat() == "2026-08-03T12:00:00+00:00"
    assert moment_of(NOON, DAY) == NOON
    assert moment_of(None, None) is None
