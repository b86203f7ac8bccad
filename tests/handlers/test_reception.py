"""The way of an update from the intake to its end, on both databases."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress

import pytest
from telegram import Update

from bot.core import inbox
from bot.core.inbox import STARTS, InboxState, Step
from bot.core.people import Language
from bot.core.ports import StoreUnavailableError
from handlers import updates
from locales.texts import Texts
from storage.store import Database
from tests.builders import met
from tests.clock import StoppedClock
from tests.handlers.invented_bot import (
    ANNA,
    OLENA,
    PATIENCE,
    Bot,
    Busy,
    Counting,
    Json,
    keep,
    message,
    tap,
    until,
)
from tests.rows import rows


class Crash(Exception):  # noqa: N818 - it is what happens
    pass


@pytest.fixture
def bot(store: Database, texts: Mapping[Language, Texts]) -> Bot:
    return Bot(store, texts)


async def states(store: Database) -> dict[int, tuple[str, int]]:
    return {row["update_id"]: (row["state"], row["attempts"]) for row in await rows(store, "inbox")}


async def test_an_update_is_handled_and_erased(bot: Bot, store: Database) -> None:
    await bot.takes(message(7), tap(8))

    assert bot.handled == [7, 8]
    assert [(row["state"], row["payload"]) for row in await rows(store, "inbox")] == [
        ("done", None)
    ] * 2


async def test_an_update_is_written_down_before_anybody_hears_that_we_have_it(
    bot: Bot, store: Database
) -> None:
    async with bot.receiving() as intake:
        go_on = asyncio.Event()
        bot.meanwhile = lambda _: go_on.wait()
        await keep(intake, message(7))

        assert await states(store) == {7: ("received", 0)}
        go_on.set()


async def test_d5_an_update_that_comes_five_times_is_handled_once(bot: Bot) -> None:
    async with bot.receiving() as intake:
        for _ in range(3):
            await keep(intake, message(7))
        async with asyncio.TaskGroup() as group:
            for _ in range(2):
                group.create_task(keep(intake, message(7)))
        await keep(intake, message(8))
        await until(lambda: bot.handled == [7, 8])

    await bot.takes(message(7), message(8))

    assert bot.handled == [7, 8]


async def test_posts_that_arrive_together_share_a_commit(bot: Bot, store: Database) -> None:
    counting = bot.services.store = Counting(store)
    async with bot.receiving() as intake:
        async with asyncio.TaskGroup() as group:
            for number in range(40):
                group.create_task(keep(intake, message(number, chat=number + 1)))
        await until(lambda: not intake._lines.waiting)

    assert sorted(bot.handled) == list(range(40))
    assert counting.transactions <= 10  # of 80: each was kept, and brought to its end


async def test_d4_what_the_process_before_has_left_goes_first(
    bot: Bot, store: Database, clock: StoppedClock
) -> None:
    left = [updates.read(message(number, chat=number % 7 + 1)) for number in range(300)]
    await inbox.receive(store, [one for one in left if one], clock)

    await bot.takes(message(300, chat=1))

    assert sorted(bot.handled) == list(range(301))
    in_chat = [number for number in bot.handled if number % 7 == 0 or number == 300]
    assert in_chat == [*range(0, 300, 7), 300]
    assert {state for state, _ in (await states(store)).values()} == {"done"}


async def test_what_ends_the_process_each_time_is_given_up_at_the_seventh_start(
    bot: Bot, store: Database
) -> None:
    async def dies(update: Update) -> None:
        if update.update_id == 7:
            crashed.set()
            await asyncio.sleep(PATIENCE)

    bot.meanwhile = dies
    for start in range(STARTS):
        crashed = asyncio.Event()
        with suppress(ExceptionGroup):
            await _crashes(bot, crashed, [] if start else [message(7), message(8)])

    await bot.takes(message(9))

    assert bot.handled == [*[7] * STARTS, 8, 9]
    assert await states(store) == {7: ("dead", STARTS), 8: ("done", 0), 9: ("done", 0)}
    assert len(await rows(store, "alerts")) == 1


async def test_a_dead_update_that_is_put_back_is_handled(
    bot: Bot, store: Database, clock: StoppedClock
) -> None:
    await bot.takes(message(1))
    left = updates.read(message(7))
    assert left
    await inbox.receive(store, [left], clock)
    dead = [Step(7, InboxState.DEAD, tries=3, error="K7M2PX")]
    await inbox.write_down(store, dead, owners=(), clock=clock)

    async with bot.receiving() as intake:
        await intake.look_again()
        assert bot.handled == [1]
        async with store.transaction() as records:
            await records.put_back(7)
        await intake.look_again()
        await until(lambda: bot.handled == [1, 7])
        await intake.look_again()

    assert bot.handled == [1, 7]


async def test_looking_again_finds_nothing_that_is_in_a_line(bot: Bot) -> None:
    async with bot.receiving() as intake:
        go_on = asyncio.Event()
        bot.meanwhile = lambda _: go_on.wait()
        await keep(intake, *[message(number) for number in range(5)])
        await intake.look_again()
        go_on.set()
        await until(lambda: len(bot.handled) == 5)

    assert bot.handled == list(range(5))


@pytest.mark.parametrize("language", list(Language))
async def test_s9_a_flood_brings_one_notice_and_loses_nothing(
    bot: Bot, store: Database, clock: StoppedClock, language: Language
) -> None:
    await met(store, clock, OLENA, language=language)

    await bot.takes(*[message(number) for number in range(200)], message(900, chat=ANNA))

    assert sorted(bot.handled) == [*range(200), 900]
    ((chat, told),) = bot.sent
    assert chat == OLENA
    assert ("der Reihe nach" if language is Language.DE else "по черзі") in told


async def test_in_a_group_a_flood_brings_no_notice(bot: Bot) -> None:
    flood = [message(number) for number in range(50)]
    for one in flood:
        one["message"]["chat"] = {"id": -42, "type": "group", "title": "Nachbarn"}

    await bot.takes(*flood)

    assert len(bot.handled) == 50
    assert bot.sent == []


async def test_what_exceeds_five_hundred_is_put_aside_unread(bot: Bot, store: Database) -> None:
    async with bot.receiving() as intake:
        go_on = asyncio.Event()
        bot.meanwhile = lambda _: go_on.wait()
        await keep(intake, *[message(number) for number in range(505)], tap(505))
        await until(lambda: bot.answered == ["tap 505"])
        go_on.set()
        await until(lambda: len(bot.handled) == 500)

    assert bot.handled == list(range(500))
    assert {state for state, _ in (await states(store)).values()} == {"done"}
    assert len(bot.sent) == 1


async def test_u3_a_tap_that_must_wait_is_answered_within_a_second(bot: Bot) -> None:
    async with bot.receiving() as intake:
        go_on = asyncio.Event()
        bot.meanwhile = lambda _: go_on.wait()
        began = asyncio.get_running_loop().time()
        await keep(intake, message(1), tap(2), tap(3))
        await until(lambda: bot.answered == ["tap 2", "tap 3"])
        waited = asyncio.get_running_loop().time() - began
        go_on.set()

    assert waited < 1.0
    assert bot.handled[0] == 1


async def test_a_fault_is_admitted_in_the_persons_language(bot: Bot, store: Database) -> None:
    async def fails(_: Update) -> None:
        raise ValueError("Добрий день")

    bot.meanwhile = fails
    await tried_twice(store, message(7))

    await bot.takes()

    (row,) = await rows(store, "inbox")
    ((chat, told),) = bot.sent
    assert (row["state"], chat) == ("dead", OLENA)
    assert row["error"] in told
    assert "перепрошуємо" in told


async def test_what_cannot_be_read_is_put_aside_like_any_fault(bot: Bot, store: Database) -> None:
    await tried_twice(store, {"update_id": 7, "message": {"chat": 5, "date": "yesterday"}})

    await bot.takes()

    assert (await states(store))[7][0] == "dead"


async def test_no_word_of_a_person_is_logged(
    bot: Bot, store: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fails(update: Update) -> None:
        raise ValueError(json.dumps(update.to_dict(), ensure_ascii=False))

    bot.meanwhile = fails
    await tried_twice(store, message(7, text="Geheimnis"))

    await bot.takes()

    told = capsys.readouterr()
    assert "a handler failed" in told.out
    assert "Geheimnis" not in told.out + told.err


async def test_a_busy_store_turns_a_post_away(bot: Bot, store: Database) -> None:
    async with bot.receiving() as intake:
        bot.services.store = Busy()
        with pytest.raises(StoreUnavailableError):
            await keep(intake, message(7))
        bot.services.store = store
        await keep(intake, message(7))
        await until(lambda: bot.handled == [7])


async def test_after_the_end_nobody_is_let_in(bot: Bot) -> None:
    async with bot.receiving() as intake:
        assert intake.has_room

    assert not intake.has_room


async def tried_twice(store: Database, raw: Json) -> None:
    """It waits for its last try."""
    one = updates.read(raw)
    assert one is not None
    await inbox.receive(store, [one], StoppedClock())
    step = Step(one.update_id, InboxState.RECEIVED, tries=2)
    await inbox.write_down(store, [step], owners=(), clock=StoppedClock())


async def _crashes(bot: Bot, crashed: asyncio.Event, raw: list[Json]) -> None:
    async with bot.receiving() as intake:
        await keep(intake, *raw)
        await crashed.wait()
        raise Crash
