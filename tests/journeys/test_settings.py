"""Pause, stop, and coming back."""

import pytest

from tests.journeys.steps import family_and_volunteer, publishes, subscribes
from tests.people import Desk, World

# Screens do not depend on the database; the news journeys run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_pause_of_a_week_names_the_day_it_ends(desk: Desk) -> None:
    await subscribes(desk.juergen, "de")

    await desk.juergen.says("Pause")
    await desk.juergen.taps("Eine Woche lang")

    told = await desk.juergen.sees("Pause bis")
    assert told.buttons == ["Wieder Nachrichten schicken", "Menü"]


async def test_stop_needs_one_tap_to_come_back(desk: Desk) -> None:
    await subscribes(desk.olena, "uk")

    await desk.olena.says("/stop")
    await desk.olena.sees("Ми більше не надсилаємо Вам новин")
    await desk.olena.taps("Знову надсилати новини")

    await desk.olena.sees("Новини надходитимуть знову")


async def test_who_paused_or_stopped_gets_no_news(desk: Desk, world: World) -> None:
    olena, juergen = await family_and_volunteer(desk)
    reader = await desk.invite("Petra", "de")
    await subscribes(reader, "de")
    await olena.says("/stop")
    await olena.sees("Ми більше не надсилаємо")
    await juergen.says("/pause")
    await juergen.taps("Bis ich mich melde")
    await juergen.sees("bis Sie unten auf den Knopf tippen")

    await publishes(world, title="Ein Fest in Dortmund", text="Es gibt Musik aus Schytomyr.")

    await reader.sees("Ein Fest in Dortmund", patience=15)
    await olena.does_not_see("Ein Fest in Dortmund")
    await juergen.does_not_see("Ein Fest in Dortmund")


async def test_start_reminds_who_stopped_and_offers_the_way_back(desk: Desk) -> None:
    await subscribes(desk.juergen, "de")
    await desk.juergen.says("/stop")
    await desk.juergen.sees("keine Nachrichten mehr von uns")

    await desk.juergen.says("/start")

    await desk.juergen.sees_button("Wieder Nachrichten schicken")
