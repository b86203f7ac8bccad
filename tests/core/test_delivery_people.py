"""Delivery and people: who left, blocked, moved or comes back."""

from collections.abc import Awaitable, Callable

import pytest

from bot.core import people
from bot.core.ledger import (
    Moved,
    Parcel,
    Unreachable,
)
from bot.core.people import UNTIL_I_SAY, Person
from storage.store import Database
from tests.builders import item, met, released
from tests.clock import StoppedClock
from tests.post import Post, deliver_due
from tests.rows import rows, states

Leaving = Callable[[Database, Person, StoppedClock], Awaitable[None]]
NEW_NUMBER = 77_001


async def test_who_cannot_be_reached_is_noted_and_gets_nothing_more(
    store: Database, clock: StoppedClock
) -> None:
    """D11: one attempt."""
    await met(store, clock)
    await released(store, clock)
    post = Post({1001: Unreachable()})
    await deliver_due(store, post, clock)

    await released(store, clock)
    await deliver_due(store, post, clock)

    assert len(post.given) == 1
    assert [row["blocked_at"] for row in await rows(store, "persons")] == [clock.now()]
    assert await states(store) == ["blocked"]


async def test_who_comes_back_is_told_of_what_comes_then(
    store: Database, clock: StoppedClock
) -> None:
    """D11: reactivated."""
    await met(store, clock)
    await released(store, clock)
    await deliver_due(store, Post({1001: Unreachable()}), clock)
    await people.meet(store, 1001, clock)

    await released(store, clock)

    assert await states(store) == ["blocked", "pending"]


async def _stops(store: Database, someone: Person, clock: StoppedClock) -> None:
    await people.stop(store, someone.id, clock)


async def _pauses(store: Database, someone: Person, _: StoppedClock) -> None:
    await people.pause(store, someone.id, UNTIL_I_SAY)


async def _blocks(store: Database, someone: Person, clock: StoppedClock) -> None:
    await people.note_blocked(store, someone.telegram_id, clock)


async def _unsubscribes(store: Database, someone: Person, _: StoppedClock) -> None:
    await people.follow(store, someone.id, frozenset({"culture"}))


@pytest.mark.parametrize("leaves", [_stops, _pauses, _blocks, _unsubscribes])
async def test_who_leaves_after_the_release_gets_nothing(
    store: Database, clock: StoppedClock, leaves: Leaving
) -> None:
    """D17"""
    someone = await met(store, clock)
    await released(store, clock, item(topics=("youth",)))
    await leaves(store, someone, clock)
    post = Post()

    await deliver_due(store, post, clock)

    assert post.given == []
    assert await states(store) == ["cancelled"]


async def test_who_moved_to_another_chat_gets_it_once_and_there(
    store: Database, clock: StoppedClock
) -> None:
    """D14"""
    await met(store, clock)
    await released(store, clock)
    post = Post({1001: Moved(NEW_NUMBER)})

    runs = [await deliver_due(store, post, clock) for _ in range(2)]

    assert runs == [2, 0]
    assert [parcel.recipient.telegram_id for parcel in post.given] == [1001, NEW_NUMBER]
    assert [row["telegram_id"] for row in await rows(store, "persons")] == [NEW_NUMBER]
    assert await states(store) == ["sent"]


async def test_who_moved_to_where_somebody_is_already_is_not_tried_for_ever(
    store: Database, clock: StoppedClock
) -> None:
    """D14: the one who is there gets it, once."""
    await met(store, clock, 1001)
    await met(store, clock, NEW_NUMBER)
    await released(store, clock)
    post = Post({1001: Moved(NEW_NUMBER)}, meanwhile=_at_most(10))

    await deliver_due(store, post, clock)

    assert sorted(parcel.recipient.telegram_id for parcel in post.given) == [1001, NEW_NUMBER]
    assert sorted(await states(store)) == ["cancelled", "sent"]


async def test_what_went_to_the_old_chat_beside_it_is_sent_to_the_new_one(
    store: Database, clock: StoppedClock
) -> None:
    """D14: several were on their way at once."""
    await met(store, clock)
    for _ in range(3):
        await released(store, clock)
    post = Post({1001: Moved(NEW_NUMBER)}, meanwhile=_at_most(10))

    await deliver_due(store, post, clock)

    assert await states(store) == ["sent"] * 3
    assert [row["blocked_at"] for row in await rows(store, "persons")] == [None]


def _at_most(times: int) -> Callable[[Parcel], Awaitable[None]]:
    """A run that would never end fails instead."""
    seen: list[Parcel] = []

    async def count(parcel: Parcel) -> None:
        seen.append(parcel)
        assert len(seen) <= times, "sent again and again"

    return count
