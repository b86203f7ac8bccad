"""Killed at any moment, started again: nothing repeated, nothing missing."""

import asyncio
import signal

import pytest

from tests.journeys.processes import PATIENCE, bot_process, says, stopped
from tests.journeys.steps import family_and_volunteer, publishes, subscribes
from tests.people import Desk, Person, World


async def test_after_a_kill_nothing_is_repeated_and_nothing_missing(
    environment: dict[str, str], world: World, token: str
) -> None:
    desk = world.bot(token)
    async with bot_process(environment) as first:
        olena, juergen = await family_and_volunteer(desk)
        await publishes(world, title="Vor dem Absturz", text="Aus Dortmund und Schytomyr.")
        await olena.sees("Vor dem Absturz", PATIENCE)
        await juergen.sees("Vor dem Absturz", PATIENCE)
        first.send_signal(signal.SIGKILL)
        await first.wait()

    await juergen.says("/help")  # nobody is there to read it
    await publishes(world, title="Während des Absturzes", text="Aus Dortmund und Schytomyr.")
    async with bot_process(environment):
        await juergen.sees("Mit einem Menschen sprechen", PATIENCE)
        await juergen.sees("Während des Absturzes", PATIENCE)
        await olena.sees("Während des Absturzes", PATIENCE)

    for person in (olena, juergen):
        texts = [message.text for message in await person.messages()]
        for title in ("Vor dem Absturz", "Während des Absturzes"):
            assert sum(text.startswith(title) for text in texts) == 1


async def test_sigterm_ends_the_bot_cleanly_and_fast(
    environment: dict[str, str], world: World, token: str
) -> None:
    async with bot_process(environment) as process:
        await subscribes(world.bot(token).juergen, "de", "Sport")

        code = await stopped(process)

    assert code == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sigterm_does_not_wait_for_a_server_that_is_silent(
    environment: dict[str, str], world: World, token: str
) -> None:
    desk = world.bot(token)
    async with bot_process(environment) as process:
        await answers(desk)
        await desk.misbehaves("silence", "sendMessage", seconds=60)
        await desk.juergen.says("/help")
        await desk.waits_for_no_updates()

        assert await stopped(process) == 0

    await desk.behaves()
    async with bot_process(environment):
        await desk.juergen.sees("Mit einem Menschen sprechen", PATIENCE)


async def test_a_second_process_stands_by_and_takes_over(
    environment: dict[str, str], world: World, token: str
) -> None:
    desk = world.bot(token)
    async with bot_process(environment) as first:
        await answers(desk)
        async with bot_process(environment | {"LOG_LEVEL": "INFO"}) as second:
            assert second.stderr is not None
            await says(second.stderr, "another process leads")
            first.send_signal(signal.SIGTERM)
            await first.wait()

            await says(second.stderr, "leading")
            await answers(desk)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_d4_after_a_kill_every_update_is_answered_and_only_the_last_of_a_chat_again(
    environment: dict[str, str], world: World, token: str
) -> None:
    desk = world.bot(token)
    people = [await desk.invite(f"Nachbarin {number}", "de") for number in range(40)]
    for person in people:
        for _ in range(5):
            await person.says("/help")

    async with bot_process(environment) as first:
        await desk.waits_for_calls("sendMessage", 60, PATIENCE)
        first.kill()
        await first.wait()
    async with bot_process(environment), asyncio.timeout(PATIENCE):
        while min(counts := [await answered(one) for one in people]) < 5:  # noqa: ASYNC110
            await asyncio.sleep(0.2)

    assert set(counts) <= {5, 6}


async def answered(person: Person) -> int:
    """How many answers stand in the chat."""
    return sum(message.from_bot for message in await person.messages())


async def answers(desk: Desk) -> None:
    await desk.juergen.says("/help")
    await desk.juergen.sees("Mit einem Menschen sprechen", PATIENCE)
