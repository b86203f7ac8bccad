"""Updates that wait in the sink, and what it notes of the answers."""

import pytest
from telegram import Bot

from bench.sink.process import running
from bench.sink.rules import Crowd, Rules

TOKEN = "424242:" + "x" * 35
CHAT = 1_000_001


@pytest.fixture
async def polls() -> list[list[tuple[int, int, str]]]:
    """Number, chat and text of what each poll brings while 250 updates of 100 people wait."""
    async with running() as sink, Bot(TOKEN, base_url=f"{sink.url}/bot") as bot:
        await sink.rule(TOKEN, Rules(crowd=Crowd(CHAT, 100, 250)))
        found = []
        offset = None
        for _ in range(4):
            updates = await bot.get_updates(offset=offset, timeout=0)
            found.append(
                [
                    (update.update_id, update.message.chat.id, update.message.text or "")
                    for update in updates
                    if update.message
                ]
            )
            offset = updates[-1].update_id + 1 if updates else offset
        return found


async def test_what_waits_comes_a_hundred_at_a_time(
    polls: list[list[tuple[int, int, str]]],
) -> None:
    every = [update for poll in polls for update in poll]

    assert [len(poll) for poll in polls] == [100, 100, 50, 0]
    assert [number for number, _, _ in every] == list(range(1, 251))
    assert all(text == str(number) for number, _, text in every)
    assert [chat for _, chat, _ in every[:3]] == [CHAT, CHAT + 1, CHAT + 2]
    assert every[100][1] == CHAT


async def test_answers_are_known_by_the_number_they_repeat() -> None:
    async with running() as sink, Bot(TOKEN, base_url=f"{sink.url}/bot") as bot:
        await sink.rule(TOKEN, Rules(crowd=Crowd(CHAT, 10, 10)))
        await bot.send_message(CHAT, "17")
        await bot.send_message(CHAT, "…")

        log = await sink.log(TOKEN)
        count = await sink.count(TOKEN)

    assert [call.said for call in log.accepted()] == [17, 0]
    assert (count.messages, count.polls) == (2, 0)


async def test_people_who_come_at_a_rate_are_not_there_at_once() -> None:
    async with running() as sink, Bot(TOKEN, base_url=f"{sink.url}/bot") as bot:
        await sink.rule(TOKEN, Rules(crowd=Crowd(CHAT, 3, 3, rate=50.0, data=("menu",))))

        first = await bot.get_updates(timeout=5)
        taps = [tap for tap in (await bot.get_updates(offset=2, timeout=5)) if tap.callback_query]
        made = (await sink.log(TOKEN)).taps

    assert len(first) == 1
    assert taps[0].callback_query is not None
    assert taps[0].callback_query.data == "menu"
    assert made[1][0] - made[0][0] == pytest.approx(0.02, abs=0.015)
