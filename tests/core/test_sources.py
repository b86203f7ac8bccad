"""Sources: a visit stores what is new and remembers when to come again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import sources
from bot.core.news_entry import (
    FeedAnswer,
    FeedBusy,
    FeedFailed,
    FeedGone,
    FeedProblem,
    FeedRead,
    FeedUnchanged,
)
from bot.core.sources import LONGEST_WAIT, Source, Visits, after
from storage.store import Database
from tests.builders import BOTH, entry, partnership, source
from tests.clock import NOON, StoppedClock
from tests.rows import rows

NOTHING = FeedRead((), None, None)


class Web:
    """Answers in turn, and again with the last; remembers what it was asked with."""

    def __init__(self, *answers: FeedAnswer) -> None:
        self._answers = list(answers)
        self.asked: list[Visits] = []

    async def read(self, asked: Source, visits: Visits) -> FeedAnswer:
        del asked
        self.asked.append(visits)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def _declared(title: str, text: str, declared: str | None) -> str | None:
    del title, text
    return declared


async def _collect(
    store: Database,
    clock: StoppedClock,
    web: Web,
    *,
    of: Sequence[Source] = (),
    detect: sources.LanguageDetector = _declared,
) -> int:
    return await sources.collect_due(
        store, web, of or [source()], partnership(), detect=detect, targets=BOTH, clock=clock
    )


async def test_the_first_import_is_silent_and_later_finds_are_not(
    store: Database, clock: StoppedClock
) -> None:
    web = Web(FeedRead((entry(), entry()), None, None), FeedRead((entry(),), None, None))

    first = await _collect(store, clock, web)
    clock.advance(minutes=15)
    second = await _collect(store, clock, web)

    assert (first, second) == (2, 1)
    assert [row["notify"] for row in await rows(store, "news")] == [False, False, True]


async def test_an_old_article_found_late_is_silent(store: Database, clock: StoppedClock) -> None:
    old = entry(published_at=NOON - timedelta(days=8))
    web = Web(NOTHING, FeedRead((entry(published_at=None), old), None, None))
    await _collect(store, clock, web)
    clock.advance(minutes=15)

    await _collect(store, clock, web)

    assert sorted(row["notify"] for row in await rows(store, "news")) == [False, True]


async def test_what_stands_below_in_a_feed_comes_first(
    store: Database, clock: StoppedClock
) -> None:
    newer, older = entry("Dortmund, Zhytomyr: neu"), entry("Dortmund, Zhytomyr: alt")

    await _collect(store, clock, Web(FeedRead((newer, older), None, None)))

    assert [row["title"] for row in await rows(store, "news")] == [older.title, newer.title]


async def test_a_second_visit_stores_nothing_twice(store: Database, clock: StoppedClock) -> None:
    web = Web(FeedRead((entry("Dortmund und Zhytomyr, einmal", guid="g"),), None, None))

    found = []
    for _ in range(3):
        found.append(await _collect(store, clock, web))
        clock.advance(minutes=15)

    assert found == [1, 0, 0]


async def test_a_source_is_left_alone_until_it_is_due(store: Database, clock: StoppedClock) -> None:
    web = Web(NOTHING)
    await _collect(store, clock, web)

    clock.advance(minutes=14)
    await _collect(store, clock, web)
    clock.advance(minutes=1)
    await _collect(store, clock, web)

    assert len(web.asked) == 2


async def test_validators_are_sent_back_and_kept_when_nothing_changed(
    store: Database, clock: StoppedClock
) -> None:
    web = Web(FeedRead((), '"v1"', "Mon, 03 Aug 2026 12:00:00 GMT"), FeedUnchanged())

    for _ in range(3):
        await _collect(store, clock, web)
        clock.advance(minutes=15)

    assert [visits.etag for visits in web.asked] == [None, '"v1"', '"v1"']
    assert web.asked[2].last_modified == "Mon, 03 Aug 2026 12:00:00 GMT"
    assert web.asked[2].first_read_at == NOON


async def test_a_move_for_good_is_remembered(store: Database, clock: StoppedClock) -> None:
    moved = FeedRead((), None, None, moved_to="https://example.org/new.xml")
    web = Web(moved, NOTHING)

    for _ in range(3):
        await _collect(store, clock, web)
        clock.advance(minutes=15)

    assert [visits.url for visits in web.asked] == [
        "https://example.org/city.xml",
        "https://example.org/new.xml",
        "https://example.org/new.xml",
    ]


async def test_failures_are_remembered_until_it_works_again(
    store: Database, clock: StoppedClock
) -> None:
    failed = FeedFailed(FeedProblem.HTTP_ERROR, 500)
    web = Web(failed, failed, NOTHING)
    seen = []

    for _ in range(3):
        await _collect(store, clock, web)
        (row,) = await rows(store, "sources")
        seen.append((row["failures"], row["problem"], row["next_due"] - clock.now()))
        clock.set(row["next_due"])

    assert seen == [
        (1, "http error 500", timedelta(minutes=30)),
        (2, "http error 500", timedelta(hours=1)),
        (0, None, timedelta(minutes=15)),
    ]


async def test_a_first_import_that_failed_is_still_to_come(
    store: Database, clock: StoppedClock
) -> None:
    web = Web(FeedFailed(FeedProblem.TOO_SLOW), FeedRead((entry(),), None, None))

    await _collect(store, clock, web)
    clock.advance(days=1)
    await _collect(store, clock, web)

    assert [row["notify"] for row in await rows(store, "news")] == [False]


@pytest.mark.parametrize("every", [timedelta(minutes=1), timedelta(hours=3), timedelta(days=1)])
def test_waits_grow_up_to_a_day(every: timedelta) -> None:
    feed, visits = source(every=every), Visits("city", "https://example.org", "https://example.org")
    waits = []
    for _ in range(2_000):
        visits = after(visits, FeedFailed(FeedProblem.UNREACHABLE), feed, NOON)
        assert visits.next_due is not None
        waits.append(visits.next_due - NOON)

    assert waits == sorted(waits)
    assert waits[-1] <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("answer", "wait", "problem"),
    [
        (FeedGone(), timedelta(days=1), "gone"),
        (FeedBusy(60), timedelta(minutes=15), "busy"),
        (FeedBusy(7_200), timedelta(hours=2), "busy"),
        (FeedBusy(10**6), timedelta(days=1), "busy"),
    ],
)
def test_a_server_that_wants_rest_gets_it(
    answer: FeedAnswer, wait: timedelta, problem: str
) -> None:
    before = Visits(
        "city", "https://example.org", "https://example.org", etag="e", first_read_at=NOON
    )

    visits = after(before, answer, source(), NOON)

    assert visits == replace(before, next_due=NOON + wait, problem=problem)


async def test_only_news_about_both_cities_are_kept(store: Database, clock: StoppedClock) -> None:
    only_one = entry("Dortmund baut", text="Eine neue Brücke für Dortmund.")
    both = entry("Dortmund hilft", text="Hilfsgüter nach Zhytomyr.")
    web = Web(FeedRead((only_one, both), None, None))

    await _collect(store, clock, web)

    assert [row["title"] for row in await rows(store, "news")] == ["Dortmund hilft"]
    assert [row["topic"] for row in await rows(store, "news_topics")] == ["aid"]


async def test_a_source_that_is_all_about_the_partnership_is_kept_whole(
    store: Database, clock: StoppedClock
) -> None:
    web = Web(FeedRead((entry("Straßenbau", text="Gesperrt."),), None, None))

    assert await _collect(store, clock, web, of=[source(about_all=True)]) == 1


@pytest.mark.parametrize(("publishes", "state"), [(True, "found"), (False, "held")])
async def test_the_policy_of_a_source_decides_who_releases(
    store: Database, clock: StoppedClock, *, publishes: bool, state: str
) -> None:
    web = Web(FeedRead((entry(),), None, None))

    await _collect(store, clock, web, of=[source(publishes=publishes)])

    assert [row["state"] for row in await rows(store, "news")] == [state]


async def test_an_item_is_dated_by_the_clocks_of_its_source(
    store: Database, clock: StoppedClock
) -> None:
    late_evening = NOON.replace(hour=22, minute=30) - timedelta(days=1)
    web = Web(FeedRead((entry(published_at=late_evening),), None, None))

    await _collect(store, clock, web)

    (row,) = await rows(store, "news")
    assert row["published_on"].isoformat() == "2026-08-03"
    assert row["dated_at"] == late_evening


async def test_another_address_in_the_configuration_counts_at_once(
    store: Database, clock: StoppedClock
) -> None:
    web = Web(FeedRead((entry(),), "etag", None, moved_to="https://moved.example.org"), NOTHING)
    await _collect(store, clock, web)
    clock.advance(minutes=15)

    moved = replace(source(), url="https://new.example.org")
    await _collect(store, clock, web, of=[moved])

    assert web.asked[-1].url == "https://new.example.org"
    assert web.asked[-1].etag is None
