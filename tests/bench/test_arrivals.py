import pytest

from bench.arrivals import astray, at_first, largest_gap, most_in_a_second, percentile, share
from bench.flood import gap_of_the_others, pause_of
from bench.replies import used_share, waits_of
from bench.sink.process import Call, Log


def sent(*arrivals: tuple[float, int]) -> list[Call]:
    return [Call(at, chat, "sendmessage", 0) for at, chat in arrivals]


def refused(at: float, chat: int, wait: int = 5) -> Call:
    return Call(at, chat, "sendmessage", wait)


def test_an_even_stream_reaches_its_whole_rate() -> None:
    assert share(sent(*((n / 30, n) for n in range(60))), 30) == pytest.approx(1.0)
    assert share(sent(*((n / 15, n) for n in range(60))), 30) == pytest.approx(0.5, rel=0.01)
    assert share([], 30) == 0


def test_what_is_missing_and_what_came_twice_are_astray() -> None:
    calls = sent((0, 1), (1, 2), (2, 2), (3, 9))

    assert astray(calls, range(1, 3)) == 2  # 2 came twice, 9 was not asked for
    assert astray(calls, range(1, 5)) == 4  # 3 and 4 are missing as well
    assert astray(sent((0, 1), (1, 1), (2, 2)), range(1, 3), twice=1) == 0


def test_gaps_and_the_fullest_second_are_found() -> None:
    times = [0.0, 0.5, 0.9, 1.0, 1.4, 3.0]

    assert largest_gap(times) == pytest.approx(1.6)
    assert most_in_a_second(times) == 4
    assert at_first(times) == 3
    assert percentile([1.0, 2.0, 3.0], 50) == 2.0


def test_a_held_chat_does_not_count_as_a_gap_of_the_others() -> None:
    calls = [*sent((0.0, 1)), refused(0.03, 2), *sent((0.06, 3), (0.09, 4), (5.1, 2))]

    assert gap_of_the_others(Log(calls, [])) == pytest.approx(0.06)


def test_nothing_may_be_asked_between_hearing_of_a_ban_and_its_end() -> None:
    ban = [*sent((0.0, 1)), refused(1.0, 2), refused(1.03, 3), refused(1.06, 4)]
    polite = Log([*ban, *sent((6.14, 2))], [])
    rude = Log([*ban, refused(4.0, 5, 2), *sent((6.14, 2))], [])

    assert pause_of(polite).asked == 0
    assert pause_of(polite).resumed == pytest.approx(0.04)
    assert pause_of(rude).asked == 1


def test_a_tap_waits_for_the_next_message_to_its_chat() -> None:
    bulk = sent((10.0, 1), (11.0, 2), (12.0, 3))
    answers = sent((1.05, 90), (10.6, 91))
    log = Log(sorted([*bulk, *answers], key=lambda c: c.at), [(1.0, 90), (10.5, 91), (10.7, 90)])

    waits = waits_of(log, to=range(1, 4))

    assert waits.idle == pytest.approx([0.05])
    assert waits.busy == pytest.approx([0.1])
    assert waits.unanswered == 1


def test_replies_use_up_the_rate_as_well() -> None:
    log = Log(sent((0.0, 1), (0.5, 90), (1.0, 2), (9.0, 91)), [])

    assert used_share(log, to=range(1, 3)) == pytest.approx(2 / 30)
