"""Campaigns: made chunk by chunk, and counted from their rows."""

from datetime import timedelta

import pytest

from bot.core import campaigns
from bot.core.campaigns import Campaign
from bot.core.ledger import (
    DeliveryState,
    InDoubt,
    Kind,
    Lane,
    Later,
    Refused,
    Unreachable,
)
from bot.core.news import NewsItem
from storage.store import Database
from tests.builders import crowd, item, kept, met, released
from tests.clock import StoppedClock
from tests.post import Answer, Post, deliver_due
from tests.rows import rows, run_sql, states

NEWS_ID = 77


async def test_a_large_audience_is_made_chunk_by_chunk(
    store: Database, clock: StoppedClock
) -> None:
    summer = await _summer(store, clock, 25)
    campaign = await _opened(store, clock, summer)

    made = [await _fill(store, clock, campaign, at_once=10) for _ in range(4)]

    assert [(one.rows, one.complete) for one in made] == [
        (10, False),
        (10, False),
        (5, True),
        (0, True),
    ]
    assert await states(store) == ["pending"] * 25


async def test_who_is_not_in_the_audience_is_looked_at_once(
    store: Database, clock: StoppedClock
) -> None:
    summer = await _summer(store, clock, 6)
    await run_sql(store, "UPDATE persons SET blocked_at = created_at WHERE telegram_id < 5")
    campaign = await _opened(store, clock, summer)

    made = [await _fill(store, clock, campaign, at_once=3) for _ in range(3)]

    assert [one.rows for one in made] == [0, 1, 0]
    assert [one.complete for one in made] == [False, False, True]


async def test_who_comes_while_rows_are_made_gets_one_too(
    store: Database, clock: StoppedClock
) -> None:
    summer = await _summer(store, clock, 4)
    campaign = await _opened(store, clock, summer)
    await _fill(store, clock, campaign, at_once=4)
    await met(store, clock, 99)

    made = await _fill(store, clock, campaign, at_once=4)

    assert (made.rows, made.complete) == (1, True)


async def test_one_that_is_opened_again_gives_nobody_a_second_row(
    store: Database, clock: StoppedClock
) -> None:
    summer = await _summer(store, clock, 3)
    campaign = await _opened(store, clock, summer)
    await _fill(store, clock, campaign)
    await met(store, clock, 99)

    again = await _opened(store, clock, summer)
    made = await _fill(store, clock, again)

    assert (again.id, made.rows) == (campaign.id, 1)
    assert len(await rows(store, "campaigns")) == 1
    assert await states(store) == ["pending"] * 4


async def test_what_is_being_made_is_being_sent(store: Database, clock: StoppedClock) -> None:
    summer = await _summer(store, clock, 10)
    campaign = await _opened(store, clock, summer)
    await _fill(store, clock, campaign, at_once=5)

    sent = await deliver_due(store, Post(), clock)
    found = await campaigns.progress_of(store, Kind.NEWS, summer.id)
    steps = [await campaigns.tend(store, clock) for _ in range(2)]

    assert (sent, steps) == (5, [1, 0])
    assert found is not None
    assert (found.open, found.filled, found.finished) == (0, False, False)
    assert await deliver_due(store, Post(), clock) == 5


async def test_progress_is_the_sum_of_the_rows_and_finished_means_none_is_open(
    store: Database, clock: StoppedClock
) -> None:
    """D15"""
    await crowd(store, clock, 20)
    summer = await released(store, clock)
    answers: dict[int, Answer] = {
        0: Unreachable(),
        1: InDoubt("?"),
        2: Later("429", timedelta(seconds=9)),
        3: Refused("?", of_text=False),
    }

    before = await _progress(store, summer)
    await deliver_due(store, Post(answers), clock)
    meanwhile = await _progress(store, summer)
    clock.advance(seconds=9)
    await deliver_due(store, Post(), clock)
    after = await _progress(store, summer)

    assert (before.counts, before.finished) == ({DeliveryState.PENDING: 20}, False)
    assert (meanwhile.open, meanwhile.in_doubt, meanwhile.finished) == (1, 1, False)
    assert after.counts == {
        DeliveryState.SENT: 17,
        DeliveryState.BLOCKED: 1,
        DeliveryState.UNKNOWN: 1,
        DeliveryState.FAILED: 1,
    }
    assert (after.open, after.finished) == (0, True)


@pytest.mark.parametrize("state", ["pending", "claimed"])
async def test_no_campaign_ends_while_a_row_is_open(
    store: Database, clock: StoppedClock, state: str
) -> None:
    """D15"""
    await crowd(store, clock, 2)
    await released(store, clock)
    await run_sql(
        store,
        "UPDATE deliveries SET state = 'sent'",
        f"UPDATE deliveries SET state = '{state}' WHERE id = 1",  # noqa: S608
    )
    await campaigns.tend(store, clock)
    open_still = await _ends(store)

    await run_sql(store, "UPDATE deliveries SET state = 'sent'")
    await campaigns.tend(store, clock)

    assert (open_still, await _ends(store)) == ([None], [clock.now()])


async def test_a_campaign_without_an_audience_ends_by_itself(
    store: Database, clock: StoppedClock
) -> None:
    summer = await released(store, clock)

    await campaigns.tend(store, clock)

    assert await _ends(store) == [clock.now()]
    assert (await _progress(store, summer)).finished


async def test_where_nothing_was_sent_there_is_no_progress(store: Database) -> None:
    assert await campaigns.progress_of(store, Kind.NEWS, NEWS_ID) is None


async def _summer(store: Database, clock: StoppedClock, readers: int) -> NewsItem:
    await crowd(store, clock, readers)
    return await kept(store, clock, item())


async def _opened(store: Database, clock: StoppedClock, about: NewsItem) -> Campaign:
    until = clock.now() + timedelta(days=1)
    wanted = Campaign(about.id + 1, Kind.NEWS, about.id, 0, Lane.NEWS, None, until)
    async with store.transaction() as records:
        return await records.open_campaign(wanted, now=clock.now())


async def _fill(
    store: Database, clock: StoppedClock, campaign: Campaign, *, at_once: int = 100
) -> campaigns.Filled:
    async with store.transaction() as records:
        return await records.fill(campaign, persons_at_once=at_once, now=clock.now())


async def _progress(store: Database, about: NewsItem) -> campaigns.Progress:
    found = await campaigns.progress_of(store, Kind.NEWS, about.id)
    assert found is not None
    return found


async def _ends(store: Database) -> list[object]:
    return [
        row["finished_at"] for row in await rows(store, "campaigns") if row["kind"] == Kind.NEWS
    ]
