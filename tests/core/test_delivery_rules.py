"""The rules of the ledger, without a store."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ledger import (
    LONGEST_WAIT,
    POLICIES,
    DeliveryState,
    InDoubt,
    Kind,
    Later,
    Moved,
    NothingThere,
    Outcome,
    Refused,
    Sent,
    Unreachable,
    Wanted,
    objection,
    settlement,
)
from tests.clock import NOON
from tests.post import parcel

SOON = NOON + timedelta(seconds=2)
RESENT = {Kind.NEWS_EDIT, Kind.NEWS_WITHDRAWAL, Kind.FEEDBACK, Kind.ALERT}


@pytest.mark.parametrize(
    ("outcome", "state", "due_at"),
    [
        (Sent(7), DeliveryState.SENT, None),
        (Unreachable(), DeliveryState.BLOCKED, None),
        (Moved(8), DeliveryState.PENDING, NOON),
        (Refused("too long"), DeliveryState.FAILED, None),
        (NothingThere(), DeliveryState.CANCELLED, None),
        (InDoubt("no answer"), DeliveryState.UNKNOWN, None),
        (Later("429", timedelta(seconds=30)), DeliveryState.PENDING, NOON + timedelta(seconds=30)),
        (Later("no connection"), DeliveryState.PENDING, SOON),
    ],
)
def test_every_outcome_leads_to_one_state(
    outcome: Outcome, state: DeliveryState, due_at: object
) -> None:
    result = settlement(outcome, parcel(Kind.NEWS), NOON)

    assert (result.state, result.due_at) == (state, due_at)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_bears_a_repeat_is_sent_again_and_the_rest_is_in_doubt(kind: Kind) -> None:
    """D1 and D2: the two classes."""
    result = settlement(InDoubt("?"), parcel(kind), NOON)

    again = (DeliveryState.PENDING, SOON)
    assert (result.state, result.due_at) == (
        again if kind in RESENT else (DeliveryState.UNKNOWN, None)
    )


def test_only_what_concerns_the_readers_own_chat_goes_to_those_who_follow_nothing() -> None:
    wanted = {kind: policy.wanted for kind, policy in POLICIES.items()}

    assert wanted == {
        Kind.NEWS: Wanted.FOLLOWING,
        Kind.NEWS_EDIT: Wanted.REACHABLE,
        Kind.NEWS_WITHDRAWAL: Wanted.REACHABLE,
        Kind.FEEDBACK: Wanted.STAFF,
        Kind.ALERT: Wanted.STAFF,
    }


def test_a_message_is_sent_up_to_its_last_moment() -> None:
    last = replace(parcel(Kind.NEWS), not_after=NOON)

    assert objection(last, NOON) is None
    assert objection(last, SOON) is DeliveryState.EXPIRED


def test_what_nobody_wants_any_more_is_not_sent() -> None:
    unwanted = replace(parcel(Kind.NEWS), still_wanted=False)

    assert objection(unwanted, NOON) is DeliveryState.CANCELLED


@given(st.integers(1, 10**9))
def test_no_wait_is_longer_than_the_longest(attempt: int) -> None:
    later = settlement(Later("no connection"), parcel(Kind.NEWS, attempt=attempt), NOON)

    assert later.due_at is not None
    assert timedelta() < later.due_at - NOON <= LONGEST_WAIT


@given(st.integers(1, 10**9), st.integers(0, 3600))
def test_a_429_says_itself_how_long(attempt: int, seconds: int) -> None:
    wait = timedelta(seconds=seconds)

    told = settlement(Later("429", wait), parcel(Kind.NEWS, attempt=attempt), NOON)

    assert (told.state, told.due_at) == (DeliveryState.PENDING, NOON + wait)
