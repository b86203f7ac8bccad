"""Sources in trouble: a crash loses nothing, one source does not stop another."""

from collections.abc import Iterator, Sequence

import pytest

from bot.core import sources
from bot.core.news_entry import Entry, FeedAnswer, FeedRead
from bot.core.people import Language
from bot.core.sources import Source, Visits
from storage.store import Database
from tests.builders import BOTH, entry, partnership, source
from tests.clock import StoppedClock
from tests.rows import rows


class Newsstand:
    """Every source has its own entries; some cannot be read at all."""

    def __init__(self, **entries: Sequence[Entry] | Exception) -> None:
        self._entries = entries

    async def read(self, asked: Source, visits: Visits) -> FeedAnswer:
        del visits
        found = self._entries[asked.id]
        if isinstance(found, Exception):
            raise found
        return FeedRead(tuple(found), '"v1"', None)


class PowerCut(BaseException):
    """Nothing catches it."""


class DiesAt(list[Language]):
    """Languages that can be asked for a few times only."""

    def __init__(self, turn: int, fault: type[BaseException] = PowerCut) -> None:
        super().__init__(BOTH)
        self.turn, self.fault = turn, fault

    def __iter__(self) -> Iterator[Language]:
        self.turn -= 1
        if not self.turn:
            raise self.fault
        return super().__iter__()


def _unsure(title: str, text: str, declared: str | None) -> None:
    del title, text, declared


async def _collect(
    store: Database,
    clock: StoppedClock,
    stand: Newsstand,
    *ids: str,
    targets: Sequence[Language] = BOTH,
) -> int:
    return await sources.collect_due(
        store,
        stand,
        [source(name) for name in ids],
        partnership(),
        detect=_unsure,
        targets=targets,
        clock=clock,
    )


async def test_a_crash_in_a_visit_leaves_neither_items_nor_the_visit(
    store: Database, clock: StoppedClock
) -> None:
    stand = Newsstand(city=[entry(), entry(), entry()])

    with pytest.raises(PowerCut):
        await _collect(store, clock, stand, "city", targets=DiesAt(2))

    for table in ("news", "news_keys", "translations", "sources"):
        assert await rows(store, table) == []


async def test_after_a_crash_the_visit_is_repeated_whole_and_still_silent(
    store: Database, clock: StoppedClock
) -> None:
    stand = Newsstand(city=[entry(), entry(), entry()])
    with pytest.raises(PowerCut):
        await _collect(store, clock, stand, "city", targets=DiesAt(2))

    assert await _collect(store, clock, stand, "city") == 3
    assert {row["notify"] for row in await rows(store, "news")} == {False}


async def test_a_source_that_breaks_does_not_stop_the_next(
    store: Database, clock: StoppedClock
) -> None:
    stand = Newsstand(broken=RuntimeError("unforeseen"), city=[entry()])

    with pytest.raises(ExceptionGroup):
        await _collect(store, clock, stand, "broken", "city")

    assert len(await rows(store, "news")) == 1


async def test_a_source_that_breaks_is_not_asked_again_at_once(
    store: Database, clock: StoppedClock
) -> None:
    stand = Newsstand(broken=RuntimeError("unforeseen"))
    with pytest.raises(ExceptionGroup):
        await _collect(store, clock, stand, "broken")

    clock.advance(minutes=29)

    assert await _collect(store, clock, stand, "broken") == 0
    (row,) = await rows(store, "sources")
    assert (row["failures"], row["problem"]) == (1, "unforeseen")


async def test_an_entry_that_breaks_leaves_no_half_of_its_visit(
    store: Database, clock: StoppedClock
) -> None:
    stand = Newsstand(city=[entry(), entry()])
    with pytest.raises(ExceptionGroup):
        await _collect(store, clock, stand, "city", targets=DiesAt(2, ValueError))

    assert await rows(store, "news") == []
    assert [row["first_read_at"] for row in await rows(store, "sources")] == [None]
