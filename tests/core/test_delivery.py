"""Delivery: what became of each message, in the ledger and for the person."""

from datetime import datetime, timedelta

import pytest

from bot.core.ledger import (
    LONGEST_WAIT,
    InDoubt,
    Kind,
    Later,
    Outcome,
    Refused,
    Sent,
    Unreachable,
)
from bot.core.news import Origin
from bot.core.news_decisions import NEWS_KEEPS
from bot.core.people import Language
from storage.store import Database
from tests.builders import crowd, item, met, released
from tests.clock import NOON, StoppedClock
from tests.post import Answer, Post, deliver_due
from tests.rows import rows, run_sql, states

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
    store: Database, clock: StoppedClock, outcome: Outcome, state: str, due_at: datetime
) -> None:
    await met(store, clock)
    await released(store, clock)

    await deliver_due(store, Post({1001: outcome}), clock)

    (row,) = await rows(store, "deliveries")
    assert (row["state"], row["due_at"], row["leased_until"]) == (state, due_at, None)
    assert row["reason"] == getattr(outcome, "reason", None)
    assert row["message_id"] == getattr(outcome, "message_id", None)


async def test_a_sent_row_remembers_what_was_shown(store: Database, clock: StoppedClock) -> None:
    await met(store, clock, language=Language.DE)
    await released(store, clock)
    post = Post()

    await deliver_due(store, post, clock)

    (row,) = await rows(store, "deliveries")
    (text,) = post.texts
    assert (row["language"], row["shown_version"], row["settled_at"]) == ("de", 0, clock.now())
    assert row["shown"] == text.shown


async def test_a_parcel_holds_all_that_is_needed(store: Database, clock: StoppedClock) -> None:
    olena = await met(store, clock, topics=frozenset({"youth"}))
    summer = await released(store, clock, item(topics=("youth", "aid")))
    post = Post()

    await deliver_due(store, post, clock)

    (parcel,), (reading,) = post.given, post.readings
    assert (reading.item.id, reading.title, reading.origin) == (
        summer.id,
        summer.title,
        Origin.FOLLOWS,
    )
    assert (parcel.recipient.id, parcel.recipient.telegram_id) == (olena.id, 1001)
    assert parcel.recipient.language is reading.language is Language.UK
    assert parcel.not_after == clock.now() + NEWS_KEEPS
    assert parcel.edits_message is None


async def test_each_reads_in_her_own_language(store: Database, clock: StoppedClock) -> None:
    await met(store, clock, 1, language=Language.DE)
    await met(store, clock, 2, language=Language.UK)
    await released(store, clock)
    post = Post()

    await deliver_due(store, post, clock)

    to = {
        parcel.recipient.telegram_id: text.language
        for parcel, text in zip(post.given, post.texts, strict=True)
    }
    assert to == {1: Language.DE, 2: Language.UK}


async def test_what_is_due_later_waits_longer_each_time(
    store: Database, clock: StoppedClock
) -> None:
    """D12: where nothing has left, it is tried again as long as the news are news."""
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


async def test_a_429_is_waited_out_however_often_and_uses_up_no_retry(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock)
    await released(store, clock)
    post = Post({1001: Later("429", timedelta(seconds=3))})

    for _ in range(20):
        assert await deliver_due(store, post, clock) == 1
        clock.advance(seconds=2.9)
        assert await deliver_due(store, post, clock) == 0
        clock.advance(seconds=0.1)
    await deliver_due(store, Post(), clock)

    assert len(post.given) == 20
    assert await states(store) == ["sent"]


@pytest.mark.parametrize(("late", "state"), [(0, "sent"), (1, "expired")])
async def test_what_was_down_for_too_long_sends_no_stale_news(
    store: Database, clock: StoppedClock, late: int, state: str
) -> None:
    """D16: on return inside the window it goes out once, later not at all."""
    await met(store, clock)
    await released(store, clock)
    post = Post()
    clock.set(NOON + NEWS_KEEPS + timedelta(seconds=late))

    runs = [await deliver_due(store, post, clock) for _ in range(2)]

    assert runs == [1, 0]
    assert await states(store) == [state]
    assert len(post.given) == (state == "sent")


async def test_two_hundred_people_are_all_served_in_one_run(
    store: Database, clock: StoppedClock
) -> None:
    outcomes: list[Outcome] = [
        Unreachable(),
        Refused("?", of_text=False),
        InDoubt("?"),
        Later("429", timedelta(seconds=5)),
    ]
    answers: dict[int, Answer] = {n: outcomes[n % 10] for n in range(200) if n % 10 < 4}
    await crowd(store, clock, 200)
    await released(store, clock)
    post = Post(answers)

    runs = [await deliver_due(store, post, clock) for _ in range(2)]

    assert runs == [200, 0]
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
    assert await deliver_due(store, Post(), clock) == 20


async def test_the_oldest_go_first(store: Database, clock: StoppedClock) -> None:
    await crowd(store, clock, 3)
    first = await released(store, clock)
    clock.advance(seconds=1)
    second = await released(store, clock)
    post = Post()

    await deliver_due(store, post, clock, places=1)

    assert [parcel.subject for parcel in post.given] == [first.id] * 3 + [second.id] * 3


async def test_a_messenger_that_breaks_stops_nobody_elses_message(
    store: Database, clock: StoppedClock
) -> None:
    await crowd(store, clock, 20)
    await released(store, clock)
    post = Post({3: RuntimeError("unforeseen"), 11: KeyError("unforeseen")})

    await deliver_due(store, post, clock)

    found = await states(store)
    assert (found.count("sent"), found.count("unknown")) == (18, 2)
    reasons = {row["reason"] for row in await rows(store, "deliveries")}
    assert reasons == {None, "RuntimeError", "KeyError"}


async def test_a_long_reason_is_cut(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    await released(store, clock)

    await deliver_due(store, Post({1001: Refused("x" * 900)}), clock)

    assert [len(row["reason"]) for row in await rows(store, "deliveries")] == [200]
    assert [len(row["reason"]) for row in await rows(store, "campaigns")] == [200]


async def test_a_row_that_lost_its_text_is_cancelled(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    await released(store, clock)
    await run_sql(store, f"UPDATE deliveries SET kind = '{Kind.ALERT}', subject = 1")  # noqa: S608
    post = Post()

    await deliver_due(store, post, clock, owners=[1001])

    assert post.given == []
    assert await states(store, Kind.ALERT) == ["cancelled"]
