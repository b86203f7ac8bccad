"""A locked database, a hiccup of Telegram, a chat that is told to wait: nobody else notices."""

import asyncio
import sqlite3
from contextlib import closing, suppress

import pytest

from tests.journeys.steps import subscribes
from tests.people import Desk

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LONGER_THAN_ANYONE_WAITS = 7.0  # seconds; SQLite itself gives up after five


async def test_a_locked_database_is_waited_for(desk: Desk, database_url: str) -> None:
    await subscribes(desk.juergen, "de", "Sport")
    file = database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, check_same_thread=False)) as other:
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        await desk.juergen.says("/help")
        with suppress(TimeoutError):  # the lock is what is tested: it must be held that long
            async with asyncio.timeout(LONGER_THAN_ANYONE_WAITS):
                await asyncio.Event().wait()
        other.rollback()

    await desk.juergen.sees("Mit einem Menschen sprechen", patience=30)
    await desk.juergen.says("/privacy")
    await desk.juergen.sees("Was wir über Sie speichern")


async def test_a_hiccup_at_the_first_choice_does_not_lose_the_topics(desk: Desk) -> None:
    await desk.waits_for_calls("setMyDescription", 3)
    await desk.misbehaves("error", "setMyCommands", code=502, description="Bad Gateway")

    await desk.juergen.says("/start")
    await desk.juergen.taps("Deutsch")

    await desk.juergen.sees("Welche Themen interessieren Sie?")
    await desk.juergen.does_not_see("Der Fehler liegt bei uns")


async def test_who_has_no_topics_is_asked_again_at_the_next_start(desk: Desk) -> None:
    await desk.juergen.says("/start")
    await desk.juergen.taps("Deutsch")
    await desk.juergen.sees("Welche Themen")

    await desk.juergen.says("/start")

    await desk.juergen.sees("Welche Themen interessieren Sie?")


async def test_one_chat_that_must_wait_delays_no_other(desk: Desk) -> None:
    other = await desk.invite("Petra", "de", id=desk.juergen.id + 16)
    await desk.misbehaves("429", "sendMessage", chat=desk.juergen.id, retry_after=15)

    await desk.juergen.says("/help")
    await other.says("/help")

    await other.sees("Mit einem Menschen sprechen", patience=5)
