"""Roles: who may, until when."""

from datetime import timedelta

from bot.core import roles
from bot.core.people import Person, Role
from storage.store import Database
from tests.builders import met
from tests.clock import StoppedClock
from tests.rows import rows


async def test_nobody_may_from_the_start(store: Database, clock: StoppedClock) -> None:
    anna = await met(store, clock)

    assert not await _may(store, anna, clock)


async def test_an_owner_may_without_any_record(store: Database, clock: StoppedClock) -> None:
    anna = await met(store, clock, 1003)

    assert await roles.may(store, anna, Role.COORDINATOR, owners=[1003], clock=clock)
    assert await rows(store, "roles") == []


async def test_an_owner_is_known_by_the_account_not_by_our_number(
    store: Database, clock: StoppedClock
) -> None:
    anna = await met(store, clock, 1003)

    assert not await roles.may(store, anna, Role.COORDINATOR, owners=[anna.id], clock=clock)


async def test_who_was_appointed_may_until_the_term_ends(
    store: Database, clock: StoppedClock
) -> None:
    anna, olena = await met(store, clock, 1003), await met(store, clock, 1001)
    await roles.appoint(store, anna.id, Role.COORDINATOR, clock)

    at_first = await _may(store, anna, clock)
    clock.set(clock.now() + roles.TERM - timedelta(seconds=1))
    at_last = await _may(store, anna, clock)
    clock.advance(seconds=1)

    assert at_first
    assert at_last
    assert not await _may(store, anna, clock)
    assert not await _may(store, olena, clock)


async def test_appointing_again_begins_a_new_term(store: Database, clock: StoppedClock) -> None:
    anna = await met(store, clock)
    await roles.appoint(store, anna.id, Role.COORDINATOR, clock)
    clock.advance(days=300)

    await roles.appoint(store, anna.id, Role.COORDINATOR, clock)
    clock.advance(days=364)

    assert await _may(store, anna, clock)
    assert len(await rows(store, "roles")) == 1


async def test_who_was_dismissed_may_no_more(store: Database, clock: StoppedClock) -> None:
    anna = await met(store, clock)
    await roles.appoint(store, anna.id, Role.COORDINATOR, clock)

    await roles.dismiss(store, anna.id, Role.COORDINATOR, clock)

    assert not await _may(store, anna, clock)


async def test_every_appointment_and_dismissal_is_in_the_audit(
    store: Database, clock: StoppedClock
) -> None:
    anna = await met(store, clock)

    await roles.appoint(store, anna.id, Role.COORDINATOR, clock)
    await roles.dismiss(store, anna.id, Role.COORDINATOR, clock)

    found = [(row["action"], row["subject"]) for row in await rows(store, "audit")]
    assert found == [
        ("grant coordinator", f"person {anna.id}"),
        ("revoke coordinator", f"person {anna.id}"),
    ]


async def _may(store: Database, person: Person, clock: StoppedClock) -> bool:
    return await roles.may(store, person, Role.COORDINATOR, owners=[], clock=clock)
