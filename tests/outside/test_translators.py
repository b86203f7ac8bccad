"""The engine over a loopback page: what it answers, how it fails, what it never mixes up."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from threading import Event

import pytest
import requests

from bot.core.translation_engine import EngineConfig, EngineFailed, FailureKind
from bot.outside.translators import build
from bot.outside.translators.deep_google import DeepGoogle
from bot.outside.translators.timed_requests import TimedRequests
from bot.outside.translators.worker_threads import WorkerThreads
from tests.outside.steered_time import Time
from tests.outside.translation_server import TranslationServer, answer_to, translation_server

SECRET = "Ein Satz, der nirgends stehen darf."


@pytest.fixture
def server() -> Iterator[TranslationServer]:
    with translation_server() as running:
        yield running


@pytest.fixture
def restless_threads() -> Iterator[None]:
    """Threads take turns so often that a shared translator mixes up its texts."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def engine(server: TranslationServer, time: Time) -> AsyncIterator[DeepGoogle]:
    made = _engine(server, time)
    yield made
    await made.close()


def _engine(
    server: TranslationServer, time: Time, *, seconds: float = 5, chars: int = 2000
) -> DeepGoogle:
    config = EngineConfig("page", "deep_google", server.address, seconds, chars, per_second=10)
    return DeepGoogle(config, clock=time, sleep=time.sleep)


async def _translate(engine: DeepGoogle, *texts: str) -> list[str]:
    return await engine.translate(texts, source="de", target="uk")


async def _failure(engine: DeepGoogle, *texts: str) -> EngineFailed:
    with pytest.raises(EngineFailed) as caught:
        await _translate(engine, *texts or ("Guten Morgen",))
    return caught.value


async def test_each_text_gets_its_own_answer_in_order(engine: DeepGoogle) -> None:
    assert await _translate(engine, "Eins", "Zwei") == [answer_to("Eins"), answer_to("Zwei")]


async def test_layout_and_blanks_around_the_text_stay(engine: DeepGoogle) -> None:
    [answer] = await _translate(engine, "  Eins\n\n\tZwei & <b> \n")

    assert answer == f"  {answer_to('Eins')}\n\n\t{answer_to('Zwei & <b>')} \n"


async def test_a_long_line_is_asked_in_sentences(server: TranslationServer, time: Time) -> None:
    engine = _engine(server, time, chars=25)

    [answer] = await _translate(engine, "Das hier ist eins. Das hier ist zwei.")

    assert [each["q"] for each in server.asked] == ["Das hier ist eins.", "Das hier ist zwei."]
    assert answer == f"{answer_to('Das hier ist eins.')} {answer_to('Das hier ist zwei.')}"


async def test_what_has_no_letter_is_never_asked(
    engine: DeepGoogle, server: TranslationServer
) -> None:
    texts = ["🎉", "—", "...", "👍👍", " 12:30 ", ""]

    assert await _translate(engine, *texts) == texts
    assert server.asked == []


async def test_a_break_in_the_answer_glues_no_words_together(
    engine: DeepGoogle, server: TranslationServer
) -> None:
    server.mode = "br"

    assert await _translate(engine, "Eins") == ["Перше речення. Друге речення. Третє."]


@pytest.mark.parametrize(
    ("language", "asked"), [("de", "de"), ("en", "en"), ("ru", "ru"), ("pl", "pl"), ("he", "iw")]
)
async def test_languages_are_asked_for_by_googles_codes(
    engine: DeepGoogle, server: TranslationServer, language: str, asked: str
) -> None:
    await engine.translate(["Eins"], source=language, target="uk-UA")

    assert (server.asked[0]["sl"], server.asked[0]["tl"]) == (asked, "uk")


@pytest.mark.parametrize("pair", [("de", "xx"), ("qq", "uk"), ("de", "de"), ("de", "")])
async def test_an_unknown_pair_is_named(engine: DeepGoogle, pair: tuple[str, str]) -> None:
    with pytest.raises(EngineFailed) as caught:
        await engine.translate(["Eins"], source=pair[0], target=pair[1])

    assert caught.value.kind is FailureKind.UNSUPPORTED_PAIR


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("400", "bad_output"),
        ("403", "refused"),
        ("429", "rate_limited"),
        ("456", "quota"),
        ("500", "unreachable"),
        ("503", "unreachable"),
        ("error_page", "unreachable"),
        ("quota", "quota"),
        ("garbage", "bad_output"),
        ("no_result", "bad_output"),
        ("empty", "bad_output"),
    ],
)
async def test_each_way_to_fail_has_its_kind_and_tells_no_text(
    engine: DeepGoogle, server: TranslationServer, mode: str, kind: str
) -> None:
    server.mode = mode

    failure = await _failure(engine, SECRET)

    assert failure.kind == kind
    assert failure.__cause__ is None
    assert failure.__context__ is None
    assert str(failure) == kind
    assert failure.args == (kind,)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("", None), ("soon", None), ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("-5", None)],
)
async def test_the_wait_that_the_engine_asks_for_is_passed_on(
    engine: DeepGoogle, server: TranslationServer, header: str, seconds: float | None
) -> None:
    server.mode, server.retry_after = "429", header

    failure = await _failure(engine)

    assert failure.retry_after == seconds


