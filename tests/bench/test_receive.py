"""What the benchmark concludes from the answers, and its programs against a small crowd."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench import receive
from bench.answers import judged
from bench.receive import OURS, PTB, REAL, SHAPES, Round, Run
from bench.sink.process import Call, Log, running

TAPS = [(0.0, 7), (0.0, 8), (0.5, 7)]  # the third update is the second of chat 7
SMALL = replace(SHAPES[0], people=10, updates=50, answers_of_ptb=50)


def answers(*said: tuple[float, int, int]) -> Log:
    return Log([Call(at, chat, "sendmessage", 0, number) for at, chat, number in said], TAPS)


def test_an_answer_is_late_by_the_time_since_its_update_was_made() -> None:
    run = judged(answers((1.0, 7, 1), (1.5, 8, 2), (2.0, 7, 3)), 3, numbered=True)

    assert run.waits == [1.0, 1.5, 1.5]
    assert run.rate == pytest.approx(1.5)
    assert run.astray == 0


@pytest.mark.parametrize(
    "said",
    [
        ((1.0, 7, 3), (1.5, 8, 2), (2.0, 7, 1)),  # out of order
        ((1.0, 7, 1), (1.5, 8, 2), (2.0, 8, 2)),  # twice, and one lost
        ((1.0, 7, 1), (1.5, 8, 2), (2.0, 9, 3)),  # to somebody else
    ],
)
def test_what_is_not_the_next_of_its_chat_is_astray(said: tuple[tuple[float, int, int]]) -> None:
    assert judged(answers(*said), 3, numbered=True).astray > 0


def test_chats_need_not_wait_for_each_other() -> None:
    assert judged(answers((1.0, 8, 2), (1.5, 7, 1), (2.0, 7, 3)), 3, numbered=True).astray == 0


def test_one_update_that_was_not_done_fails() -> None:
    run = Run(100.0, [0.01, 0.01], 0)
    runs = dict.fromkeys(SHAPES[2].clients, run) | {OURS: replace(run, not_done=1)}

    bars = receive._bars(SHAPES[2], [Round(runs, 1_000.0)])

    failed = [bar.name for bar in bars if not bar.holds]
    assert failed == ["not done in the inbox, 100 a second"]


@pytest.mark.parametrize("who", [OURS, REAL, PTB])
async def test_everybody_is_answered_by(who: str) -> None:
    async with running() as sink:
        run = await receive._run(sink, SMALL, who, Path(sys.executable))

    assert (run.astray, run.not_done) == (0, 0)
    assert run.rate > 0
