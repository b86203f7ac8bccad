"""Dates as sites write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outside.dates import moment_in_feed, parse_moment

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("12.01.2023 - 14:14 | Views: 5", datetime(2023, 1, 12, 12, 14, tzinfo=UTC)),
        ("3 липня 2026, 14:47", datetime(2026, 7, 3, 11, 47, tzinfo=UTC)),
        ("Do, 29 Mär 2018 00:00:00 +0200", datetime(2018, 3, 28, 22, 0, tzinfo=UTC)),
        ("29. September 2025 - 16:40 Uhr", datetime(2025, 9, 29, 13, 40, tzinfo=UTC)),
        ("Fri, 03 Jul 2026 14:47:00 MESZ", datetime(2026, 7, 3, 12, 47, tzinfo=UTC)),
        ("2026-07-03T14:47:00+03:00Z", datetime(2026, 7, 3, 11, 47, tzinfo=UTC)),
        ("2026-07-03T14:47:00.5Z", datetime(2026, 7, 3, 14, 47, tzinfo=UTC)),
        ("January 12, 2023 2:14 pm", datetime(2023, 1, 12, 12, 14, tzinfo=UTC)),
        ("1784119620", datetime(2026, 7, 15, 12, 47, tzinfo=UTC)),
    ],
)
def test_a_clock_without_an_offset_is_the_clock_of_the_source(written, moment):
    found = parse_moment(written, KYIV)

    assert found is not None
    assert found.at == moment


def test_a_day_without_a_clock_stays_a_day():
    found = parse_moment("12.01.2023Переглядів: 8", KYIV)

    assert found is not None
    assert (found.day, found.at) == (date(2023, 1, 12), None)


@pytest.mark.parametrize("written", ["0000-00-00", "Wed, 31 Feb 2026 10:00:00 +0100", "bald", ""])
def test_no_date_is_none(written):
    assert parse_moment(written, KYIV) is None


@pytest.mark.parametrize("written", ["2099-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_feed_cannot_place_an_item_in_the_future_or_long_ago(written):
    assert moment_in_feed(written, KYIV, NOW) is None


def test_a_bare_day_in_a_feed_begins_where_the_source_is():
    assert moment_in_feed("2026-07-03", KYIV, NOW) == datetime(2026, 7, 2, 21, 0, tzinfo=UTC)


@given(st.text(max_size=40))
def test_anything_can_be_tried(written):
    moment_in_feed(written, KYIV, NOW)
