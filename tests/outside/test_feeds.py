"""Feeds: plain entries out of whatever a server sends, and one polite request."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.news_entry import (
    Entry,
    FeedAnswer,
    FeedBusy,
    FeedFailed,
    FeedGone,
    FeedProblem,
    FeedRead,
    FeedUnchanged,
)
from bot.outside import feeds

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ADDRESS = "https://example.org/feed/"


def _rss(*items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'{head}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>T</title><link>https://example.org/</link>{inner}</channel></rss>"
    )


def _parsed(feed: str | bytes) -> list[Entry] | FeedProblem:
    raw = feed.encode() if isinstance(feed, str) else feed
    return feeds.parse(raw, source_url=ADDRESS, language="de", zone="Europe/Berlin", now=NOW)


def _entries(feed: str | bytes) -> list[Entry]:
    entries = _parsed(feed)
    assert isinstance(entries, list), entries
    return entries


def _only(feed: str | bytes) -> Entry:
    (entry,) = _entries(feed)
    return entry


def test_an_item_becomes_an_entry():
    item = (
        "<title>Bücher für Riwne</title><link>https://example.org/7?utm_source=rss</link>"
        "<guid>tag:7</guid><pubDate>Fri, 03 Jul 2026 14:47:00 +0200</pubDate>"
        "<description>&lt;p&gt;Vier Kisten.&lt;/p&gt;&lt;p&gt;Und ein Brief.&lt;/p&gt;"
        "</description>"
    )

    assert _only(_rss(item)) == Entry(
        guid="tag:7",
        url="https://example.org/7",
        title="Bücher für Riwne",
        text="Vier Kisten.\n\nUnd ein Brief.",
        language="de",
        published_at=datetime(2026, 7, 3, 12, 47, tzinfo=UTC),
    )


def test_an_atom_entry_is_read_against_its_base():
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/b/" xml:lang="uk">'
        '<title>T</title><entry><title type="html">Ліки &amp;amp; їжа</title><id>urn:1</id>'
        '<link href="p/1"/><updated>2026-07-15T14:47:00+03:00</updated></entry></feed>'
    )

    entry = _only(feed)

    assert (entry.guid, entry.url) == ("urn:1", "https://example.org/b/p/1")
    assert (entry.title, entry.language) == ("Ліки & їжа", "uk")
    assert entry.published_at == datetime(2026, 7, 15, 11, 47, tzinfo=UTC)


def test_dates_without_a_zone_are_the_clock_of_the_source():
    entry = _only(_rss("<title>A</title><pubDate>2026-07-15 14:47</pubDate>"))

    assert entry.published_at == datetime(2026, 7, 15, 12, 47, tzinfo=UTC)


def test_the_guid_stays_as_the_source_wrote_it():
    assert _only(_rss("<title>A</title><link>/a</link><guid>g</guid>")).guid == "g"


def test_without_a_guid_the_address_is_the_key_and_without_both_the_content():
    by_link = _only(_rss("<title>A</title><link>/a</link>"))
    by_content = _only(_rss("<title>A</title><description>x</description>"))

    assert by_link.guid == by_link.url == "https://example.org/a"
    assert by_content.guid.startswith("sha256:")


def test_one_guid_for_two_articles_is_told_apart_by_their_addresses():
    one = "<title>A</title><link>https://example.org/1</link><guid>g</guid>"
    two = "<title>B</title><link>https://example.org/2</link><guid>g</guid>"

    assert [e.guid for e in _entries(_rss(one, two, one))] == [
        "g https://example.org/1",
        "g https://example.org/2",
    ]


def test_twice_escaped_titles_are_read_and_tags_in_them_are_not():
    escaped = _only(_rss("<title>&amp;laquo;A&amp;raquo; &amp;#8211; B</title>"))
    attacked = _only(_rss("<title>&lt;script&gt;x()&lt;/script&gt;Hilfe &lt;3</title>"))

    assert escaped.title == "«A» – B"
    assert attacked.title == "Hilfe <3"


def test_markup_that_runs_or_hides_is_gone():
    text = (
        "&lt;p&gt;A&lt;img src=x onerror=y()&gt; B&lt;/p&gt;&lt;style&gt;*{}&lt;/style&gt;"
        "&lt;iframe src='//z'&gt;no&lt;/iframe&gt;&lt;a href='javascript:q()'&gt;C&lt;/a&gt;"
    )
    entry = _only(
        _rss(f"<title>T</title><link>javascript:q()</link><description>{text}</description>")
    )

    assert (entry.url, entry.text) == (None, "A B\n\nC")


def test_invisible_and_turning_characters_are_gone():
    entry = _only(_rss("<title>Schyto\u200bmyr \u202eabc\u202c, Dort\u00admund\x0b!</title>"))

    assert entry.title == "Schytomyr abc, Dortmund !"


def test_the_longest_content_is_kept_without_the_footer_of_the_blog():
    item = (
        "<title>A</title><description>Kurz [&#8230;]</description><content:encoded><![CDATA["
        "<p>Ein langer Absatz über Bücher.</p>"
        "<p>The post <a href='x'>A</a> appeared first on B.</p>"
        "]]></content:encoded>"
    )

    assert _only(_rss(item)).text == "Ein langer Absatz über Bücher."


def test_text_behind_the_steady_mark_and_the_cut_mark_of_a_summary_go():
    steady = _only(
        _rss("<title>A</title><description>Frei.___STEADY_PAYWALL___Nicht.</description>")
    )
    summary = _only(_rss("<title>A</title><description>Kurz [&amp;#8230;]</description>"))

    assert steady.text == "Frei."
    assert summary.text == "Kurz…"


def test_an_item_without_a_title_is_named_by_its_first_words():
    assert _only(_rss("<description>Nur ein Satz.</description>")).title == "Nur ein Satz."


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-u"])
@pytest.mark.parametrize("head", ["", '<?xml version="1.0" encoding="utf-8"?>'])
def test_an_encoding_may_be_declared_wrongly_or_not_at_all(encoding, head):
    title = "Їжа для лікарні в Житомирі"

    assert _only(_rss(f"<title>{title}</title>", head=head).encode(encoding)).title == title


def test_a_compressed_file_is_inflated_but_not_a_bomb():
    feed = _rss("<title>A</title>").encode()

    assert _only(gzip.compress(feed)).title == "A"
    assert _parsed(gzip.compress(b" " * 6_000_000 + feed)) is FeedProblem.TOO_LARGE
    assert _parsed(b"\x1f\x8bnonsense") is FeedProblem.NOT_A_FEED
    assert _parsed(b" " * 5_000_001) is FeedProblem.TOO_LARGE


def test_a_document_that_declares_entities_is_refused():
    head = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]>'

    assert _parsed(_rss("<title>&a;</title>", head=head)) is FeedProblem.UNSAFE


def test_what_is_no_feed_and_what_is_an_empty_one_are_told_apart():
    assert _parsed("") is FeedProblem.NOT_A_FEED
    assert _parsed("<!DOCTYPE html><html><body>Checking</body></html>") is FeedProblem.NOT_A_FEED
    assert _parsed(_rss()) is FeedProblem.NO_ITEMS


def test_small_faults_do_not_lose_items():
    assert _only("  \n" + _rss("<title>A &uuml; & B</title>")).title == "A ü & B"
    assert _only("\ufeff" + _rss("<title>A</title>")).title == "A"


def test_the_torn_last_item_of_a_truncated_feed_waits_for_the_next_visit():
    whole = _rss("<title>A</title><link>/a</link>", "<title>B</title><link>/b</link>")

    assert [e.title for e in _entries(whole[: whole.index("/b<")])] == ["A"]


def test_at_most_two_hundred_items_are_taken():
    items = (f"<title>{n}</title><guid>{n}</guid>" for n in range(250))

    assert len(_entries(_rss(*items))) == 200


def test_deep_nesting_is_read_in_one_pass():
    nested = "&lt;div&gt;" * 20_000 + "tief" + "&lt;/div&gt;" * 20_000

    assert _only(_rss(f"<title>A</title><description>{nested}</description>")).text == "tief"


@settings(deadline=None)  # the first example imports feedparser
@given(st.text(max_size=80))
def test_any_title_leaves_no_tag_and_no_entry_breaks(title):
    escaped = title.replace("&", "&amp;").replace("<", "&lt;")

    for entry in _entries(
        _rss(f"<title>{escaped}</title><guid>1</guid><description>x</description>")
    ):
        assert entry.title
        assert "\n" not in entry.title


@settings(deadline=None)  # the first example imports feedparser
@given(st.binary(max_size=120), st.integers(min_value=0, max_value=400))
def test_any_bytes_in_a_feed_are_entries_or_a_problem(noise, place):
    feed = _rss("<title>A &lt;b&gt;</title><link>/a</link><pubDate>2026-07-03</pubDate>").encode()

    assert isinstance(_parsed(feed[:place] + noise + feed[place:]), list | FeedProblem)


@dataclass
class _Site:
    """A server on loopback that says what it is told, and remembers what it was asked."""

    answers: dict[str, bytes]
    asked: list[str] = field(default_factory=list)
    url: str = ""
    talks: dict[asyncio.Task[object], asyncio.StreamWriter] = field(default_factory=dict)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.talks[task] = writer
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            request = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(request)
            answer = self.answers.get(request.split()[1])
            if answer is None:
                await reader.read()
            else:
                writer.write(answer)
                await writer.drain()
            writer.close()
            await writer.wait_closed()

    async def hang_up(self) -> None:
        for writer in self.talks.values():
            writer.transport.abort()
        if self.talks:
            await asyncio.wait(self.talks)


@asynccontextmanager
async def _site(**answers: bytes) -> AsyncIterator[_Site]:
    site = _Site({f"/{name}": answer for name, answer in answers.items()})
    server = await asyncio.start_server(site.talk, "127.0.0.1", 0)
    async with server:
        site.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield site
        await site.hang_up()


def _answer(status: str, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status}", *lines, f"Content-Length: {len(body)}", "", ""])
    return head.encode() + body


async def _visit(
    url: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    private_network: bool = True,
    deadline: float = 5,
) -> FeedAnswer:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await feeds.read(
            client,
            url,
            user_agent="bridge/1",
            language="de",
            zone="Europe/Berlin",
            now=NOW,
            etag=etag,
            last_modified=last_modified,
            private_network=private_network,
            deadline=deadline,
        )


FEED = _rss("<title>A</title><guid>1</guid>").encode()


async def test_new_content_comes_with_the_validators_for_the_next_visit():
    async with _site(feed=_answer("200 OK", FEED, ETag='"v1"', Last_Modified="then")) as site:
        answer = await _visit(f"{site.url}/feed")

    assert isinstance(answer, FeedRead)
    assert [entry.title for entry in answer.entries] == ["A"]
    assert (answer.etag, answer.last_modified, answer.moved_to) == ('"v1"', "then", None)
    assert "User-Agent: bridge/1" in site.asked[0]
    assert "If-" not in site.asked[0]


async def test_an_unchanged_feed_is_not_sent_again():
    async with _site(feed=_answer("304 Not Modified")) as site:
        answer = await _visit(f"{site.url}/feed", etag='"v1"', last_modified="then")

    assert answer == FeedUnchanged()
    assert 'If-None-Match: "v1"' in site.asked[0]
    assert "If-Modified-Since: then" in site.asked[0]


async def test_a_compressed_answer_is_read():
    body = _answer("200 OK", gzip.compress(FEED), Content_Encoding="gzip")
    async with _site(feed=body) as site:
        answer = await _visit(f"{site.url}/feed")

    assert isinstance(answer, FeedRead)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (_answer("410 Gone"), FeedGone()),
        (_answer("429 Too Many Requests", Retry_After="120"), FeedBusy(120)),
        (_answer("503 Service Unavailable"), FeedBusy(900)),
        (
            _answer("503 Away", Retry_After=format_datetime(NOW.replace(hour=13), usegmt=True)),
            FeedBusy(3600),
        ),
        (_answer("404 Not Found"), FeedFailed(FeedProblem.HTTP_ERROR, 404)),
        (_answer("200 OK", b"<html>wait</html>"), FeedFailed(FeedProblem.NOT_A_FEED, 200)),
        (_answer("200 OK", zlib.compress(FEED)), FeedFailed(FeedProblem.NOT_A_FEED, 200)),
        (_answer("200 OK", b"x" * 5_000_001), FeedFailed(FeedProblem.TOO_LARGE)),
        (b"garbage\r\n\r\n", FeedFailed(FeedProblem.UNREACHABLE)),
        (b"", FeedFailed(FeedProblem.UNREACHABLE)),
    ],
)
async def test_every_other_outcome_is_a_value(answer, outcome):
    async with _site(feed=answer) as site:
        assert await _visit(f"{site.url}/feed") == outcome


async def test_a_server_that_does_not_answer_in_time_is_too_slow():
    async with _site() as site:
        assert await _visit(f"{site.url}/mute", deadline=0.05) == FeedFailed(FeedProblem.TOO_SLOW)


async def test_permanent_redirects_give_the_address_to_store():
    async with _site(
        old=_answer("301 Moved", Location="/older"),
        older=_answer("308 Moved", Location="/feed"),
        feed=_answer("200 OK", FEED),
    ) as site:
        answer = await _visit(f"{site.url}/old")

    assert isinstance(answer, FeedRead)
    assert answer.moved_to == f"{site.url}/feed"


async def test_a_passing_redirect_is_followed_but_not_stored():
    async with _site(
        old=_answer("302 Found", Location="/feed"), feed=_answer("200 OK", FEED)
    ) as site:
        answer = await _visit(f"{site.url}/old")

    assert isinstance(answer, FeedRead)
    assert answer.moved_to is None


async def test_redirects_in_a_circle_end():
    async with _site(a=_answer("302 Found", Location="/a")) as site:
        answer = await _visit(f"{site.url}/a")

    assert answer == FeedFailed(FeedProblem.REDIRECTED_TOO_OFTEN)
    assert len(site.asked) == 4


async def test_a_redirect_to_a_file_is_refused():
    async with _site(a=_answer("302 Found", Location="file:///etc/hostname")) as site:
        assert await _visit(f"{site.url}/a") == FeedFailed(FeedProblem.REFUSED_ADDRESS)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/feed",
        "http://localhost/feed",
        "http://[::1]/feed",
        "http://169.254.169.254/x",
        "http://10.0.0.1/",
    ],
)
async def test_the_network_at_home_is_out_of_reach(url):
    answer = await _visit(url, private_network=False)

    assert answer == FeedFailed(FeedProblem.REFUSED_ADDRESS)


async def test_an_address_that_is_none_is_unreachable():
    assert await _visit("http://[bad/") == FeedFailed(FeedProblem.UNREACHABLE)
