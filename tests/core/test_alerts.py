"""Alerts: operators hear of what went wrong, once and in time."""

from datetime import timedelta

import pytest

from bot.core import people, roles
from bot.core.alerts import KEEPS, QUIET, Alert, AlertKind, sound
from bot.core.ledger import Kind
from bot.core.people import Role
from storage.store import Database
from tests.builders import met
from tests.clock import NOON, StoppedClock
from tests.post import Post, deliver_due
from tests.rows import rows, states

OWNER, COORDINATOR, READER = 1001, 1002, 1003
DEAD = AlertKind.DEAD_UPDATE


async def test_owners_and_coordinators_are_told_and_nobody_else(
    store: Database, clock: StoppedClock
) -> None:
    await _team(store, clock)

    assert await _told_by(store, clock) == [OWNER, COORDINATOR]


async def test_who_is_both_owner_and_coordinator_is_told_once(
    store: Database, clock: StoppedClock
) -> None:
    await _team(store, clock)
    owner = await people.meet(store, OWNER, clock)
    await roles.appoint(store, owner.id, Role.COORDINATOR, clock)

    assert await _told_by(store, clock) == [OWNER, COORDINATOR]


async def test_a_coordinator_who_is_dismissed_meanwhile_is_not_told(
    store: Database, clock: StoppedClock
) -> None:
    """D17"""
    await _team(store, clock)
    await _sound(store, clock)
    coordinator = await people.meet(store, COORDINATOR, clock)
    await roles.dismiss(store, coordinator.id, Role.COORDINATOR, clock)

    assert await _read(store, clock) == [OWNER]
    assert sorted(await states(store, Kind.ALERT)) == ["cancelled", "sent"]


async def test_a_coordinator_whose_term_ends_meanwhile_is_not_told(
    store: Database, clock: StoppedClock
) -> None:
    """D17"""
    await _team(store, clock)
    clock.set(NOON + roles.TERM - timedelta(hours=1))
    await _sound(store, clock)
    clock.advance(hours=1)

    assert await _read(store, clock) == [OWNER]


async def test_an_owner_who_pauses_news_is_told_all_the_same(
    store: Database, clock: StoppedClock
) -> None:
    await _team(store, clock)
    owner = await people.meet(store, OWNER, clock)
    await people.stop(store, owner.id, clock)

    assert OWNER in await _told_by(store, clock)


async def test_while_it_is_quiet_the_same_trouble_is_only_counted(
    store: Database, clock: StoppedClock
) -> None:
    await _team(store, clock)
    for reference in ("one", "two", "three"):
        await _sound(store, clock, reference=reference)
        clock.advance(minutes=5)

    post = Post()
    await deliver_due(store, post, clock, owners=[OWNER])

    about = {text.content for text in post.texts}
    (alert,) = await rows(store, "alerts")
    assert about == {Alert(alert["id"], DEAD, NOON, 3, "three")}
    assert len(post.given) == 2


@pytest.mark.parametrize(("after", "alerts"), [(timedelta(), 1), (timedelta(seconds=1), 2)])
async def test_after_the_quiet_it_is_told_again(
    store: Database, clock: StoppedClock, after: timedelta, alerts: int
) -> None:
    await _sound(store, clock)
    clock.set(NOON + QUIET[DEAD] - timedelta(seconds=1) + after)

    await _sound(store, clock)

    assert len(await rows(store, "alerts")) == alerts


async def test_one_kind_of_trouble_does_not_hush_another(
    store: Database, clock: StoppedClock
) -> None:
    await _sound(store, clock)

    await _sound(store, clock, kind=AlertKind.STOPPED_CAMPAIGN)

    assert len(await rows(store, "alerts")) == 2


async def test_two_campaigns_that_are_stopped_are_two_alerts(
    store: Database, clock: StoppedClock
) -> None:
    await _sound(store, clock, kind=AlertKind.STOPPED_CAMPAIGN)
    clock.advance(seconds=1)

    await _sound(store, clock, kind=AlertKind.STOPPED_CAMPAIGN)

    assert len(await rows(store, "alerts")) == 2


async def test_an_alert_that_comes_a_day_late_is_not_sent(
    store: Database, clock: StoppedClock
) -> None:
    """D16"""
    await _team(store, clock)
    await _sound(store, clock)
    clock.set(NOON + KEEPS + timedelta(seconds=1))

    assert await _read(store, clock) == []
    assert await states(store, Kind.ALERT) == ["expired", "expired"]


async def _team(store: Database, clock: StoppedClock) -> None:
    for telegram_id in (OWNER, COORDINATOR, READER):
        await met(store, clock, telegram_id)
    coordinator = await people.meet(store, COORDINATOR, clock)
    await roles.appoint(store, coordinator.id, Role.COORDINATOR, clock)


async def _sound(
    store: Database, clock: StoppedClock, *, kind: AlertKind = DEAD, reference: str = "x"
) -> None:
    async with store.transaction() as records:
        await sound(records, kind, reference, owners=[OWNER], now=clock.now())


async def _read(store: Database, clock: StoppedClock) -> list[int]:
    """Who gets what is due."""
    post = Post()
    await deliver_due(store, post, clock, owners=[OWNER])
    return sorted(parcel.recipient.telegram_id for parcel in post.given)


async def _told_by(store: Database, clock: StoppedClock) -> list[int]:
    await _sound(store, clock)
    return await _read(store, clock)
