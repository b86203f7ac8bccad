"""What the benchmark concludes from what a killed bot left behind."""

import pytest

from bench import crash
from bench.report import Bar
from bench.sink.process import Call
from bench.victims import Receiving, Sending

KILLS = [10.0, 20.0]


def sending(calls: list[tuple[float, int]], states: dict[int, str]) -> Sending:
    return Sending(KILLS, [Call(at, chat, "sendmessage", 0) for at, chat in calls], states)


def broken(bars: list[Bar]) -> list[str]:
    return [bar.name for bar in bars if not bar.holds]


def test_a_repetition_is_the_fault_of_the_kill_before_it() -> None:
    first = [(9.0, chat) for chat in range(20)]
    again = [(11.0, chat) for chat in range(5)] + [(21.0, chat) for chat in range(8)]
    states = dict.fromkeys(range(20), "sent")

    end = sending(first + again, states)

    assert end.most_doubled_by_a_kill() == 8
    assert not broken(crash.bars_of_critical(end))
    assert broken(crash.bars_of_news(end)) == ["news: doubled"]


def test_more_than_in_flight_doubled_by_one_kill_fails() -> None:
    calls = [(at, chat) for at in (9.0, 11.0) for chat in range(9)]

    end = sending(calls, dict.fromkeys(range(9), "sent"))

    assert broken(crash.bars_of_critical(end)) == ["critical: doubled by one kill"]


@pytest.mark.parametrize(
    ("state", "faults"),
    [
        ("unknown", []),
        ("sent", ["news: lost and not listed"]),
        ("pending", ["news: lost and not listed", "news: not settled"]),
    ],
)
def test_news_that_nobody_got_must_be_listed(state: str, faults: list[str]) -> None:
    end = sending([(9.0, 1)], {1: "sent", 2: state})

    assert broken(crash.bars_of_news(end)) == faults
    assert "critical: lost" in broken(crash.bars_of_critical(end))


def test_each_tap_has_its_effect_once_and_an_answer() -> None:
    well = Receiving({1: 1, 2: 1}, {"done": 2}, {1: 1, 2: 3})
    badly = Receiving({1: 1, 2: 2}, {"done": 1, "dead": 1}, {1: 1})

    assert not broken(crash.bars_of_taps(well, 2))
    assert broken(crash.bars_of_taps(badly, 2)) == [
        "taps: without their effect, once",
        "taps: not done",
        "taps: without an answer",
    ]