async def test_no_connection_is_unreachable(time: Time) -> None:
    with translation_server() as gone:
        engine = _engine(gone, time)

    failure = await _failure(engine, SECRET)

    assert failure.kind is FailureKind.UNREACHABLE
    assert str(failure) == "unreachable"


async def test_a_silent_engine_ends_in_the_timeout(server: TranslationServer, time: Time) -> None:
    engine = _engine(server, time, seconds=0.3)
    server.mode = "hang"

    failure = await _failure(engine)

    assert failure.kind is FailureKind.TIMEOUT


def test_a_trickle_of_bytes_ends_in_the_timeout(server: TranslationServer) -> None:
    server.mode = "trickle"
    timed = TimedRequests()
    timed.allow(0.3)

    with pytest.raises(requests.Timeout):
        timed.get(server.address, {})


async def test_hung_calls_do_not_starve_a_later_one(server: TranslationServer, time: Time) -> None:
    engine = _engine(server, time, seconds=0.5)
    server.mode = "hang"
    async with asyncio.TaskGroup() as group:
        hung = [group.create_task(_failure(engine)) for _ in range(5)]
    server.mode = "ok"

    answers = await _translate(engine, "Eins")

    assert {each.result().kind for each in hung} == {FailureKind.TIMEOUT}
    assert answers == [answer_to("Eins")]


async def test_when_all_threads_hang_a_call_is_refused_until_one_returns() -> None:
    threads = WorkerThreads("test", threads=2)
    over = Event()
    for _ in range(2):
        with pytest.raises(EngineFailed):
            await threads.run(over.wait, seconds=0.05)

    with pytest.raises(EngineFailed) as refused:
        await threads.run(lambda: "never", seconds=0.05)
    over.set()

    assert refused.value.kind is FailureKind.TIMEOUT
    assert await threads.run(lambda: "again", seconds=5) == "again"


def test_a_hung_call_does_not_keep_the_interpreter_from_leaving(server: TranslationServer) -> None:
    server.mode = "hang"
    program = f"""
import asyncio
from bot.core.translation_engine import EngineConfig
from bot.outside.translators.deep_google import DeepGoogle

async def main():
    engine = DeepGoogle(EngineConfig("page", "deep_google", {server.address!r}, 60))
    await engine.translate(["12"], source="de", target="uk")  # imports the library
    async with asyncio.timeout(0.5):
        await engine.translate(["Eins"], source="de", target="uk")

try:
    asyncio.run(main())
except TimeoutError:
    print("left")
"""

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=15,
        check=False,
    )

    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "left", "")
    assert len(server.asked) == 1


@pytest.mark.usefixtures("restless_threads")
async def test_parallel_calls_never_get_each_others_text(engine: DeepGoogle) -> None:
    async def one(caller: int) -> int:
        texts = [f"Nachricht {caller} von {number}" for number in range(25)]
        answers = await _translate(engine, *texts)
        return sum(a == answer_to(t) for a, t in zip(answers, texts, strict=True))

    async with asyncio.TaskGroup() as group:
        callers = [group.create_task(one(caller)) for caller in range(16)]

    assert sum(each.result() for each in callers) == 400


async def test_calls_keep_the_pace(engine: DeepGoogle, time: Time) -> None:
    await _translate(engine, "Eins", "Zwei", "Drei")

    assert time.slept == pytest.approx([0.1, 0.1])


async def test_the_proxy_of_the_environment_is_used_for_the_world(
    server: TranslationServer, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", server.address)
    config = EngineConfig("page", "deep_google", "http://translate.invalid/m", 5)

    [answer] = await _translate(DeepGoogle(config, clock=time, sleep=time.sleep), "Eins")

    assert answer == answer_to("Eins")
    assert server.paths[0].startswith("http://translate.invalid/m?")


async def test_an_engine_on_this_machine_is_not_behind_the_proxy(
    engine: DeepGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert await _translate(engine, "Eins") == [answer_to("Eins")]


async def test_a_closed_engine_asks_nothing_more(
    engine: DeepGoogle, server: TranslationServer
) -> None:
    await engine.close()

    failure = await _failure(engine)

    assert failure.kind is FailureKind.UNREACHABLE
    assert server.asked == []


async def test_configured_engines_are_built_in_their_order() -> None:
    configs = [EngineConfig("a", "deep_google"), EngineConfig("b", "none")]

    built = build([*configs, EngineConfig("c", "deep_google")])

    assert [each.name for each in built] == ["a", "c"]
