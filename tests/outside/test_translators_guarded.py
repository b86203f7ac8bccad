"""The guard of an engine: patience, deadline, circuit breaker and gate."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.core.translation_engine import EngineFailed, FailureKind
from bot.outside.translators.guarded import Guarded
from tests.outside.steered_time import Time


class ScriptedEngine:
    name = "scripted"

    def __init__(self, *outcomes: str | EngineFailed) -> None:
        self.outcomes = list(outcomes)
        self.asked: list[tuple[str, ...]] = []
        self.closed = False

    @property
    def calls(self) -> int:
        return len(self.asked)

    async def translate(self, segments: Sequence[str], *, source: str, target: str) -> list[str]:
        self.asked.append((source, target, *segments))
        outcome = self.outcomes.pop(0) if self.outcomes else "Привіт"
        if isinstance(outcome, EngineFailed):
            raise outcome
        return [outcome] * len(segments)

    async def close(self) -> None:
        self.closed = True


class SilentEngine(ScriptedEngine):
    async def translate(self, segments: Sequence[str], *, source: str, target: str) -> list[str]:
        await asyncio.Event().wait()
        return await super().translate(segments, source=source, target=target)


@pytest.fixture
def time() -> Time:
    return Time()


def _guarded(time: Time, engine: ScriptedEngine, *, deadline: float = 60) -> Guarded:
    return Guarded(engine, clock=time, sleep=time.sleep, chance=lambda: 0.5, deadline=deadline)


async def _translate(engine: Guarded, *texts: str) -> list[str]:
    return await engine.translate(texts, source="de", target="uk")


async def _failure(engine: Guarded, *texts: str) -> EngineFailed:
    with pytest.raises(EngineFailed) as caught:
        await _translate(engine, *texts or ("Guten Morgen",))
    return caught.value


def _fails(kind: str, retry_after: float | None = None) -> EngineFailed:
    return EngineFailed(FailureKind(kind), retry_after=retry_after)


@pytest.mark.parametrize("kind", ["timeout", "unreachable", "rate_limited"])
async def test_passing_trouble_is_tried_twice_again(time: Time, kind: str) -> None:
    engine = ScriptedEngine(_fails(kind), _fails(kind), "Привіт")

    assert await _translate(_guarded(time, engine), "Hallo") == ["Привіт"]
    assert time.slept == [0.5, 1.0]


@pytest.mark.parametrize("kind", ["quota", "refused", "bad_output", "unsupported_pair"])
async def test_lasting_trouble_is_not_tried_again(time: Time, kind: str) -> None:
    engine = ScriptedEngine(_fails(kind))

    failure = await _failure(_guarded(time, engine))

    assert failure.kind == kind
    assert engine.calls == 1


async def test_a_post_is_given_up_after_two_retries(time: Time) -> None:
    engine = ScriptedEngine(*(_fails("timeout") for _ in range(9)))

    await _failure(_guarded(time, engine), "Eins", "Zwei")

    assert engine.calls == 3


async def test_a_retry_repeats_only_what_failed(time: Time) -> None:
    engine = ScriptedEngine("Один", _fails("unreachable"), "Два")

    assert await _translate(_guarded(time, engine), "Eins", "Zwei") == ["Один", "Два"]
    assert engine.asked == [("de", "uk", text) for text in ("Eins", "Zwei", "Zwei")]


async def test_the_wait_of_a_429_is_honoured(time: Time) -> None:
    engine = ScriptedEngine(_fails("rate_limited", 7), "Привіт")

    await _translate(_guarded(time, engine), "Hallo")

    assert time.slept == [7.5]


async def test_a_wait_beyond_the_deadline_keeps_everyone_away_for_so_long(time: Time) -> None:
    engine = ScriptedEngine(_fails("rate_limited", 90))
    guarded = _guarded(time, engine)
    await _failure(guarded)

    meanwhile = await _failure(guarded)
    time.now += 90

    assert (meanwhile.kind, meanwhile.retry_after) == (FailureKind.RATE_LIMITED, 90)
    assert time.slept == []
    assert await _translate(guarded, "Hallo") == ["Привіт"]


async def test_the_whole_post_has_a_deadline(time: Time) -> None:
    failure = await _failure(_guarded(time, SilentEngine(), deadline=0.05))

    assert failure.kind is FailureKind.TIMEOUT


@pytest.mark.parametrize("answer", ["", "MYMEMORY WARNING: YOU USED ALL", "Мы приехали"])
async def test_a_suspicious_answer_never_leaves(time: Time, answer: str) -> None:
    failure = await _failure(_guarded(time, ScriptedEngine(answer)))

    assert failure.kind is FailureKind.BAD_OUTPUT


async def test_five_failures_within_a_minute_open_the_breaker_for_five(time: Time) -> None:
    engine = ScriptedEngine(*(_fails("timeout") for _ in range(15)))
    guarded = _guarded(time, engine)
    for _ in range(5):
        await _failure(guarded)

    refused = await _failure(guarded)
    time.now += 300

    assert refused.kind is FailureKind.TIMEOUT
    assert refused.retry_after == 300
    assert engine.calls == 15
    assert await _translate(guarded, "Hallo") == ["Привіт"]


async def test_five_failures_in_a_longer_time_do_not_open_it(time: Time) -> None:
    engine = ScriptedEngine(*(_fails("timeout") for _ in range(15)))
    guarded = _guarded(time, engine)
    for _ in range(5):
        await _failure(guarded)
        time.now += 15

    assert await _translate(guarded, "Hallo") == ["Привіт"]


@pytest.mark.parametrize("kind", ["quota", "refused"])
async def test_one_quota_or_refusal_opens_the_breaker(time: Time, kind: str) -> None:
    engine = ScriptedEngine(_fails(kind))
    guarded = _guarded(time, engine)
    await _failure(guarded)

    assert (await _failure(guarded)).kind == kind
    assert engine.calls == 1


async def test_texts_beyond_the_engine_do_not_open_it(time: Time) -> None:
    engine = ScriptedEngine(*(_fails("bad_output") for _ in range(9)))
    guarded = _guarded(time, engine)
    for _ in range(9):
        await _failure(guarded)

    assert await _translate(guarded, "Hallo") == ["Привіт"]


async def test_a_failed_trial_opens_it_again(time: Time) -> None:
    engine = ScriptedEngine(_fails("quota"), _fails("unreachable"), *[_fails("unreachable")] * 2)
    guarded = _guarded(time, engine)
    await _failure(guarded)
    time.now += 300
    await _failure(guarded)

    refused = await _failure(guarded)

    assert engine.calls == 4
    assert refused.retry_after == pytest.approx(300)


async def test_only_one_call_tries_a_half_open_breaker(time: Time) -> None:
    engine = ScriptedEngine(_fails("quota"))
    guarded = _guarded(time, engine)
    await _failure(guarded)
    time.now += 300
    guarded._breaker.admit()

    assert (await _failure(guarded)).kind is FailureKind.QUOTA


async def test_closing_reaches_the_engine(time: Time) -> None:
    engine = ScriptedEngine()

    await _guarded(time, engine).close()

    assert engine.closed
