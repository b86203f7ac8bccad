"""The seed: an old article brought in by hand, reviewed, released, read in both languages."""

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path

from tests.journeys.conftest import Start
from tests.journeys.steps import family_and_volunteer, subscribes, teaches
from tests.people import Desk, Person, World

TITLE = "Dortmund plans a bridge to Zhytomyr"
LEAD = "The city of Dortmund wants to support Zhytomyr for many years, with humanitarian aid."
PAGE = f"""{TITLE}

{LEAD}

In the coming year summer camps for children and exchanges between hospitals are to follow.

12.01.2023 - 14:14 | Views: 880
{TITLE}

partnership international support

Share the news:

Read more:

31 January 2023

Громади отримають кошти на ремонт
"""
IN_GERMAN = {
    TITLE: "Dortmund plant eine Brücke nach Schytomyr",
    LEAD: "Die Stadt Dortmund will Schytomyr viele Jahre lang mit humanitärer Hilfe unterstützen.",
    "In the coming year summer camps for children and exchanges between hospitals are to follow.": (
        "Im kommenden Jahr sollen Sommercamps für Kinder und ein Austausch der Kliniken folgen."
    ),
}
IN_UKRAINIAN = {
    TITLE: "Дортмунд планує міст до Житомира",
    LEAD: "Місто Дортмунд хоче багато років підтримувати Житомир гуманітарною допомогою.",
    "In the coming year summer camps for children and exchanges between hospitals are to follow.": (
        "Наступного року заплановано літні табори для дітей та обмін між лікарнями."
    ),
}


async def test_the_seed_reaches_both_chats_after_review(
    desk: Desk, world: World, environment: dict[str, str], tmp_path: Path
) -> None:
    olena, juergen = await family_and_volunteer(desk)
    await subscribes(desk.anna, "de", "Sport")
    await teaches(world, "en", "de", IN_GERMAN)
    await teaches(world, "en", "uk", IN_UKRAINIAN)

    told = await imports(environment, tmp_path, "--notify")
    assert "2023-01-12" in told
    assert "held" in told

    await desk.anna.says("/review")
    await desk.anna.sees("1 Nachricht wartet auf Prüfung")
    await sees_after_refreshing(desk.anna, "Дортмунд планує міст")
    await desk.anna.taps("Freigeben")
    await desk.anna.sees("Freigegeben. 2 Personen")
    german = await juergen.sees("Dortmund plant eine Brücke", patience=30)
    ukrainian = await olena.sees("Дортмунд планує міст", patience=30)
    assert "12. Januar 2023" in german.text
    assert "12 січня 2023" in ukrainian.text
    assert "Views" not in german.text
    assert "Автоматично" in ukrainian.text or "автоматично" in ukrainian.text


async def test_an_old_article_tells_nobody_unless_asked(
    desk: Desk, environment: dict[str, str], tmp_path: Path
) -> None:
    _, juergen = await family_and_volunteer(desk)

    told = await imports(environment, tmp_path, "--release")

    assert "0 people are told" in told
    await juergen.says("/news")
    await juergen.sees(TITLE)


async def test_the_same_article_is_stored_once(
    start: Start, environment: dict[str, str], tmp_path: Path
) -> None:
    await start()

    first = await imports(environment, tmp_path)
    again = await imports(environment, tmp_path)

    assert "Stored." in first
    assert "Known already" in again


async def test_only_coordinators_review(desk: Desk) -> None:
    await subscribes(desk.juergen, "de")

    await desk.juergen.says("/review")
    await desk.juergen.sees("Diesen Befehl gibt es nicht")
    await desk.juergen.forges(await desk.juergen.last(), "release:1:1")

    await desk.juergen.is_told("Das kann nur das Team")


async def test_a_rejected_article_is_never_seen(
    desk: Desk, environment: dict[str, str], tmp_path: Path
) -> None:
    await subscribes(desk.anna, "de")
    await imports(environment, tmp_path, "--notify")

    await desk.anna.says("/review")
    await desk.anna.taps("Ablehnen")

    await desk.anna.is_told("Abgelehnt")
    await desk.anna.sees("nichts zu prüfen")
    await desk.anna.says("/news")
    await desk.anna.sees("Neuigkeiten für Sie")
    await desk.anna.does_not_see(f"{TITLE}\n")


async def sees_after_refreshing(person: Person, text: str) -> None:
    """A coordinator who waits for the translations."""
    async with asyncio.timeout(20):
        while text not in (message := await person.last()).text:
            assert message.button("Aktualisieren"), f"nothing to refresh in {message}"
            await person.taps("Aktualisieren")
            with suppress(AssertionError):  # not yet: once more
                await person.sees(text, patience=3)


async def imports(environment: dict[str, str], folder: Path, *options: str) -> str:
    """What the command line prints, run beside the bot as an operator would."""
    page = folder / "article.txt"
    page.write_text(PAGE)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "news",
        "import",
        str(page),
        *options,
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return output.decode()
