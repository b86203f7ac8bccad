"""Another pair of cities needs only configuration files."""

import pytest

from tests.journeys.conftest import ROOT, Start
from tests.journeys.steps import publishes
from tests.people import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"CONFIG_DIR": str(ROOT / "tests/inputs/other_pair")}


async def test_the_bot_speaks_for_two_other_cities(start: Start, world: World, token: str) -> None:
    await start()
    desk = world.bot(token)
    await desk.olena.says("/start")
    question = await desk.olena.sees("Мустерштадта й Зразкового")
    assert "Musterstadt – Sraskowe" in question.text
    await desk.olena.taps("Українська")
    await desk.olena.taps("Усі теми")
    await desk.olena.taps("Готово")

    await desk.waits_for_calls("setMyName", 3)
    await publishes(
        world,
        title="Musterstadt schickt Schulbänke nach Sraskowe",
        text="Vierzig Bänke sind am Montag auf die Reise gegangen. Eine Schule hatte sie übrig.",
    )

    assert (await desk.registered())["names"]["uk"] == "Місток Зразкове"
    await desk.olena.sees("Зразковому шкільні парти", patience=20)
