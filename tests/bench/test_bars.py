"""What the benchmarks conclude from what they saw."""

import pytest

from bench import pace, replies, send
from bench.peers.workers import FIRST_CHAT, Ran
from bench.report import Bar
from bench.send import SHAPES, Round
from bench.sink.process import Call, Log

PROGRAMS = dict.fromkeys(send.NAMES, 1_000.0)  # messages a second


def round_of(rates: dict[str, float], *, astray: int = 0) -> Round:
    runs = {program: Ran(1.0, 0.5, int(rate), 0) for program, rate in rates.items()}
    return Round(runs, astray)


def holding(bars: list[Bar]) -> dict[str, bool]:
    return {bar.name.partition(",")[0]: bar.holds for bar in bars}


def test_a_server_slower_than_twice_the_fastest_client_spoils_the_run() -> None:
    enough = round_of(PROGRAMS | {send.SERVER: 2_000.0})
    too_slow = round_of(PROGRAMS | {send.SERVER: 2_000.0, send.RAW: 1_100.0})

    assert holding(send._bars(SHAPES[0], [enough]))["server / fastest client"]
    assert not holding(send._bars(SHAPES[0], [too_slow]))["server / fastest client"]


def test_ratios_are_taken_within_a_round() -> None:
    calm = round_of(PROGRAMS | {send.OURS: 950.0, send.BARE: 1_000.0})
    busy = round_of(PROGRAMS | {send.OURS: 95.0, send.BARE: 100.0})

    (of_bare, *_) = send._bars(SHAPES[0], [calm, busy, busy])

    assert of_bare.value == pytest.approx(0.95)


def test_one_message_astray_in_one_round_fails() -> None:
    rounds = [round_of(PROGRAMS), round_of(PROGRAMS, astray=1)]

    assert not holding(send._bars(SHAPES[0], rounds))["lost or doubled"]


def test_a_single_refusal_fails_the_pace() -> None:
    server = pace._shortened(pace.SERVERS[0])
    even = [Call(n / 30, chat, "sendmessage", 0) for n, chat in enumerate(server.chats)]
    refused = Call(9.0, FIRST_CHAT, "sendmessage", 1)

    polite = pace._bars(server, [pace.Round(Log(even, []), Log([], []))])
    rude = pace._bars(server, [pace.Round(Log([*even, refused], []), Log([], []))])

    assert all(bar.holds for bar in polite)
    assert [name for name, holds in holding(rude).items() if not holds] == ["429s"]


@pytest.mark.parametrize(
    ("busy", "used", "holds"),
    [(1.10, 0.99, True), (1.20, 0.99, False), (1.04, 0.96, True), (1.10, 0.96, False)],
)
def test_fewer_messages_must_be_paid_back_in_quicker_answers(
    busy: float, used: float, *, holds: bool
) -> None:
    log = Log([Call(0.0, FIRST_CHAT, "sendmessage", 0)], [])

    bars = replies._bars(log, replies.Waits([1.0, 1.0], [busy, busy], 0), used, recipients=1)

    assert all(bar.holds for bar in bars) is holds
