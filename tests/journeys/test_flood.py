"""Somebody writes faster than anybody can read: told once, answered in order, nobody else waits."""

import asyncio
import time

import pytest

from tests.journeys.steps import family_and_volunteer
from tests.people import Desk

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOTICE = "Відповідаємо на них по черзі"
AT_ONCE = 200


async def test_s9_a_flood_of_one_person_slows_nobody_else(desk: Desk) -> None:
    olena, _ = await family_and_volunteer(desk)
    others = [await desk.invite(name, "de") for name in ("Petra", "Nadia", "Karl", "Emre", "Lena")]

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(olena.says("/privacy"))
    waits = []
    for other in others:
        began = time.monotonic()
        await other.says("/help")
        await other.sees("Mit einem Menschen sprechen")
        waits.append(time.monotonic() - began)

    assert max(waits) < 1.0
    await olena.in_chat(olena.chat_id).sees(NOTICE, patience=20)  # perhaps while she wrote
    notices = [message for message in await olena.messages() if NOTICE in message.text]
    assert len(notices) == 1


async def test_u3_taps_of_a_flood_are_answered_while_they_wait(desk: Desk) -> None:
    olena, _ = await family_and_volunteer(desk)
    await olena.says("/topics")
    await olena.sees_button("Спорт")

    for _ in range(25):
        await olena.says("/privacy")
    await olena.taps("Готово")

    answer = await olena.is_told(patience=3)
    assert answer["after_ms"] < 1_000
