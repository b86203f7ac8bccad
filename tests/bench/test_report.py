import json

import pytest

from bench.__main__ import Measure, main
from bench.report import Bar, line, passed

FAST = Bar("speed", 3.0, at_least=2.0)
SLOW = Bar("speed", 1.0, at_least=2.0)
LARGE = Bar("size", 10.0, at_most=5.0)


def bench(*bars: Bar) -> Measure:
    async def measure(*, quick: bool) -> str:
        return line("example", {"size": 1.23456}, list(bars), quick=quick)

    return measure


def test_the_line_has_the_agreed_shape() -> None:
    assert json.loads(line("example", {"size": 1.23456}, [FAST, LARGE])) == {
        "bench": "example",
        "figures": {"size": 1.235},
        "bars": [
            {"name": "speed", "value": 3.0, "at_least": 2.0, "holds": True},
            {"name": "size", "value": 10.0, "at_most": 5.0, "holds": False},
        ],
    }


def test_a_bound_that_is_just_met_holds() -> None:
    assert Bar("", 2.0, at_least=2.0).holds
    assert Bar("", 2.0, at_most=2.0).holds


@pytest.mark.parametrize(("bars", "code"), [((FAST,), 0), ((FAST, SLOW), 1), ((LARGE, FAST), 1)])
def test_a_bar_that_does_not_hold_is_a_failure(
    bars: tuple[Bar, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["example"], {"example": bench(*bars)}) == code

    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [bar["holds"] for bar in last["bars"]] == [bar.holds for bar in bars]


def test_one_failure_among_all_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["all"], {"one": bench(SLOW), "two": bench(FAST)}) == 1

    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_quick_run_says_so_and_does_not_judge_what_needs_length() -> None:
    long = Bar("share", 0.5, at_least=0.9, needs_length=True)

    told = line("example", {}, [long], quick=True)

    assert json.loads(told)["quick"] is True
    assert json.loads(told)["bars"][0]["judged"] is False
    assert passed(told)
    assert not passed(line("example", {}, [long]))
    assert not passed(line("example", {}, [long, SLOW], quick=True))


def test_an_unknown_benchmark_is_named_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["nothing"])

    assert "invalid choice: 'nothing'" in capsys.readouterr().err
