import asyncio
import json
import time
import urllib.request
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from telegram import Bot
from telegram.error import RetryAfter

from bench.peers.workers import Job, measured
from bench.running import ran
from bench.sink.limits import Limits
from bench.sink.process import Sink, running
from bench.sink.rules import Hold, Rules, Tapping

TOKEN = "424242:" + "x" * 35
CHAT = 1_000_001


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with running() as started:
        yield started


@pytest.fixture
async def bot(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    async with Bot(TOKEN, base_url=f"{sink.url}/bot") as ready:
        yield ready


async def test_the_sink_answers_like_telegram(bot: Bot) -> None:
    first = await bot.send_message(CHAT, "<b>Hallo</b> & Привіт", parse_mode="HTML")
    second = await bot.send_message(CHAT, "…")
    edited = await bot.edit_message_text("neu", chat_id=CHAT, message_id=first.message_id)

    assert first.chat.id == CHAT
    assert second.message_id == first.message_id + 1
    assert not isinstance(edited, bool)
    assert edited.message_id == first.message_id
    assert bot.username == "sink_bot"
    assert await bot.delete_webhook()
    assert await bot.answer_callback_query("1")


async def test_json_is_understood_as_well_as_forms(sink: Sink) -> None:
    message = json.dumps({"text": "chat_id=7", "chat_id": CHAT}).encode()

    def post() -> dict[str, dict[str, dict[str, int]]]:
        with urllib.request.urlopen(f"{sink.url}/bot{TOKEN}/sendMessage", message) as answer:
            told: dict[str, dict[str, dict[str, int]]] = json.load(answer)
            return told

    answered = await asyncio.to_thread(post)

    assert answered["result"]["chat"]["id"] == CHAT


async def test_the_log_tells_when_each_message_counted(sink: Sink, bot: Bot) -> None:
    await sink.rule(TOKEN, Rules(latency=0.02))
    began = time.monotonic()

    for chat in (5, 6, 7):
        await bot.send_message(chat, "…")

    calls = list((await sink.log(TOKEN)).accepted())
    assert [call.chat for call in calls] == [5, 6, 7]
    assert calls[0].at >= began + 0.01
    assert all(later.at - earlier.at >= 0.02 for earlier, later in pairwise(calls))


async def test_tokens_do_not_share_limits(sink: Sink, bot: Bot) -> None:
    await sink.rule(TOKEN, Rules(chat_interval=60))
    await bot.send_message(CHAT, "…")

    async with Bot("99:other", base_url=f"{sink.url}/bot") as other:
        await other.send_message(CHAT, "…")

    with pytest.raises(RetryAfter):
        await bot.send_message(CHAT, "…")
    log = await sink.log(TOKEN)
    assert [call.chat for call in log.refused()] == [CHAT]
    assert len(list(log.accepted())) == 1


async def test_a_tap_comes_with_the_next_poll_until_it_is_confirmed(sink: Sink, bot: Bot) -> None:
    await sink.rule(TOKEN, Rules(tapping=Tapping((8, 9), "menu", 0.01, 0.02, 0.0, 60.0)))

    first = (await bot.get_updates(timeout=5))[0]
    again = (await bot.get_updates(timeout=5))[0]
    later = (await bot.get_updates(offset=first.update_id + 1, timeout=5))[0]

    assert first.callback_query is not None
    assert (first.callback_query.from_user.id, first.callback_query.data) == (8, "menu")
    assert again.update_id == first.update_id
    assert later.update_id == first.update_id + 1
    assert (await sink.log(TOKEN)).taps[0][1] == 8


def test_the_31st_message_of_a_second_is_refused() -> None:
    limits = Limits(Rules(window=30))

    waits = [limits.wait(chat, chat * 0.03) for chat in range(31)]

    assert waits[:30] == [0] * 30
    assert waits[30] == pytest.approx(0.1)


def test_the_window_is_strict_and_slides() -> None:
    limits = Limits(Rules(window=2))

    waits = [limits.wait(1, now) for now in (0.0, 0.4, 0.9, 1.0, 1.3, 1.4)]

    assert waits == pytest.approx([0, 0, 0.1, 0, 0.1, 0])


def test_a_bucket_lets_a_burst_through_and_then_keeps_the_rate() -> None:
    limits = Limits(Rules(bucket=10))

    passed = [limits.wait(1, 0.0) <= 0 for _ in range(12)]
    after_a_second = [limits.wait(1, 1.0) <= 0 for _ in range(12)]

    assert passed == after_a_second == [True] * 10 + [False] * 2


def test_a_ban_refuses_everything_for_its_time() -> None:
    limits = Limits(Rules(window=1, ban=5.0))

    waits = [limits.wait(1, now) for now in (0.0, 0.5, 2.0, 5.4, 5.6)]

    assert waits == pytest.approx([0, 5, 3.5, 0.1, 0])


def test_a_held_chat_leaves_the_others_alone() -> None:
    limits = Limits(Rules(holds=(Hold(at=1.0, seconds=5.0),)))

    waits = [limits.wait(chat, now) for chat, now in ((1, 0), (2, 1.5), (3, 1.5), (2, 6.5))]

    assert waits == pytest.approx([0, 5, 0, 0])


def test_a_hold_for_everyone_ends_at_one_moment() -> None:
    limits = Limits(Rules(holds=(Hold(at=1.0, seconds=5.0, everyone=True),)))

    waits = [limits.wait(chat, now) for chat, now in ((1, 0), (2, 1.5), (3, 6.0), (3, 6.5))]

    assert waits == pytest.approx([0, 5, 0.5, 0])


async def test_a_program_tells_what_it_sent(sink: Sink) -> None:
    await sink.rule(TOKEN, Rules())

    result = await ran("bench.peers.prepared", Job(sink.url, TOKEN, 100, 4, warm_up=10))

    assert (result.sent, result.lost) == (100, 0)
    assert 0 < result.cpu <= result.seconds * 2
    assert len(list((await sink.log(TOKEN)).accepted())) == 110


async def test_what_a_program_could_not_send_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    async def refuse(chat: int) -> None:
        if chat % 2:
            raise OSError("refused")

    result = await measured(Job("", "", 10, 3), refuse)

    assert (result.sent, result.lost) == (5, 5)
    assert capsys.readouterr().err == "OSError: refused\n"
