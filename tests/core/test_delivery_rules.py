"""The rules of delivery, without a store."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core import delivery
from bot.core.delivery import (
    LONGEST_WAIT,
    DeliveryState,
    InDoubt,
    Kind,
    Later,
    Parcel,
    settlement,
)
from bot.core.news import Origin, Reading
from bot.core.people import Language
from tests.builders import item, person
from tests.clock import NOON

SOON = NOON + timedelta(seconds=2)


def test_an_edit_in_doubt_is_made_again_and_news_in_doubt_are_not() -> None:
    news_row, edit = _parcel(Kind.NEWS), _parcel(Kind.NEWS_EDIT)

    assert settlement(InDoubt("?"), news_row, NOON).state is DeliveryState.UNKNOWN
    assert settlement(InDoubt("?"), edit, NOON).state is DeliveryState.PENDING
    assert settlement(InDoubt("?"), edit, NOON).due_at == SOON


def test_a_message_is_sent_up_to_its_last_moment() -> None:
    parcel = _parcel(Kind.NEWS, not_after=NOON)

    assert delivery.objection(parcel, NOON) is None
    assert delivery.objection(parcel, SOON) is DeliveryState.EXPIRED


@given(st.integers(1, 10**9))
def test_no_wait_is_longer_than_the_longest(attempt: int) -> None:
    later = settlement(Later("no connection"), _parcel(Kind.NEWS, attempt=attempt), NOON)

    assert later.due_at is not None
    assert timedelta() < later.due_at - NOON <= LONGEST_WAIT


def _parcel(kind: Kind, *, attempt: int = 1, not_after: datetime | None = None) -> Parcel:
    reading = Reading(item(), Language.UK, "", "", Origin.FOLLOWS, 0)
    return Parcel(1, kind, attempt, not_after, person(), reading, None)
