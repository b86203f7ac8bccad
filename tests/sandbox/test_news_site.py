"""The invented news site, read as a bot reads it."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import feedparser
import pytest
import trafilatura

from sandbox import news
from sandbox.articles import Article, load
from sandbox.events import Events
from sandbox.newsstand import Newsstand
from sandbox.store import Store
from tests.sandbox.newsroom import Newsroom, open_newsroom

ARTICLES = load()
NEXT = next(one for one in ARTICLES if not one.published_before_start)
LATER = next(one for one in ARTICLES if one.language == "de" and one.order > NEXT.order)


@pytest.fixture(scope="module")
def opened() -> Iterator[Newsroom]:
    with open_newsroom() as opened:
        yield opened


@pytest.fixture
def newsroom(opened: Newsroom) -> Newsroom:
    opened.start_over()
    return opened


def titles(newsroom: Newsroom, language: str) -> list[str]:
    feed = feedparser.parse(newsroom.http.get(f"/news/{language}.xml").content)
    assert not feed.bozo
    return [entry.title for entry in feed.entries]


def test_at_first_only_the_articles_of_before_are_on_the_site(newsroom: Newsroom):
    before = [one for one in reversed(ARTICLES) if one.published_before_start]

    for language in ("de", "uk"):
        expected = [one.wording.title for one in before if one.language == language]
        assert titles(newsroom, language) == expected


def test_the_next_article_is_published_in_order_and_comes_first(newsroom: Newsroom):
    answer = newsroom.http.post("/control/news/publish").json()

    assert answer == {"slug": NEXT.slug, "url": f"{newsroom.url}/news/{NEXT.slug}"}
    assert titles(newsroom, NEXT.language)[0] == NEXT.wording.title


def test_publishing_ends_when_nothing_is_left(newsroom: Newsroom):
    left = sum(not one.published_before_start for one in ARTICLES)

    codes = [newsroom.http.post("/control/news/publish").status_code for _ in range(left + 1)]

    assert codes == [200] * left + [409]


def test_an_unknown_article_cannot_be_published(newsroom: Newsroom):
    answer = newsroom.http.post("/control/news/publish", json={"slug": "no-such"})

    assert answer.status_code == 404
    assert answer.json()["error"].endswith(".")


def test_publishing_twice_keeps_the_date(newsroom: Newsroom):
    newsroom.publish(NEXT.slug)
    first = newsroom.http.get("/control/news").json()

    newsroom.publish(NEXT.slug)

    assert newsroom.http.get("/control/news").json() == first


def test_an_unpublished_article_has_no_page(newsroom: Newsroom):
    assert newsroom.http.get(f"/news/{NEXT.slug}").status_code == 404


@pytest.mark.parametrize("one", ARTICLES, ids=lambda one: one.slug)
def test_the_text_is_found_between_the_chrome(newsroom: Newsroom, one: Article):
    newsroom.publish(one.slug)

    html = newsroom.http.get(f"/news/{one.slug}").text

    assert trafilatura.extract(html) == "\n".join(one.wording.paragraphs)


def test_the_page_says_when_it_was_published(newsroom: Newsroom):
    newsroom.publish(NEXT.slug)
    html = newsroom.http.get(f"/news/{NEXT.slug}").text

    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)

    assert found
    published = datetime.fromisoformat(json.loads(found[1])["datePublished"])
    assert published.utcoffset() in (timedelta(hours=1), timedelta(hours=2))
    assert timedelta(0) <= datetime.now(UTC) - published < timedelta(minutes=1)  # noqa: TID251


def test_a_title_cannot_break_out_of_the_page(newsroom: Newsroom):
    title = '</script><script>alert("x")</script> & <b>'
    values = {"slug": "evil", "language": "de", "title": title, "text": title}
    newsroom.http.post("/control/news/add", json=values).raise_for_status()

    assert "<script>alert" not in newsroom.http.get("/news/evil").text
    assert "<script>alert" not in newsroom.http.get("/news/").text
    assert titles(newsroom, "de")[0] == title


def test_feeds_give_the_local_time_of_their_city(newsroom: Newsroom):
    german = newsroom.http.get("/news/de.xml").text
    ukrainian = newsroom.http.get("/news/uk.xml").text

    assert re.search(r"<pubDate>\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0[12]00</pubDate>", german)
    assert re.search(r"<published>[\d-]{10}T[\d:]{8}\+0[23]:00</published>", ukrainian)


@pytest.mark.parametrize("language", ["de", "uk"])
def test_a_feed_that_did_not_change_is_not_sent_again(newsroom: Newsroom, language: str):
    path = f"/news/{language}.xml"
    first = newsroom.http.get(path)

    by_tag = newsroom.http.get(path, headers={"If-None-Match": first.headers["etag"]})
    since = {"If-Modified-Since": first.headers["last-modified"]}
    by_date = newsroom.http.get(path, headers=since)

    assert (by_tag.status_code, by_date.status_code) == (304, 304)
    assert by_tag.headers["etag"] == first.headers["etag"]
    assert not by_tag.content


def test_a_new_article_changes_the_tag(newsroom: Newsroom):
    first = newsroom.http.get("/news/de.xml")
    newsroom.publish(LATER.slug)

    again = newsroom.http.get("/news/de.xml", headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 200
    assert again.headers["etag"] != first.headers["etag"]


def test_the_tag_decides_where_the_date_says_otherwise(newsroom: Newsroom):
    tomorrow = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)  # noqa: TID251
    headers = {"If-None-Match": '"another"', "If-Modified-Since": tomorrow}

    assert newsroom.http.get("/news/de.xml", headers=headers).status_code == 200


def test_a_date_that_is_none_is_ignored(newsroom: Newsroom):
    headers = {"If-Modified-Since": "yesterday"}

    assert newsroom.http.get("/news/de.xml", headers=headers).status_code == 200


def test_an_added_article_is_published_at_the_given_time(newsroom: Newsroom):
    values = {"slug": "added", "language": "de", "title": "Neu", "text": "Eins.\n\nZwei."}
    moment = "2026-02-03T04:05:06+00:00"
    newsroom.http.post("/control/news/add", json=values | {"published_at": moment})

    entries = feedparser.parse(newsroom.http.get("/news/de.xml").content).entries

    dates = {entry.title: parsedate_to_datetime(entry.published) for entry in entries}
    assert dates["Neu"] == datetime.fromisoformat(moment)


def test_an_added_article_may_wait_for_its_publication(newsroom: Newsroom):
    values = {
        "slug": "added",
        "language": "uk",
        "title": "Нове",
        "text": "Є.",
        "published_at": None,
    }
    newsroom.http.post("/control/news/add", json=values).raise_for_status()
    assert "Нове" not in titles(newsroom, "uk")

    newsroom.publish("added")

    assert titles(newsroom, "uk")[0] == "Нове"


def test_a_changed_article_keeps_its_id(newsroom: Newsroom):
    newsroom.publish(LATER.slug)
    old = feedparser.parse(newsroom.http.get("/news/de.xml").content).entries[0]
    values = {"slug": LATER.slug, "language": "de", "title": "Korrigiert", "text": "Neu."}
    newsroom.http.post("/control/news/add", json=values)

    new = feedparser.parse(newsroom.http.get("/news/de.xml").content).entries[0]

    assert (new.title, new.id, new.published) == ("Korrigiert", old.id, old.published)


@pytest.mark.parametrize(
    "values", [{}, {"slug": "x", "language": "de", "title": "T", "text": "S", "published_at": "?"}]
)
def test_an_article_that_does_not_fit_is_refused(newsroom: Newsroom, values: dict[str, str]):
    answer = newsroom.http.post("/control/news/add", json=values)

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_reset_takes_everything_back(newsroom: Newsroom):
    before = [(each["slug"], each["published_at"] is None) for each in overview(newsroom)]
    newsroom.publish(NEXT.slug)
    values = {"slug": "added", "language": "de", "title": "T", "text": "S"}
    newsroom.http.post("/control/news/add", json=values)

    newsroom.http.post("/control/news/reset").raise_for_status()

    after = [(each["slug"], each["published_at"] is None) for each in overview(newsroom)]
    assert after == before


def overview(newsroom: Newsroom) -> list[dict[str, str | None]]:
    found: list[dict[str, str | None]] = newsroom.http.get("/control/news").json()
    return found


def test_the_page_in_the_browser_hears_of_a_new_article(newsroom: Newsroom):
    before = newsroom.events.latest
    newsroom.publish(NEXT.slug)

    [(_, event)] = newsroom.events.since(1, before)

    assert (event["type"], event["slug"]) == ("article", NEXT.slug)


def test_what_is_published_survives_a_restart(tmp_path: Path):
    first = Store(tmp_path / "sandbox.db")
    Newsstand(first).publish(NEXT.slug)
    published = Newsstand(first).published()
    first.close()

    second = Store(tmp_path / "sandbox.db")

    assert Newsstand(second).published() == published
    second.close()


async def test_articles_come_by_themselves_until_none_is_left():
    store, events = Store(":memory:"), Events()

    async with asyncio.timeout(5):
        await news.publish_regularly(store, events, 0.001)

    assert len(Newsstand(store).published()) == len(ARTICLES)
    store.close()
