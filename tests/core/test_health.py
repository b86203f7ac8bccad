from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.core import health, inbox
from bot.core.health import Backlog, Receiving, Role, Standing, report
from bot.core.inbox import InboxState, Incoming, Step
from bot.core.ledger import DeliveryState, Kind
from storage.store import Database
from storage.tables import campaigns, deliveries
from tests.builders import met, released
from tests.clock import NOON, StoppedClock

EMPTY = Backlog(0, None)
POLLED = Receiving(NOON - timedelta(hours=1), polling=True, last=NOON)
LEADS = Standing(Role.LEADING, receiving=POLLED)


def test_a_leader_that_receives_is_well() -> None:
    told = report(LEADS, EMPTY, NOON + timedelta(seconds=20))

    assert told.troubles == ()
    assert told.facts == {
        "role": "leading",
        "receives_by": "polling",
        "seconds_since_receiving": 20,
        "inbox_waiting": 0,
        "oldest_due_delivery_seconds": None,
    }


def test_who_stands_by_is_well_and_says_why() -> None:
    told = report(Standing(Role.STANDBY, "another process leads"), EMPTY, NOON)

    assert told.troubles == ()
    assert told.facts["why"] == "another process leads"


def test_who_has_not_begun_is_not_ready() -> None:
    assert report(Standing(Role.STARTING), EMPTY, NOON).troubles == ("not ready yet",)


@pytest.mark.parametrize(("seconds", "well"), [(119, True), (121, False)])
@pytest.mark.parametrize("last", [NOON, None], ids=["polled before", "never polled"])
def test_silence_of_two_minutes_is_red(seconds: int, *, well: bool, last: object) -> None:
    receiving = Receiving(NOON, polling=True, last=NOON if last else None)

    told = report(
        Standing(Role.LEADING, receiving=receiving), EMPTY, NOON + timedelta(seconds=seconds)
    )

    assert (told.troubles == ()) is well


def test_with_a_webhook_silence_is_no_trouble() -> None:
    receiving = Receiving(NOON - timedelta(days=1), polling=False)

    assert report(Standing(Role.LEADING, receiving=receiving), EMPTY, NOON).troubles == ()


def test_what_telegram_says_of_the_webhook_is_passed_on() -> None:
    receiving = Receiving(NOON, polling=False, webhook_trouble="Telegram could not deliver")

    told = report(Standing(Role.LEADING, receiving=receiving), EMPTY, NOON)

    assert told.troubles == ("Telegram could not deliver",)


@pytest.mark.parametrize(("seconds", "well"), [(59, True), (61, False)])
def test_a_conflict_that_stays_is_red(seconds: int, *, well: bool) -> None:
    since = NOON - timedelta(seconds=seconds)
    receiving = Receiving(since, polling=True, last=since, conflict_since=since)

    told = report(Standing(Role.LEADING, receiving=receiving), EMPTY, NOON)

    assert (told.troubles == ()) is well
    assert well or "another instance polls" in told.troubles[0]


@pytest.mark.parametrize(("minutes", "well"), [(14, True), (16, False)])
def test_an_overdue_delivery_is_red(minutes: int, *, well: bool) -> None:
    told = report(LEADS, Backlog(0, NOON - timedelta(minutes=minutes)), NOON)

    assert (told.troubles == ()) is well
    assert told.facts["oldest_due_delivery_seconds"] == minutes * 60


def test_a_database_that_does_not_answer_is_red() -> None:
    assert report(LEADS, None, NOON).troubles == ("the database does not answer",)


async def test_what_waits_is_counted(store: Database, clock: StoppedClock) -> None:
    updates = [Incoming(number, 5, 5, "{}") for number in range(3)]
    await inbox.receive(store, updates, clock)
    await inbox.write_down(store, [Step(0, InboxState.DONE)], owners=(), clock=clock)

    assert await backlog(store, clock) == Backlog(2, None)


async def test_the_oldest_due_delivery_is_found(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    await released(store, clock)
    since = clock.now()
    clock.advance(minutes=20)

    assert (await backlog(store, clock)).oldest_due == since


async def test_what_is_due_later_is_not_late(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    await released(store, clock)
    clock.set(clock.now() - timedelta(minutes=1))

    assert (await backlog(store, clock)).oldest_due is None


async def test_all_is_looked_at_together(store: Database, clock: StoppedClock) -> None:
    told = await health.examine(store, LEADS, clock)

    assert told.troubles == ()


@pytest.mark.parametrize(
    ("lease", "late"),
    [(None, True), (timedelta(seconds=-1), True), (timedelta(seconds=30), False)],
    ids=["nobody claims", "a lease has ended", "somebody is at work"],
)
async def test_a_campaign_is_late_only_where_nobody_is_at_work_on_it(
    store: Database, clock: StoppedClock, lease: timedelta | None, *, late: bool
) -> None:
    people = [await met(store, clock, number) for number in (1, 2)]
    begun = clock.now()
    at = clock.advance(hours=3)
    await campaign(store, begun)
    await row(store, people[0].id, DeliveryState.PENDING, begun)
    if lease is not None:
        await row(store, people[1].id, DeliveryState.CLAIMED, begun, leased_until=at + lease)

    assert (await backlog(store, clock)).oldest_due == (begun if late else None)


async def test_a_campaign_that_pauses_is_not_late(store: Database, clock: StoppedClock) -> None:
    reader = await met(store, clock)
    await campaign(store, clock.now(), paused_at=clock.now())
    await row(store, reader.id, DeliveryState.PENDING, clock.now())
    clock.advance(hours=3)

    assert (await backlog(store, clock)).oldest_due is None


async def campaign(store: Database, at: datetime, **more: object) -> None:
    values = {"id": 7, "kind": Kind.NEWS.value, "subject": 1, "version": 0, "lane": 2}
    async with store.transaction() as records:
        await records._connection.execute(
            insert(campaigns).values(**values, created_at=at, not_after=at, **more)
        )


async def row(
    store: Database, person_id: int, state: DeliveryState, at: datetime, **more: object
) -> None:
    values = {"campaign_id": 7, "kind": Kind.NEWS.value, "subject": 1, "version": 0}
    async with store.transaction() as records:
        await records._connection.execute(
            insert(deliveries).values(
                **values, person_id=person_id, state=state.value, created_at=at, due_at=at, **more
            )
        )


async def backlog(store: Database, clock: StoppedClock) -> Backlog:
    async with store.reading() as records:
        return await records.backlog(clock.now())
