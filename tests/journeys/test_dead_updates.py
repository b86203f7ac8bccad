"""What could not be handled is listed without a word of it, and answered when put back."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from tests.journeys.conftest import Start
from tests.journeys.steps import subscribes
from tests.people import World

ROOT = Path(__file__).parents[2]
BROKEN = "Bad Request: broken"


async def command(environment: dict[str, str], *arguments: str) -> str:
    return await asyncio.to_thread(_command, environment, *arguments)


def _command(environment: dict[str, str], *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=os.environ | environment | {"COLUMNS": "200"},
        text=True,
        encoding="utf-8",
        capture_output=True,
        timeout=30,
        check=True,
    ).stdout


async def test_a_dead_update_is_listed_told_and_answered_when_it_is_put_back(
    environment: dict[str, str], world: World, token: str, start: Start
) -> None:
    await start()
    desk = world.bot(token)
    await subscribes(desk.juergen, "de")
    await subscribes(desk.anna, "de")
    await desk.misbehaves(
        "error", "sendMessage", code=400, description=BROKEN, times=3, chat=desk.juergen.id
    )

    sent = await desk.juergen.says("/help Geheimnis")
    told = await desk.juergen.sees("Der Fehler liegt bei uns")

    listed = await command(environment, "inbox")
    number, _, _, error = listed.splitlines()[1].split()
    assert number == str(sent["update_id"])
    assert error in told.text
    assert "Geheimnis" not in listed
    assert str(desk.juergen.id) not in listed
    assert error in (await desk.anna.sees("Für den Betrieb", patience=20)).text

    assert (await command(environment, "inbox", "retry", number)).startswith("1 put back")

    await desk.juergen.sees("Mit einem Menschen sprechen", patience=20)
    assert await command(environment, "inbox") == "No update was put aside.\n"
