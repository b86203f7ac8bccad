"""What the database itself refuses, whatever the program does wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.core.activities.offers import Offer
from bot.core.activities.records import ChangedMeanwhileError
from bot.core.activities.values import SignUp, SignUpState
from bot.core.ids import new_id
from storage.store import Database
from tests.activities import bucket, camp, many_apply, planned, sign_up_of, states, waiting
from tests.clock import NOON, StoppedClock
from tests.rows import rows, run_sql

S = SignUpState


async def test_nobody_stands_twice_in_the_same_activity(store: Database) -> None:
    slot, first = await _one_waits(store)

    with pytest.raises(IntegrityError):
        await _adds(store, replace(first, id=new_id(), reference="OTHER2", seq=2))
    await _adds(
        store, replace(first, id=new_id(), reference="OTHER3", seq=3, state=S.CANCELLED_BY_FAMILY)
    )

    assert slot == first.slot_id
    assert await states(store) == ["waiting", "cancelled_by_family"]


async def test_a_row_that_changed_since_it_was_read_is_not_overwritten(store: Database) -> None:
    _, known = await _one_waits(store)
    async with store.transaction() as records:
        await records.save_sign_ups([replace(known, state=S.OFFERED)])

    with pytest.raises(ChangedMeanwhileError):
        async with store.transaction() as records:
            await records.save_sign_ups([replace(known, state=S.CANCELLED_BY_TEAM)])

    assert await states(store) == ["offered"]


@pytest.mark.parametrize("state", [S.DECLINED, S.ATTENDED, S.CHECKED_IN])
async def test_no_state_is_skipped(store: Database, state: SignUpState) -> None:
    _, known = await _one_waits(store)

    with pytest.raises(ChangedMeanwhileError):
        async with store.transaction() as records:
            await records.save_sign_ups([replace(known, state=state)])

    assert await states(store) == ["waiting"]


async def test_if_one_of_several_cannot_be_saved_none_is(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp(), capacity=2)
    one, other = [
        await sign_up_of(store, each) for each in await many_apply(store, activity, clock, 2)
    ]

    both = [replace(each, state=S.CHECKED_IN) for each in (one, replace(other, version=7))]
    with pytest.raises(ChangedMeanwhileError):
        async with store.transaction() as records:
            await records.save_sign_ups(both)

    assert await states(store) == ["accepted", "accepted"]


async def test_of_a_unit_one_offer_is_open_at_a_time(store: Database) -> None:
    _, known = await _one_waits(store)
    offer = Offer(
        new_id(),
        known.activity_id,
        known.unit_id,
        racing=False,
        made_at=NOON,
        remind_at=None,
        ends_at=NOON + timedelta(days=1),
    )
    async with store.transaction() as records:
        await records.add_offers([offer])

    with pytest.raises(IntegrityError):
        async with store.transaction() as records:
            await records.add_offers([replace(offer, id=new_id())])


async def test_with_an_activity_goes_all_that_belongs_to_it(
    store: Database, clock: StoppedClock
) -> None:
    activity = await planned(store, camp())
    await many_apply(store, activity, clock, 2)

    await run_sql(store, "DELETE FROM activities")

    for table in ("slots", "sign_ups", "receipts", "offers", "tells"):
        assert await rows(store, table) == []


async def _one_waits(store: Database) -> tuple[int, SignUp]:
    activity = camp()
    slot = bucket(activity, 1)
    await planned(store, activity, slot)
    known = waiting(slot, 1)
    await _adds(store, known)
    return slot.id, known


async def _adds(store: Database, sign_up: SignUp) -> None:
    async with store.transaction() as records:
        await records.add_sign_ups([sign_up])
