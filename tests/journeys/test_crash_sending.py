"""Killed while it sends to many: nothing critical lost, no news doubled, all else listed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import app, settings
from bot.app import Parts
from bot.core import campaigns, news_decisions
from bot.core.ledger import Kind
from tests.journeys.crowds import become_readers, copies, ledger, releases, settled, strangers
from tests.journeys.processes import bot_process, stopped
from tests.people import Desk, World

TITLE = "Табір біля озера"
WITHDRAWN = "Цю новину відкликано"
READERS = 40
RATE = 15  # messages a second: slow enough to be killed in the midst of them
IN_FLIGHT = 8
DAY = 86_400


@pytest.fixture
def desk(world: World, token: str) -> Desk:
    return world.bot(token)


@pytest.fixture
async def parts(
    environment: dict[str, str], world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Parts]:
    """The store, seen from here; the bot itself is another process."""
    del world
    environment |= {"BULK_RATE": str(RATE), "CLOCK_FILE": str(tmp_path / "seconds_ahead")}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    async with app.opened(settings.load(_env_file=None)) as opened:
        yield opened


async def test_news_are_never_doubled_and_who_may_have_missed_them_is_listed(
    environment: dict[str, str], desk: Desk, parts: Parts
) -> None:
    """D2"""
    readers = await strangers(desk, READERS)
    await become_readers(parts, readers)
    await releases(parts, TITLE)

    for sent in (5, 20):
        await _killed_after(environment, desk, "sendMessage", sent)
    async with bot_process(environment):
        rows = await settled(parts.database, READERS)

    got = [await copies(reader, TITLE) for reader in readers]
    assert max(got) == 1
    assert rows["sent"] + rows["unknown"] == READERS
    assert got.count(0) <= rows["unknown"] <= 2 * IN_FLIGHT


async def test_what_is_critical_reaches_everybody(
    environment: dict[str, str], desk: Desk, parts: Parts
) -> None:
    """D1: a withdrawal; made twice it looks the same."""
    readers = await strangers(desk, READERS)
    await become_readers(parts, readers)
    about = await releases(parts, TITLE)
    async with bot_process(environment):
        await settled(parts.database, READERS)
    await news_decisions.withdraw(parts.database, about.id, actor_id=None, clock=parts.clock)

    for edited in (5, 20):
        await _killed_after(environment, desk, "editMessageText", edited)
    async with bot_process(environment):
        rows = await settled(parts.database, READERS, Kind.NEWS_WITHDRAWAL)

    edits = await desk.calls("editMessageText")
    assert rows == {"sent": READERS}
    assert [await copies(reader, WITHDRAWN) for reader in readers] == [1] * READERS
    assert READERS <= len(edits) <= READERS + 2 * IN_FLIGHT


async def test_sigterm_loses_and_doubles_nothing(
    environment: dict[str, str], desk: Desk, parts: Parts
) -> None:
    """D3"""
    readers = await strangers(desk, READERS)
    await become_readers(parts, readers)
    await releases(parts, TITLE)

    async with bot_process(environment) as first:
        await desk.waits_for_calls("sendMessage", 10)
        code = await stopped(first)
    at_rest = await ledger(parts.database)
    async with bot_process(environment):
        rows = await settled(parts.database, READERS)

    assert code == 0
    assert set(at_rest) == {"sent", "pending"}
    assert rows == {"sent": READERS}
    assert [await copies(reader, TITLE) for reader in readers] == [1] * READERS


async def test_a_bot_that_was_down_sends_what_is_still_news_and_reports_the_rest(
    environment: dict[str, str], desk: Desk, parts: Parts, tmp_path: Path
) -> None:
    """D16"""
    (reader,) = await strangers(desk, 1)
    await become_readers(parts, [reader])
    stale = await releases(parts, "Застаріла новина")
    (tmp_path / "seconds_ahead").write_text(str(2 * DAY))
    await releases(parts, "Свіжа новина")
    (tmp_path / "seconds_ahead").write_text(str(4 * DAY))

    async with bot_process(environment):
        rows = await settled(parts.database, 2)

    reported = await campaigns.progress_of(parts.database, Kind.NEWS, stale.id)
    assert reported is not None
    assert reported.counts == {"expired": 1}
    assert rows == {"sent": 1, "expired": 1}
    assert [await copies(reader, title) for title in ("Застаріла", "Свіжа")] == [0, 1]


async def _killed_after(
    environment: dict[str, str], desk: Desk, method: str, answered: int
) -> None:
    """In the midst of sending."""
    async with bot_process(environment) as process:
        await desk.waits_for_calls(method, answered)
        process.kill()
        await process.wait()
