"""The ledger: what became of each message."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.core import people
from bot.core.delivery import (
    LONGEST_WAIT,
    InDoubt,
    Later,
    Outcome,
    Refused,
    Sent,
    Unreachable,
    deliver_due,
)
from bot.core.news import NEWS_KEEPS, Origin
from bot.core.people import UNTIL_I_SAY, Language, Person
from storage.store import Database
from tests.builders import crowd, item, met, released
from tests.clock import NOON, StoppedClock
from tests.post import Post
from tests.rows import rows, states

Leaving = Callable[[Database, Person, StoppedClock], Awaitable[None]]
SOON = NOON + timedelta(seconds=2)


@pytest.mark.parametrize(
    ("outcome", "state", "due_at"),
    [
        (Sent(7), "sent", NOON),
        (Unreachable(), "blocked", NOON),
        (Refused("too long"), "failed", NOON),
        (InDoubt("no answer"), "unknown", NOON),
        (Later("429", timedelta(seconds=30)), "pending", NOON + timedelta(seconds=30)),
        (Later("no connection"), "pending", SOON),
    ],
)
async def test_every_outcome_is_written_down(
    store: Database, clock: StoppedClock, outcome: Outcome, state: str, due_at: object
) -> None:
    await met(store, clock)
    await released(store, clock)

    await deliver_due(store, Post({1001: outcome}), clock)

    (row,) = await rows(store, "deliveries")
    assert (row["state"], row["due_at"]) == (state, due_at)
    assert row["reason"] == getattr(outcome, "reason", None)
    assert row["message_id"] == getattr(outcome, "message_id", None)


async def test_a_sent_row_remembers_what_was_shown(store: Database, clock: StoppedClock) -> None:
    await met(store, clock, language=Language.DE)
    await released(store, clock)

    await deliver_due(store, Post(), clock)

    (row,) = await rows(store, "deliveries")
    assert (row["language"], row["shown_version"], row["settled_at"]) == ("de", 0, clock.now())


async def test_a_parcel_holds_all_that_is_needed(store: Database, clock: StoppedClock) -> None:
    olena = await met(store, clock, topics=frozenset({"youth"}))
    summer = await released(store, clock, item(topics=("youth", "aid")))
    post = Post()

    await deliver_due(store, post, clock)

    (parcel,) = post.given
    assert parcel.reading.item.id == summer.id
    assert parcel.reading.origin is Origin.FOLLOWS
    assert (parcel.reading.title, parcel.reading.language) == (summer.title, Language.UK)
    assert parcel.person.id == olena.id
    assert parcel.person.telegram_id == 1001
    assert parcel.not_after == clock.now() + NEWS_KEEPS
    assert parcel.edits_message is None


async def test_who_cannot_be_reached_is_noted_and_gets_nothing_more(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    await released(store, clock)
    await deliver_due(store, Post({1001: Unreachable()}), clock)

    await released(store, clock)

    assert [row["blocked_at"] for row in await rows(store, "persons")] == [clock.now()]
    assert await states(store) == ["blocked"]


async def test_who_comes_back_is_told_of_what_comes_then(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    await released(store, clock)
    await deliver_due(store, Post({1001: Unreachable()}), clock)
    await people.meet(store, 1001, clock)

    await released(store, clock)

    assert await states(store) == ["blocked", "pending"]


async def test_what_is_due_later_waits_longer_each_time(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    await released(store, clock)
    waits: list[timedelta] = []

    while clock.now() < NOON + NEWS_KEEPS:
        assert await deliver_due(store, Post({1001: Later("no connection")}), clock) == 1
        (row,) = await rows(store, "deliveries")
        waits.append(row["due_at"] - clock.now())
        assert await deliver_due(store, Post(), clock) == 0
        clock.set(row["due_at"] if len(waits) < 14 else NOON + NEWS_KEEPS)

    assert waits[:4] == [timedelta(seconds=s) for s in (2, 4, 8, 16)]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT


async def test_what_is_too_old_is_not_sent(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    await released(store, clock)
    post = Post()
    clock.advance(days=3, seconds=1)

    await deliver_due(store, post, clock)

    assert post.given == []
    assert await states(store) == ["expired"]


async def _stops(store: Database, someone: Person, clock: StoppedClock) -> None:
    await people.stop(store, someone.id, clock)


async def _pauses(store: Database, someone: Person, _: StoppedClock) -> None:
    await people.pause(store, someone.id, UNTIL_I_SAY)


async def _blocks(store: Database, someone: Person, clock: StoppedClock) -> None:
    await people.note_blocked(store, someone.telegram_id, clock)


@pytest.mark.parametrize("leaves", [_stops, _pauses, _blocks])
async def test_who_leaves_after_the_release_gets_nothing(
    store: Database,
    clock: StoppedClock,
    leaves: Callable[[Database, Person, StoppedClock], Awaitable[None]],
) -> None:
    someone = await met(store, clock)
    await released(store, clock)
    await leaves(store, someone, clock)
    post = Post()

    await deliver_due(store, post, clock)

    assert post.given == []
    assert await states(store) == ["cancelled"]


async def test_two_hundred_people_are_all_served(store: Database, clock: StoppedClock) -> None:
    outcomes: list[Outcome] = [
        Unreachable(),
        Refused("?"),
        InDoubt("?"),
        Later("429", timedelta(seconds=5)),
    ]
    answers: dict[int, Outcome | Exception] = {
        n: outcomes[n % 10] for n in range(200) if n % 10 < 4
    }
    await crowd(store, clock, 200)
    await released(store, clock)
    post = Post(answers)

    batches = [await deliver_due(store, post, clock, batch=64) for _ in range(5)]

    assert batches == [64, 64, 64, 8, 0]
    async with store.reading() as records:
        assert await records.ledger() == {
            ("news", "sent"): 120,
            ("news", "blocked"): 20,
            ("news", "failed"): 20,
            ("news", "unknown"): 20,
            ("news", "pending"): 20,
        }
    assert len({parcel.id for parcel in post.given}) == 200
    clock.advance(seconds=5)
    assert await deliver_due(store, Post(), clock, batch=64) == 20


async def test_the_oldest_go_first(store: Database, clock: StoppedClock) -> None:
    await crowd(store, clock, 3)
    first = await released(store, clock)
    clock.advance(seconds=1)
    await released(store, clock)
    post = Post()

    await deliver_due(store, post, clock, batch=3)

    assert {parcel.reading.item.id for parcel in post.given} == {first.id}


async def test_a_messenger_that_breaks_stops_nobody_elses_message(
    store: Database, clock: StoppedClock
) -> None:
    await crowd(store, clock, 20)
    await released(store, clock)
    post = Post({3: RuntimeError("unforeseen"), 11: KeyError("unforeseen")})

    with pytest.raises(ExceptionGroup):
        await deliver_due(store, post, clock, batch=20)

    found = await states(store)
    assert (found.count("sent"), found.count("unknown")) == (18, 2)
    reasons = {row["reason"] for row in await rows(store, "deliveries")}
    assert reasons == {None, "RuntimeError", "KeyError"}


async def test_a_long_reason_is_cut(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    await released(store, clock)

    await deliver_due(store, Post({1001: Refused("x" * 900)}), clock)

    assert [len(row["reason"]) for row in await rows(store, "deliveries")] == [200]
